"""Runge-Kutta methods (HLW II.1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.integrators.families.coefficients import (
    Number,
    check_claims,
    check_explicit,
    check_numbers,
    check_quadrature,
    check_total,
    times,
    to_mpf,
)
from geoflow.integrators.families.staged import Staged


@dataclass(frozen=True, eq=False, repr=False)
class RungeKutta(Staged):
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
    def tableau(self) -> "RungeKutta":
        return self

    @property
    def tableaus(self) -> "tuple[RungeKutta, ...]":
        return (self,)

    @property
    def kind(self) -> str:
        if self.explicit:
            return "explicit Runge-Kutta"
        if all(a == 0 for i, row in enumerate(self.A) for a in row[i + 1 :]):
            return "diagonally implicit"
        first = self.name.partition("_")[0] or "implicit"
        return first.capitalize() if set(first) & set("aeiou") else first.upper()  # Gauss, HBVM

    def facts(self) -> dict[str, Any]:
        return {"family": "Runge-Kutta", "A": self.A, "b": self.b, "c": self.c}

    @cached_property
    def explicit(self) -> bool:
        """Whether A is strictly lower triangular."""
        return all(self.A[i][j] == 0 for i in range(self.stages) for j in range(i, self.stages))

    @cached_property
    def rounded(self) -> tuple[list[list[float]], list[float], list[float]]:
        """Return A, b, c as Python floats, each rounded once."""
        rows = [[float(a) for a in row] for row in self.A]
        return rows, [float(x) for x in self.b], [float(x) for x in self.c]

    @property
    def exact(self) -> tuple[list[list[Number]], list[Number], list[Number]]:
        """Return A, b, c as mpf."""
        rows = [[to_mpf(a) for a in row] for row in self.A]
        return rows, [to_mpf(x) for x in self.b], [to_mpf(x) for x in self.c]

    def as_floats(self) -> tuple[Floats, Floats, Floats]:
        """Return A, b, c as float64 arrays of shapes (s, s), (s,), (s,)."""
        A, b, c = self.rounded
        return np.array(A), np.array(b), np.array(c)

    def adjoint(self) -> "RungeKutta":
        s = range(self.stages)
        A = tuple(tuple(self.b[-1 - j] - self.A[-1 - i][-1 - j] for j in s) for i in s)
        c = tuple(1 - x for x in self.c[::-1])
        return RungeKutta(A, self.b[::-1], c, self.order, self.reference)

    def composed(self, gammas: Sequence[Number], order: int, reference: str) -> "RungeKutta":
        """Tableau of consecutive steps: block lower triangular, with the weights of earlier steps to the left."""
        s, m = self.stages, len(gammas)
        zero = 0 * gammas[0]
        A = [[zero] * (s * m) for _ in range(s * m)]
        for k, gamma in enumerate(gammas):
            for i in range(s):
                for step, g in enumerate(gammas[:k]):
                    A[k * s + i][step * s : step * s + s] = [times(g, w) for w in self.b]
                A[k * s + i][k * s : k * s + s] = [times(gamma, a) for a in self.A[i]]
        starts = [sum(gammas[:k], start=zero) for k in range(m)]
        b = [times(g, w) for g in gammas for w in self.b]
        c = [start + times(g, x) for start, g in zip(starts, gammas, strict=True) for x in self.c]
        return RungeKutta(tuple(map(tuple, A)), tuple(b), tuple(c), order, reference)


def explicit_rk(A: Sequence[Sequence[Number]], b: Sequence[Number], order: int, reference: str) -> RungeKutta:
    """Build an explicit method from the strictly lower rows of A; c_i = sum_j a_ij."""
    s = len(b)
    for row in A:
        check_numbers("A", row)
    check_explicit(A)
    rows = [[*row, *[Fraction(0)] * (s - len(row))] for row in A]
    return implicit_rk(rows, b, [sum(row) for row in rows], order, reference)


def implicit_rk(
    A: Sequence[Sequence[Number]], b: Sequence[Number], c: Sequence[Number], order: int, reference: str
) -> RungeKutta:
    """Build a method from its full tableau; raises InputError if the quadrature b, c does not have the order."""
    method = RungeKutta(tuple(tuple(row) for row in A), tuple(b), tuple(c), order, reference)
    check_quadrature(*method.exact, order)
    return method
