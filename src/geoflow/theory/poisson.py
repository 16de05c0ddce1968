"""Poisson algebras of polynomials: exact computation of the brackets in modified Hamiltonians.

If a few functions x of the state, the generators, are closed under
{f, g} = sum_i f_{q_i} g_{p_i} - f_{p_i} g_{q_i}, all brackets are polynomials in x:
{f, g} = sum_ij (df/dx_i) (dg/dx_j) {x_i, x_j}, with rational coefficients.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from operator import add, getitem, mul
from typing import Any

import numpy as np

from geoflow.ground import Floats, Table

Exponents = tuple[int, ...]
Number = Any  # int or Fraction
Polynomial = dict[Exponents, Number]  # exponents of the generators -> coefficient


@dataclass(frozen=True, eq=False)
class Algebra:
    """Generators of the Poisson algebra of one problem.

    kinetic, potential: T and U in terms of the generators; brackets: {x_i, x_j} for i < j, zero if omitted;
    generators: states (d, n) -> values (m, n); reduce: applies a relation between the generators.
    """

    kinetic: Polynomial
    potential: Polynomial
    brackets: Mapping[tuple[int, int], Polynomial]
    generators: Callable[[Floats], Floats]
    reduce: Callable[[Polynomial], Polynomial] = dict

    def bracket(self, f: Polynomial, g: Polynomial) -> Polynomial:
        """Bracket {f, g}, in integers over a common denominator, which is five times faster than fractions."""
        (f, below), (g, beneath) = _integers(f), _integers(g)
        total: Polynomial = {}
        for (i, j), between in self.brackets.items():
            for sign, first, second in ((1, i, j), (-1, j, i)):
                product = multiply(derivative(f, first), derivative(g, second))
                for exponents, x in multiply(product, between).items():
                    total[exponents] = total.get(exponents, 0) + sign * x
        reduced = self.reduce(total).items()
        return {exponents: Fraction(x, below * beneath) for exponents, x in reduced if x}

    def evaluate(self, f: Polynomial, states: Floats) -> Floats:
        """Evaluate f at each column of states (d, n)."""
        x = self.generators(states)
        degrees = [max((exponents[i] for exponents in f), default=0) for i in range(len(x))]
        power = [row ** np.arange(n + 1)[:, None] for row, n in zip(x, degrees, strict=True)]
        total = np.zeros(x.shape[1])
        for exponents, coefficient in f.items():
            total += float(coefficient) * reduce(mul, map(getitem, power, exponents))
        return total


def polynomial(**terms: Any) -> Polynomial:
    """`polynomial(x20=Fraction(1, 2), x01=-1)` is x_0^2 / 2 - x_1."""
    return {tuple(map(int, name[1:])): x for name, x in terms.items()}


def combine(*weighted: tuple[Number, Polynomial]) -> Polynomial:
    """Linear combination sum_k w_k f_k."""
    total: Polynomial = {}
    for weight, f in weighted:
        for exponents, x in f.items():
            total[exponents] = total.get(exponents, 0) + weight * x
    return {exponents: x for exponents, x in total.items() if x}


def multiply(f: Polynomial, g: Polynomial) -> Polynomial:
    """Product f g."""
    total: Polynomial = {}
    for a, x in f.items():
        for b, y in g.items():
            exponents = tuple(map(add, a, b))
            total[exponents] = total.get(exponents, 0) + x * y
    return total


def derivative(f: Polynomial, i: int) -> Polynomial:
    """Derivative df/dx_i."""
    return {(*a[:i], a[i] - 1, *a[i + 1 :]): x * a[i] for a, x in f.items() if a[i]}


def _integers(f: Polynomial) -> tuple[Polynomial, int]:
    """Return integer coefficients and their common denominator."""
    common = lcm(*(x.denominator for x in f.values()))
    return {a: x.numerator * (common // x.denominator) for a, x in f.items()}, common


def _without_squares_of_sines(f: Polynomial) -> Polynomial:
    """Replace sin^2 by 1 - cos^2, for generators (p, cos, sin)."""
    while any(sines > 1 for _, _, sines in f):
        pieces: list[tuple[Number, Polynomial]] = []
        for (p, cosines, sines), x in f.items():
            if sines > 1:
                pieces.append((x, {(p, cosines, sines - 2): 1, (p, cosines + 2, sines - 2): -1}))
            else:
                pieces.append((x, {(p, cosines, sines): 1}))
        f = combine(*pieces)
    return f


def _of_kepler(y: Floats) -> Floats:
    q, p = y[:2], y[2:]
    return np.stack([(p * p).sum(axis=0), (q * p).sum(axis=0), 1 / np.hypot(*q)])


half = Fraction(1, 2)

ALGEBRAS: Table[Algebra] = Table(
    "Poisson algebra",
    {
        # p, q
        "harmonic_oscillator": Algebra(
            kinetic=polynomial(x20=half),
            potential=polynomial(x02=half),
            brackets={(0, 1): polynomial(x00=-1)},
            generators=lambda y: y[::-1],
        ),
        # p, cos q, sin q: {p, cos q} = sin q, {p, sin q} = -cos q
        "pendulum": Algebra(
            kinetic=polynomial(x200=half),
            potential=polynomial(x010=-1),
            brackets={(0, 1): polynomial(x001=1), (0, 2): polynomial(x010=-1)},
            generators=lambda y: np.stack([y[1], np.cos(y[0]), np.sin(y[0])]),
            reduce=_without_squares_of_sines,
        ),
        # |p|^2, q.p, u = 1/|q|: invariant under rotations, hence so are their brackets
        "kepler": Algebra(
            kinetic=polynomial(x100=half),
            potential=polynomial(x001=-1),
            brackets={
                (0, 1): polynomial(x100=-2),  # {|p|^2, q.p} = -2 |p|^2
                (0, 2): polynomial(x013=2),  # {|p|^2, 1/|q|} = 2 q.p / |q|^3
                (1, 2): polynomial(x001=1),  # {q.p, 1/|q|} = 1/|q|
            },
            generators=_of_kepler,
        ),
    },
)
