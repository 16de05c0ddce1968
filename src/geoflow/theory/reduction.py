"""Tableaus with entries of one type, and their irreducible form.

Structural properties are equations such as b_i a_ij + b_j a_ji - b_i b_j = 0. They are checked exactly for rational
tableaus, and to 1e-30 (coefficients with 50 digits) or 1e-13 (published floats) otherwise.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import mpmath
import numpy as np
from numpy.typing import NDArray

from geoflow.integrators.families import Method, RungeKutta, to_mpf
from geoflow.integrators.families.coefficients import WORKING_DIGITS

Number = Any  # Fraction or mpmath.mpf
Exact = NDArray[np.object_]
P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, eq=False)
class Tableau:
    """A (s, s), b (s,), c (s,) as object arrays of Fraction (tolerance 0) or of mpf."""

    A: Exact
    b: Exact
    c: Exact
    tolerance: float

    @property
    def stages(self) -> int:
        return len(self.b)

    def zero(self, x: Number) -> bool:
        """Whether x is zero to the accuracy of the coefficients."""
        return bool(abs(x) <= self.tolerance)


def of_tableaus(derive: Callable[Concatenate[RungeKutta, P], R]) -> Callable[Concatenate[Method, P], R | None]:
    """Decorator: evaluate `derive` in WORKING_DIGITS for a Runge-Kutta method; None for a different family."""

    @wraps(derive)
    def derived(method: Method, *args: P.args, **named: P.kwargs) -> R | None:
        if method.tableau is None:
            return None
        with mpmath.workdps(WORKING_DIGITS):
            return derive(method.tableau, *args, **named)

    return derived


def tableau(method: RungeKutta) -> Tableau:
    """Convert the coefficients of a method to Fraction if all are rational, else to mpf."""
    return in_one_arithmetic((method.A, method.b, method.c))[0]


def in_one_arithmetic(*coefficients: tuple[Any, Any, Any]) -> list[Tableau]:
    """Convert several (A, b, c) to tableaus of one number type; c is () if the nodes are not known."""
    convert, tolerance = arithmetic(x for A, b, c in coefficients for row in (*A, b, c) for x in row)

    def exact(values: Iterable[Any]) -> Exact:
        return np.array([convert(x) for x in values], dtype=object)

    return [Tableau(np.stack([exact(row) for row in A]), exact(b), exact(c), tolerance) for A, b, c in coefficients]


def arithmetic(numbers: Iterable[Any]) -> tuple[Any, float]:
    """Return (conversion, tolerance) suitable for all the numbers."""
    kinds = {type(x) for x in numbers}
    if kinds <= {int, Fraction}:
        return Fraction, 0.0
    return to_mpf, 1e-13 if float in kinds else 1e-30


@mpmath.workdps(WORKING_DIGITS)
def irreducible(method: RungeKutta) -> Tableau:
    """Return the irreducible tableau (HairerWanner1996, IV.12).

    DJ-reduction (Dahlquist and Jeltsch) drops stages that do not influence the result. HS-reduction (Hundsdorfer and
    Spijker) merges stages that are equal for every f(t, x); stages with different nodes are not equal. Both are
    repeated until nothing changes, because one can make the other possible.
    """
    t = tableau(method)
    while True:
        smaller = _without_equal_stages(_without_idle_stages(t))
        if smaller.stages == t.stages:
            return t
        t = smaller


def _without_idle_stages(t: Tableau) -> Tableau:
    used = {i for i in range(t.stages) if not t.zero(t.b[i])}
    while True:
        reached = {j for i in used for j in range(t.stages) if not t.zero(t.A[i, j])}
        if reached <= used:
            keep = sorted(used)
            return Tableau(t.A[np.ix_(keep, keep)], t.b[keep], t.c[keep], t.tolerance)
        used |= reached


def _without_equal_stages(t: Tableau) -> Tableau:
    """Merge by the coarsest partition whose class sums of a_ij over j agree within each class."""
    classes = [list(range(t.stages))]
    sums = np.stack([t.c, t.A.sum(axis=1)], axis=1)  # they differ if the nodes are not the row sums
    while True:
        finer = [part for group in classes for part in _split(group, sums, t)]
        sums = np.stack([t.A[:, group].sum(axis=1) for group in finer], axis=1)
        if len(finer) == len(classes):
            break
        classes = finer
    first = [group[0] for group in finer]
    b = np.array([t.b[group].sum() for group in finer], dtype=object)
    if len(first) == t.stages:
        return t  # in the original order
    return Tableau(sums[first], b, t.c[first], t.tolerance)


def _split(group: list[int], sums: Exact, t: Tableau) -> list[list[int]]:
    parts: list[list[int]] = []
    for i in group:
        for part in parts:
            if all(t.zero(x) for x in sums[i] - sums[part[0]]):
                part.append(i)
                break
        else:
            parts.append([i])
    return parts
