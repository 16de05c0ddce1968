"""Coefficients of methods: exact numbers, and the conditions that are checked when a method is created."""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf

from geoflow.ground import InputError

Number = Any  # int, Fraction (exact), mpmath.mpf (50 digits) or float (as published)
WORKING_DIGITS = 60
ROUNDED = 1e-13  # relative defect of an order condition that can be due to rounding to floats
TYPED = 1e-5  # and one that can be due to too few digits
FEWEST_DIGITS = 14


def to_mpf(x: Number) -> Number:
    """Convert an int, Fraction, float or mpf to mpf with WORKING_DIGITS digits (Fraction and mpf do not mix)."""
    with mpmath.workdps(WORKING_DIGITS):
        return mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else mpf(x)


def times(factor: Number, x: Number) -> Number:
    """Product of `factor` and x, in mpf if `factor` is mpf."""
    return factor * (to_mpf(x) if isinstance(factor, mpf) else x)


def as_array(numbers: Any, exact: bool) -> Any:
    """Convert nested tuples of numbers to an array of mpf or of floats, each rounded once."""
    nested = np.array(numbers, dtype=object)
    entries = [to_mpf(x) if exact else float(x) for x in nested.ravel()]
    return np.array(entries, dtype=object if exact else np.float64).reshape(nested.shape)


def check_numbers(what: str, numbers: Iterable[Number]) -> None:
    """Raise InputError for a coefficient that is not a finite number, such as a string, a bool or NaN."""
    for x in numbers:
        known = isinstance(x, int | Fraction | float | mpf | np.integer)
        if not known or isinstance(x, bool) or not math.isfinite(x):
            raise InputError(
                f"expected finite numbers in {what}, got {x!r}; try Fraction(1, 3), 0.5, or "
                "mpmath.mpf('0.333...') for a decimal of many digits."
            )


def check_claims(order: int, reference: str) -> None:
    """Raise InputError for an order that is not an integer or an invalid reference; order 0 stands for no claim."""
    if not isinstance(order, int) or isinstance(order, bool) or order < 0:
        raise InputError(f"expected the order to be a whole number, got {order!r}.")
    if not isinstance(reference, str) or " " in reference:
        raise InputError(f"expected reference to be a key of report/references.bib, such as 'HLW', got {reference!r}.")


def check_total(what: str, numbers: Sequence[Number]) -> None:
    """Raise InputError unless the numbers, all mpf, sum to 1, which is necessary for order one."""
    _check_condition(f"{what} to sum to 1", list(numbers), 1)


def check_explicit(A: Sequence[Sequence[Number]]) -> None:
    """Raise InputError for a nonzero entry of A on or above the diagonal."""
    for i, row in enumerate(A):
        for j, a in enumerate(row):
            if j >= i and a != 0:
                raise InputError(
                    f"expected A of an explicit method to be strictly lower triangular, got A[{i}][{j}] = {a}; "
                    "try implicit_rk."
                )


def check_quadrature(A: Sequence[Sequence[Number]], b: Sequence[Number], c: Sequence[Number], order: int) -> None:
    """Raise InputError unless sum_i b_i c_i^(k-1) = 1/k for k up to the order, as needed for y' = f(t) (all mpf)."""
    for k in range(1, order + 1):
        off = [i for i, (row, node) in enumerate(zip(A, c, strict=True)) if abs(sum(row) - node) > ROUNDED]
        hint = f"; c is not the row sums of A in its entries {off}" if off and k > 1 else ""
        power = "" if k == 1 else " c_i" if k == 2 else f" c_i^{k - 1}"
        terms = [weight * node ** (k - 1) for weight, node in zip(b, c, strict=True)]
        _check_condition(f"sum_i b_i{power} to be {Fraction(1, k)}, for order {k}", terms, k, hint)


def check_digits(decimals: Sequence[str]) -> None:
    """Raise InputError for invalid decimal strings, or for fewer digits than float64 states need."""
    for digits in decimals:
        try:
            mpf(digits)
        except (TypeError, ValueError):
            fits = False
        else:
            fits = isinstance(digits, str)
        if not fits:
            raise InputError(
                f"expected coefficients as decimal strings like '0.7845136104775573', got {digits!r}; "
                "exact ones go into `compose` or `splitting`."
            )
    most = max(len(digits.partition(".")[2]) for digits in decimals)
    if most < FEWEST_DIGITS:
        raise InputError(
            f"expected coefficients of at least {FEWEST_DIGITS} digits, got {most}: the order conditions would hold "
            f"to about {0.5 * 10.0**-most:.0e} only. Exact ones go into `compose` or `splitting`, as Fraction."
        )


def _check_condition(wanted: str, terms: list[Number], k: int, hint: str = "") -> None:
    """Raise InputError unless the terms sum to 1/k."""
    total = sum(terms)
    defect, size = abs(total - mpf(1) / k), max(1, sum(map(abs, terms)))
    if defect <= ROUNDED * size:
        return
    if defect <= TYPED * size:
        raise InputError(
            f"expected {wanted}, which holds to {float(defect):.0e} only{hint}; give the coefficients with more "
            "digits, or as Fraction."
        )
    raise InputError(f"expected {wanted}, got {float(total):.10g}{hint}.")
