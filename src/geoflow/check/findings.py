"""What a check finds: one quantity as it is declared, derived and measured, and what is wrong with it."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath

# Denominators up to this one are taken for rational numbers that somebody typed.
LARGEST_DENOMINATOR = 1000


@dataclass(frozen=True)
class Finding:
    """A row of the table; `wrong` is a sentence, empty when declared, derived and measured agree."""

    quantity: str
    declared: str = ""
    derived: str = ""
    measured: str = ""
    wrong: str = ""


def in_words(x: Any) -> str:
    """A number for a sentence: exact if it is rational, otherwise twelve digits."""
    if isinstance(x, bool):
        return "yes" if x else "no"
    if isinstance(x, int | Fraction):
        return str(x)
    return mpmath.nstr(mpmath.mpf(x), 12, strip_zeros=True).removesuffix(".0")


def short(x: float) -> str:
    """A measured number: three digits."""
    return f"{float(x):.3g}"


def near_rational(x: float, tolerance: float = 1e-9) -> Fraction | None:
    """The rational number of a small denominator that x is, up to `tolerance`."""
    close = Fraction(float(x)).limit_denominator(LARGEST_DENOMINATOR)
    return close if abs(float(close) - x) <= tolerance * max(1.0, abs(x)) else None
