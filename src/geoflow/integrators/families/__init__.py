"""Families of one-step methods as data: coefficients, the declared order and its source.

What can be derived from the coefficients (symmetric, symplectic, contractivity radius, ...) is not
stored here; `geoflow.theory` derives it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import mpmath
import numpy as np
from mpmath import mpf

from geoflow.ground.arrays import Floats
from geoflow.ground.errors import InputError
from geoflow.integrators.families.construction import (
    check_claims,
    check_explicit,
    check_numbers,
    check_quadrature,
    check_total,
)

Number = Any  # int, Fraction (exact), mpmath.mpf (50 digits) or float (as published)
WORKING_DIGITS = 60
QUADRATIC = "quadratic kinetic energy"  # T(p) = p^T M^-1 p / 2, as Runge-Kutta-Nystrom methods need


def to_mpf(x: Number) -> Number:
    """An int, Fraction, float or mpf as mpf of WORKING_DIGITS digits (Fraction and mpf do not mix)."""
    with mpmath.workdps(WORKING_DIGITS):
        return mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else mpf(x)


class Method(Protocol):
    """What every method says of itself, of whatever family."""

    @property
    def order(self) -> int: ...

    @property
    def reference(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def stages(self) -> int: ...

    @property
    def explicit(self) -> bool: ...


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
        for what, numbers in (("b", self.b), ("c", self.c), *(("A", row) for row in self.A)):
            check_numbers(what, numbers)
        check_claims(self.order, self.reference)
        if self.order:
            check_total("the weights b", [to_mpf(x) for x in self.b])

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
class PartitionedRungeKutta:
    """One tableau for q' = f_1(t, q, p), another for p' = f_2(t, q, p) (HLW II.2.1), y = (q, p).

    k_i = f_1(t + c_i h, Q_i, P_i), l_i = f_2(t + c_i h, Q_i, P_i) with Q_i = q + h sum_j a_ij k_j and
    P_i = p + h sum_j a_hat_ij l_j. Both share the nodes c: were f_1 and f_2 taken at different times, they would belong
    to two Hamiltonians H(q, p, t), and the step would not be symplectic.
    """

    A: tuple[tuple[Number, ...], ...]
    b: tuple[Number, ...]
    c: tuple[Number, ...]
    A_hat: tuple[tuple[Number, ...], ...]
    b_hat: tuple[Number, ...]
    order: int
    reference: str
    name: str = ""

    def __post_init__(self) -> None:
        for tableau in self.tableaus:
            assert tableau.stages == self.stages  # each checks its own shape

    @cached_property
    def tableaus(self) -> tuple[RungeKutta, RungeKutta]:
        """The methods for q and for p."""
        return (
            RungeKutta(self.A, self.b, self.c, self.order, self.reference),
            RungeKutta(self.A_hat, self.b_hat, self.c, self.order, self.reference),
        )

    @property
    def c_hat(self) -> tuple[Number, ...]:
        return self.c

    @property
    def stages(self) -> int:
        return len(self.b)

    @property
    def explicit(self) -> bool:
        """Explicit for separable problems only, and those have a splitting."""
        return False


@dataclass(frozen=True, eq=False)
class Splitting:
    """Composition of exact flows of the parts of f = f_A + f_B + ... (HLW II.5).

    `substeps` lists (part, coefficient) in the order of application. A problem offers the flows of its parts; for
    H = T(p) + U(q) part A is the drift q += a h T'(p) and part B the kick p -= b h U'(q). Time moves with part A.
    `needs` is what the order asks of a problem beyond its parts: "" or QUADRATIC.
    """

    substeps: tuple[tuple[str, Number], ...]
    order: int
    reference: str
    name: str = ""
    needs: str = ""

    def __post_init__(self) -> None:
        check_numbers("a splitting", [x for _, x in self.substeps])
        check_claims(self.order, self.reference)
        if self.needs not in ("", QUADRATIC):
            raise InputError(f"expected needs to be '' or {QUADRATIC!r}, got {self.needs!r}.")
        for part in self.parts if self.order else ():
            coefficients = [to_mpf(x) for letter, x in self.substeps if letter == part]
            check_total(f"the coefficients of part {part}", coefficients)

    @property
    def parts(self) -> str:
        """The letters of the parts, "AB" for drifts and kicks."""
        return "".join(sorted({part for part, _ in self.substeps}))

    @property
    def stages(self) -> int:
        """Flows a step (of A and B: kicks), the last one shared with the next step's first when their part is one."""
        letters = [part for part, _ in self.substeps]
        once = letters[1:] if letters[0] == letters[-1] else letters
        return once.count("B") if self.parts == "AB" else max(len(once), 1)

    @property
    def explicit(self) -> bool:
        return True

    def as_floats(self) -> list[tuple[str, float]]:
        """The substeps with coefficients rounded once to float64."""
        return [(part, float(x)) for part, x in self.substeps]


def explicit_rk(
    A: Sequence[Sequence[Number]], b: Sequence[Number], order: int, reference: str
) -> RungeKutta:
    """An explicit method from the strictly lower rows of A; c_i = sum_j a_ij."""
    s = len(b)
    for row in A:
        check_numbers("A", row)
    check_explicit(A)
    rows = [[*row, *[Fraction(0)] * (s - len(row))] for row in A]
    return implicit_rk(rows, b, [sum(row) for row in rows], order, reference)


def implicit_rk(
    A: Sequence[Sequence[Number]],
    b: Sequence[Number],
    c: Sequence[Number],
    order: int,
    reference: str,
) -> RungeKutta:
    """A method from its full tableau; raises InputError when b and c are no quadrature of the order."""
    method = RungeKutta(tuple(tuple(row) for row in A), tuple(b), tuple(c), order, reference)
    check_quadrature(*_rows_in_mpf(method), order)
    return method


def _rows_in_mpf(method: RungeKutta) -> tuple[list[list[Number]], list[Number], list[Number]]:
    rows = [[to_mpf(a) for a in row] for row in method.A]
    return rows, [to_mpf(x) for x in method.b], [to_mpf(x) for x in method.c]


def splitting(
    parts: str, coefficients: Sequence[Number], order: int, reference: str, needs: str = ""
) -> Splitting:
    """`splitting("BAB", [1/2, 1, 1/2])` is kick, drift, kick. Neighbours of one part are merged."""
    if len(parts) != len(coefficients) or not all("A" <= part <= "Z" for part in parts):
        raise InputError(
            f"a splitting needs one coefficient for each letter A, B, ...; got {parts!r} "
            f"with {len(coefficients)} coefficients."
        )
    merged: list[tuple[str, Number]] = []
    for part, x in zip(parts, coefficients, strict=True):
        if merged and merged[-1][0] == part:
            merged[-1] = (part, merged[-1][1] + x)
        else:
            merged.append((part, x))
    return Splitting(tuple(merged), order, reference, needs=needs)


def partitioned(
    first: RungeKutta, second: RungeKutta, order: int, reference: str
) -> PartitionedRungeKutta:
    """The pair of `first` for q and `second` for p; they share the nodes of `first`."""
    rows, weights, _ = _rows_in_mpf(second)
    check_quadrature(rows, weights, [to_mpf(x) for x in first.c], order)
    return PartitionedRungeKutta(first.A, first.b, first.c, second.A, second.b, order, reference)
