"""Implicit Runge-Kutta families of any number of stages, generated to 50 digits (Hairer-Wanner IV.5).

The nodes are the roots of Legendre combinations on [0, 1]; the matrix A follows from the simplifying assumptions
C(q): sum_j a_ij c_j^(k-1) = c_i^k / k and D(q): sum_i b_i c_i^(k-1) a_ij = b_j (1 - c_j^k) / k, for k = 1..q.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import mpmath
import numpy as np
from mpmath import mpf

from geoflow.ground import InputError
from geoflow.integrators.families import (
    Number,
    PartitionedRungeKutta,
    RungeKutta,
    Splitting,
    implicit_rk,
    partitioned,
    splitting,
)

DIGITS, WORKING_DIGITS = 50, 90


def _legendre_roots(combination: dict[int, int]) -> list[Number]:
    """Roots in [0, 1] of sum_n w_n P_n(2x - 1), ascending, for {n: w_n}."""
    series = np.zeros(max(combination) + 1)
    for n, w in combination.items():
        series[n] = w

    def polynomial(x: Number) -> Number:
        return sum(w * mpmath.legendre(n, x) for n, w in combination.items())

    starts = np.sort(np.polynomial.legendre.legroots(series).real)
    # If an end point of [-1, 1] is a root of the combination, it must be exact and not 1 - 1e-60.
    ends = {x: polynomial(mpf(x)) == 0 for x in (-1, 1)}
    roots = []
    for x in starts:
        end = round(float(x))
        is_end = abs(x - end) < 1e-9 and ends.get(end, False)
        roots.append(mpf(end) if is_end else mpmath.findroot(polynomial, mpf(float(x))))
    return [(x + 1) / 2 for x in roots]


def _powers(c: list[Number]) -> mpmath.matrix:
    """Vandermonde matrix with c_j^k in row k."""
    return mpmath.matrix([[x**k for x in c] for k in range(len(c))])


def _weights(c: list[Number]) -> list[Number]:
    """Interpolatory quadrature weights: B(s)."""
    integrals = mpmath.matrix([mpf(1) / (k + 1) for k in range(len(c))])
    return list(mpmath.lu_solve(_powers(c), integrals))


def _collocation(b: list[Number], c: list[Number]) -> list[list[Number]]:
    """Matrix A from the simplifying assumption C(s)."""
    return [_row_of_collocation(node, c) for node in c]


def _row_of_collocation(node: Number, c: list[Number], first: Sequence[Number] = ()) -> list:
    """Row of A that integrates exactly from 0 to `node`; a given `first` entry costs one power."""
    free = c[len(first) :]
    target = mpmath.matrix(len(free), 1)
    for k in range(len(free)):
        target[k] = node ** (k + 1) / (k + 1) - sum(a * c[0] ** k for a in first)
    return [*first, *(mpmath.lu_solve(_powers(free), target) if free else [])]


def _transposed_collocation(b: list[Number], c: list[Number]) -> list[list[Number]]:
    """Matrix A from the simplifying assumption D(s)."""
    s = range(len(c))
    powers = mpmath.matrix([[w * x**k for w, x in zip(b, c, strict=True)] for k in s])
    columns = []
    for w, x in zip(b, c, strict=True):
        target = mpmath.matrix([w * (1 - x ** (k + 1)) / (k + 1) for k in s])
        columns.append(list(mpmath.lu_solve(powers, target)))
    return [list(row) for row in zip(*columns, strict=True)]


def _lobatto_iiic(b: list[Number], c: list[Number]) -> list[list[Number]]:
    """Matrix A of Lobatto IIIC, from C(s - 1) with b_1 in the first column."""
    return [_row_of_collocation(node, c, b[:1]) for node in c]


def _lobatto_iiid(b: list[Number], c: list[Number]) -> list[list[Number]]:
    """Matrix A of Lobatto IIID, the symplectic mean of IIIC and its adjoint (Chan 1990, Jay 1996)."""
    A, s = _lobatto_iiic(b, c), range(len(c))
    return [[(A[i][j] + b[j] - A[-1 - i][-1 - j]) / 2 for j in s] for i in s]


def _family(
    nodes: dict[int, int],
    matrix: Callable[[list[Number], list[Number]], list[list[Number]]],
    reference: str = "HairerWanner1996",
) -> Callable[[int], RungeKutta]:
    """Family of methods with nodes at the roots of sum_k w_k P_(s+k), given as {k: w_k}; the order is 2 s + min k."""

    def make(stages: int) -> RungeKutta:
        with mpmath.workdps(WORKING_DIGITS):
            c = _legendre_roots({stages + k: w for k, w in nodes.items()})
            b = _weights(c)
            return _round_coefficients(matrix(b, c), b, c, 2 * stages + min(nodes), reference)

    return make


def _round_coefficients(
    A: list[list[Number]], b: list[Number], c: list[Number], order: int, reference: str
) -> RungeKutta:
    """Build the method with all coefficients rounded to DIGITS digits."""
    with mpmath.workdps(DIGITS):
        rows = [[+a for a in row] for row in A]
        return implicit_rk(rows, [+x for x in b], [+x for x in c], order, reference)


GAUSS, RADAU_LEFT, RADAU_RIGHT, LOBATTO = {0: 1}, {0: 1, -1: 1}, {0: 1, -1: -1}, {0: 1, -2: -1}
gauss = _family(GAUSS, _collocation, "HLW")
radau_ia = _family(RADAU_LEFT, _transposed_collocation)
radau_iia = _family(RADAU_RIGHT, _collocation)
lobatto_iiia = _family(LOBATTO, _collocation)
lobatto_iiib = _family(LOBATTO, _transposed_collocation)
lobatto_iiic = _family(LOBATTO, _lobatto_iiic)
lobatto_iiid = _family(LOBATTO, _lobatto_iiid, "Jay1996")


def lobatto_iiia_iiib(stages: int) -> PartitionedRungeKutta:
    """Lobatto IIIA for q, IIIB for p: symplectic, symmetric; Stormer-Verlet for two stages (Sun1993, HLW IV.2.2)."""
    return partitioned(lobatto_iiia(stages), lobatto_iiib(stages), 2 * stages - 2, "Sun1993")


def lobatto_iiib_iiia(stages: int) -> PartitionedRungeKutta:
    """Lobatto IIIB for q, IIIA for p: the pair with the roles of q and p exchanged."""
    return partitioned(lobatto_iiib(stages), lobatto_iiia(stages), 2 * stages - 2, "Sun1993")


def hbvm(nodes: int, degree: int) -> RungeKutta:
    """Hamiltonian boundary value method HBVM(k, s) of order 2 s: k Gauss nodes, polynomials of degree s.

    a_ij = b_j sum_(l<s) (2 l + 1) int_0^(c_i) P_l P_l(c_j) with the Legendre polynomials P_l on [0, 1]. It preserves
    polynomial energies of degree at most 2 k / s and is the Gauss method for k = s (BrugnanoIavernaroTrigiante2010).
    """
    if nodes < degree:
        raise InputError(f"hbvm_K_S needs K >= S, got K = {nodes}, S = {degree}; try {degree}.")
    with mpmath.workdps(WORKING_DIGITS):
        c = _legendre_roots({nodes: 1})
        b = _weights(c)
        P = [[mpmath.legendre(n, 2 * x - 1) for x in c] for n in range(degree + 1)]
        # (2 l + 1) times the integral of P_l from 0 to c_i is half of P_(l+1) - P_(l-1) at c_i.
        integral = [c] + [
            [(above - below) / 2 for above, below in zip(P[n + 1], P[n - 1], strict=True)] for n in range(1, degree)
        ]
        rows = [
            [b[j] * sum(integral[n][i] * P[n][j] for n in range(degree)) for j in range(nodes)] for i in range(nodes)
        ]
        return _round_coefficients(rows, b, c, 2 * degree, "BrugnanoIavernaroTrigiante2010")


def saba(kicks: int) -> Splitting:
    """SABA splitting: drifts A between the Gauss nodes, kicks B with the Gauss weights (LaskarRobutel2001).

    For H = A + epsilon B the error is O(epsilon h^(2 kicks) + epsilon^2 h^2): of order two at epsilon = 1.
    """
    tableau = gauss(kicks)
    with mpmath.workdps(DIGITS):
        nodes = [mpf(0), *tableau.c, mpf(1)]
        drifts = [end - start for start, end in pairwise(nodes)]
        coefficients = [x for pair in zip(drifts, tableau.b, strict=False) for x in pair]
        return splitting("AB" * kicks + "A", [*coefficients, drifts[-1]], 2, "LaskarRobutel2001")
