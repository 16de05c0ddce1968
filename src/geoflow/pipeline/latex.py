"""Numbers and text as LaTeX source."""

import math
import re
from collections.abc import Iterable, Sequence

SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<=": r"\ensuremath{\le}",
    ">=": r"\ensuremath{\ge}",
    "<": r"\ensuremath{<}",
    ">": r"\ensuremath{>}",
    **{character: f"\\{character}" for character in "_%&#$"},
}
ANY = re.compile("|".join(map(re.escape, SPECIAL)))


def escape(text: str) -> str:
    """Escape the special characters of LaTeX in plain text."""
    return ANY.sub(lambda found: SPECIAL[found[0]], text)


def number(value: float, digits: int = 3) -> str:
    """Format with `digits` significant digits, in powers of ten below 1e-3 and from 1e5; integers in full."""
    if math.isnan(value):
        return "--"
    if math.isinf(value):
        return r"\ensuremath{\infty}" if value > 0 else r"\ensuremath{-\infty}"
    if value == int(value) and abs(value) < 1e7:
        return rf"\ensuremath{{{_grouped(int(value))}}}"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    if -3 <= int(exponent) < 5:
        # Round first, so that 0.9996 becomes 1.00 and not 1.000.
        decimals = max(digits - 1 - int(exponent), 0)
        return rf"\ensuremath{{{float(f'{mantissa}e{exponent}'):.{decimals}f}}}"
    return rf"\ensuremath{{{mantissa}\cdot 10^{{{int(exponent)}}}}}"


def exact(value: float) -> str:
    """Format a value with up to ten digits."""
    mantissa, e, exponent = f"{value:.10g}".partition("e")
    if e:
        factor = "" if mantissa == "1" else rf"{mantissa}\cdot "
        return rf"\ensuremath{{{factor}10^{{{int(exponent)}}}}}"
    return rf"\ensuremath{{{_grouped(value) if isinstance(value, int) else mantissa}}}"


def integer(value: float) -> str:
    """Format a value rounded to an integer, with thousands separators."""
    return rf"\ensuremath{{{_grouped(round(value))}}}" if math.isfinite(value) else number(value)


def percent(value: float) -> str:
    """Format a fraction in percent with one decimal."""
    return rf"\ensuremath{{{100 * value:.1f}\,\%}}" if math.isfinite(value) else number(value)


def fixed(value: float) -> str:
    """Format a value with two decimals."""
    return rf"\ensuremath{{{value:.2f}}}" if math.isfinite(value) else number(value)


def _grouped(value: int) -> str:
    """Format 1000000 as 1\\,000\\,000; numbers of four digits have no separator."""
    return f"{value:,}".replace(",", r"\,") if abs(value) >= 10_000 else str(value)


def tabular(columns: str, head: Sequence[str], rows: Iterable[Sequence[str]], breaks: bool = True) -> str:
    """Format a booktabs table; a longtable if it may break over pages, and then its head is on each page."""
    kind = "longtable" if breaks else "tabular"
    lines = [rf"\begin{{{kind}}}{{{columns}}}", r"\toprule", " & ".join(head) + r" \\", r"\midrule"]
    lines += [r"\endhead", r"\bottomrule", r"\endfoot"] if breaks else []
    lines += [" & ".join(row) + r" \\" for row in rows]
    return "\n".join([*lines, *([] if breaks else [r"\bottomrule"]), rf"\end{{{kind}}}", ""])
