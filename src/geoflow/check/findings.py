"""Result of a check: one quantity as declared, derived and measured, and an error message."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np

from geoflow.ground import Floats

# Numbers with denominators up to this one are considered rational.
LARGEST_DENOMINATOR = 1000


@dataclass(frozen=True)
class Finding:
    """A row of the table; `wrong` is an error message, empty if declared, derived and measured values agree."""

    quantity: str
    declared: str = ""
    derived: str = ""
    measured: str = ""
    wrong: str = ""


def in_words(x: Any) -> str:
    """Format a number for a message: exact if it is rational, otherwise with twelve digits."""
    if isinstance(x, bool):
        return "yes" if x else "no"
    if isinstance(x, int | Fraction):
        return str(x)
    return mpmath.nstr(mpmath.mpf(x), 12, strip_zeros=True).removesuffix(".0")


def listed(x: Floats) -> str:
    """Format the first components of a vector."""
    return "(" + ", ".join(f"{v:.4g}" for v in x[:4]) + (", ...)" if len(x) > 4 else ")")


def near_rational(x: float, tolerance: float = 1e-9) -> Fraction | None:
    """Return the rational number with a small denominator within `tolerance` of x, or None."""
    close = Fraction(float(x)).limit_denominator(LARGEST_DENOMINATOR)
    return close if abs(float(close) - x) <= tolerance * max(1.0, abs(x)) else None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Values that should agree, one row per place (N, ...); `words` describes each place.

    size: unit of relative differences, by default the largest component of a row. A fraction 1 - `quantile` of the
    places is ignored.
    """

    found: Floats
    wanted: Floats
    words: Sequence[str]
    size: Any = None
    tolerance: float = 1e-6
    quantile: float = 1.0

    def finding(self, quantity: str, law: str, sentence: str, more: str = "") -> Finding:
        """Return the row of the table; the message is `sentence` with component, place and amount, then `more`."""
        gap, said = self.gap()
        wrong = f"{sentence}: {said}{more}" if said else ""
        return Finding(quantity, law, "", f"gap {gap:.3g}", wrong)

    def gap(self) -> tuple[float, str]:
        """Largest relative gap and a description of its place, which is empty if the gap is within the tolerance."""
        found, wanted = (np.reshape(x, (len(self.words), -1)) for x in (self.found, self.wanted))
        largest = np.maximum(np.abs(wanted), np.abs(found)).max(axis=1)
        size = np.reshape(largest if self.size is None else self.size, (-1, 1))
        gaps = np.nan_to_num(np.abs(found - wanted) / np.maximum(size, 1e-300), nan=np.inf)
        rows = gaps.max(axis=1)
        worst = float(np.quantile(rows, self.quantile, method="lower"))
        if worst <= self.tolerance:
            return worst, ""
        n = 0 if rows[0] > self.tolerance else int(rows.argmax())
        k = int(gaps[n].argmax())
        have, want = found[n, k] + 0.0, wanted[n, k] + 0.0  # without -0
        entry, more = f"component {k}", _factor(found[:, k], wanted[:, k])
        if np.ndim(self.found) > 2:
            entry = "entry [{}][{}]".format(*np.unravel_index(k, self.found.shape[1:]))
        elif others := [str(i) for i in np.flatnonzero(gaps.max(axis=0) > self.tolerance) if i != k]:
            more += f"; so do {', '.join(others)}"
        gap = f"{entry} differs by {abs(have - want):.6g} {self.words[n]}"
        return worst, f"{gap}: {have:.6g}, should be {want:.6g}{more}"


def _factor(found: Floats, wanted: Floats) -> str:
    """Describe a constant ratio of the two, such as a wrong sign or a factor of two."""
    ratios = found[wanted != 0] / wanted[wanted != 0]
    if len(ratios) < 2 or np.ptp(ratios) > 1e-5 * abs(ratios[0]):
        return ""
    ratio = near_rational(ratios[0], 1e-6)
    words = f"it is {ratio} of what it should be, everywhere" if ratio else ""
    return f" ({'the sign is wrong' if ratio == -1 else words})" if words else ""
