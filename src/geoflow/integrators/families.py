"""Families of one-step methods as data: coefficients, the declared order and its source.

What can be derived from the coefficients (symmetric, symplectic, contractivity radius, ...) is not
stored here; `geoflow.analysis` derives it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf
from numpy.typing import NDArray

from geoflow.errors import InputError

Number = Any  # int, Fraction (exact), mpmath.mpf (50 digits) or float (as published)
Floats = NDArray[np.float64]
WORKING_DIGITS = 60


def to_mpf(x: Number) -> Number:
    """An int, Fraction, float or mpf as mpf of WORKING_DIGITS digits (Fraction and mpf do not mix)."""
    with mpmath.workdps(WORKING_DIGITS):
        return mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else mpf(x)


@dataclass(frozen=True, eq=False)
class RungeKutta:
    """Runge-Kutta method: Y_i = y + h sum_j a_ij f(t + c_j h, Y_j), y' = y + h sum_i b_i f(t + c_i h, Y_i).

    `A` is the full square matrix (zeros included), `b` the weights, `c` the nodes (HLW II.1).
    """

    A: tuple[tuple[Number, ...], ...]
    b: tuple[Number, ...]
    c: tuple[Number, ...]
    order: int
    reference: str
    name: str = ""

    def __post_init__(self) -> None:
        s = len(self.b)
        if len(self.c) != s or len(self.A) != s or any(len(row) != s for row in self.A):
            raise InputError(
                f"a tableau needs A of shape (s, s) and b, c of length s; got {len(self.A)} rows of "
                f"lengths {[len(row) for row in self.A]}, b of {s}, c of {len(self.c)}."
            )

    @property
    def stages(self) -> int:
        return len(self.b)

    @cached_property
    def explicit(self) -> bool:
        """Whether A is strictly lower triangular."""
        return all(self.A[i][j] == 0 for i in range(self.stages) for j in range(i, self.stages))

    @cached_property
    def rounded(self) -> tuple[list[list[float]], list[float], list[float]]:
        """A, b, c as Python floats, each rounded once."""
        rows = [[float(a) for a in row] for row in self.A]
        return rows, [float(x) for x in self.b], [float(x) for x in self.c]

    def as_floats(self) -> tuple[Floats, Floats, Floats]:
        """A, b, c as float64 arrays of shapes (s, s), (s,), (s,)."""
        A, b, c = self.rounded
        return np.array(A), np.array(b), np.array(c)


@dataclass(frozen=True, eq=False)
class Splitting:
    """Composition of exact flows of the parts of f = f_A + f_B (HLW II.5).

    `substeps` lists (part, coefficient) in the order of application. For H = T(p) + U(q), part A is the
    drift q += a h T'(p) (time moves with q) and part B the kick p -= b h U'(q).
    """

    substeps: tuple[tuple[str, Number], ...]
    order: int
    reference: str
    name: str = ""

    @property
    def stages(self) -> int:
        """Evaluations of the force a step: kicks, the last one shared with the next step's first."""
        kicks = [part for part, _ in self.substeps].count("B")
        return kicks - (self.substeps[0][0] == self.substeps[-1][0] == "B")

    @property
    def explicit(self) -> bool:
        return True

    def as_floats(self) -> list[tuple[str, float]]:
        """The substeps with coefficients rounded once to float64."""
        return [(part, float(x)) for part, x in self.substeps]


Method = RungeKutta | Splitting


def explicit_rk(
    A: Sequence[Sequence[Number]], b: Sequence[Number], order: int, reference: str
) -> RungeKutta:
    """An explicit method from the strictly lower rows of A; c_i = sum_j a_ij."""
    s = len(b)
    rows = tuple((*row, *[Fraction(0)] * (s - len(row))) for row in A)
    return RungeKutta(rows, tuple(b), tuple(sum(row) for row in rows), order, reference)


def implicit_rk(
    A: Sequence[Sequence[Number]],
    b: Sequence[Number],
    c: Sequence[Number],
    order: int,
    reference: str,
) -> RungeKutta:
    """A method from its full tableau."""
    return RungeKutta(tuple(tuple(row) for row in A), tuple(b), tuple(c), order, reference)


def splitting(parts: str, coefficients: Sequence[Number], order: int, reference: str) -> Splitting:
    """`splitting("BAB", [1/2, 1, 1/2])` is kick, drift, kick. Neighbours of one part are merged."""
    if len(parts) != len(coefficients) or set(parts) - {"A", "B"}:
        raise InputError(
            f"a splitting needs one coefficient for each letter A or B; got {parts!r} "
            f"with {len(coefficients)} coefficients."
        )
    merged: list[tuple[str, Number]] = []
    for part, x in zip(parts, coefficients, strict=True):
        if merged and merged[-1][0] == part:
            merged[-1] = (part, merged[-1][1] + x)
        else:
            merged.append((part, x))
    return Splitting(tuple(merged), order, reference)


def compose(base: Method, gammas: Sequence[Number], order: int, reference: str) -> Method:
    """phi_{gamma_s h} o ... o phi_{gamma_1 h} of a base method (HLW II.4), again as data of its family."""
    if isinstance(base, Splitting):
        xs = [x for _, x in base.substeps]
    else:
        xs = [x for row in base.A for x in row] + [*base.b, *base.c]
    if any(isinstance(x, mpf) for x in (*xs, *gammas)):
        base, gammas = _in_mpf(base), [to_mpf(g) for g in gammas]
    with mpmath.workdps(WORKING_DIGITS):
        if isinstance(base, Splitting):
            parts = "".join(part for part, _ in base.substeps) * len(gammas)
            factors = [g * x for g in gammas for _, x in base.substeps]
            return splitting(parts, factors, order, reference)
        return _compose_rk(base, gammas, order, reference)


def _in_mpf(method: Method) -> Method:
    if isinstance(method, Splitting):
        return replace(method, substeps=tuple((part, to_mpf(x)) for part, x in method.substeps))
    rows = tuple(tuple(to_mpf(a) for a in row) for row in method.A)
    b, c = tuple(map(to_mpf, method.b)), tuple(map(to_mpf, method.c))
    return replace(method, A=rows, b=b, c=c)


def _compose_rk(
    base: RungeKutta, gammas: Sequence[Number], order: int, reference: str
) -> RungeKutta:
    """The tableau of s steps in a row: block lower triangular, with the weights of earlier steps to the left."""
    s, m = base.stages, len(gammas)
    zero = 0 * gammas[0]
    A = [[zero] * (s * m) for _ in range(s * m)]
    for k, gamma in enumerate(gammas):
        for i in range(s):
            for step, g in enumerate(gammas[:k]):
                A[k * s + i][step * s : step * s + s] = [g * w for w in base.b]
            A[k * s + i][k * s : k * s + s] = [gamma * a for a in base.A[i]]
    starts = [sum(gammas[:k], start=zero) for k in range(m)]
    b = [g * w for g in gammas for w in base.b]
    c = [start + g * node for start, g in zip(starts, gammas, strict=True) for node in base.c]
    return implicit_rk(A, b, c, order, reference)


def adjoint(method: Method) -> Method:
    """The adjoint phi*_h = (phi_{-h})^{-1} (HLW II.3); a method is symmetric when it is its own adjoint."""
    if isinstance(method, Splitting):
        return Splitting(method.substeps[::-1], method.order, method.reference)
    s = range(method.stages)
    A = [[method.b[-1 - j] - method.A[-1 - i][-1 - j] for j in s] for i in s]
    return implicit_rk(
        A, method.b[::-1], [1 - x for x in method.c[::-1]], method.order, method.reference
    )
