"""Evaluation of the claims of an experiment with the summary of its run; claims and fitted orders as table rows."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from geoflow.ground import nearest
from geoflow.pipeline import latex

FINEST = 5  # largest number of decimals of an order
CLAIMS = (r"p{0.37\textwidth}rllr", ("Claim", "Value", "Expected", "Verdict", "Margin"))
ORDERS = ("lrrr", ("Method", "Declared", "Measured", r"$\pm$"))


def judge(experiment: str, claim: Mapping[str, Any], summary: Mapping[str, float]) -> dict[str, Any]:
    """Evaluate a claim; returns a row of `claims.parquet` with the value of its quantity and whether it holds.

    sentence: message if it fails, else empty. If the quantity is missing in the summary, the claim fails.
    """
    below, above = claim["below"], claim["above"]
    value = summary.get(claim["quantity"], math.nan)
    # Written such that NaN fails, which is neither less nor greater than any number.
    holds = (below is None or value < below) and (above is None or value > above)
    sentence = ""
    if claim["quantity"] not in summary:
        hint = nearest(claim["quantity"], summary)
        sentence = f"the results have no quantity {claim['quantity']!r}; {hint}"
    elif not holds:
        sentence = f"expected {claim['quantity']} {limits(claim)}, got {value:.6g}."
    return {
        "experiment": experiment,
        **{key: claim[key] for key in ("name", "text", "quantity")},
        **{key: claim.get(key, "") for key in ("kind", "control")},
        "value": value,
        "below": math.nan if below is None else below,
        "above": math.nan if above is None else above,
        "margin": margin(value, below, above, claim.get("ideal", 0.0)),
        "holds": holds,
        "sentence": sentence,
    }


def margin(value: float, below: float | None, above: float | None, ideal: float = 0.0) -> float:
    """Factor by which a value may grow (or shrink, for `above`) until the claim fails, at 1; infinite if ideal.

    An interval is the condition |value - middle| < half width, and `ideal` is subtracted from value and threshold:
    a ratio of 1.02 below 1.1 has the margin 0.1 / 0.02 = 5.
    """
    if below is None or above is None:
        value, limit = (value - ideal, below - ideal) if below is not None else (ideal - value, ideal - (above or 0))
    else:
        value, limit = abs(value - (below + above) / 2), (below - above) / 2
    if limit > 0:
        return limit / value if not value <= 0 else math.inf
    return value / limit if limit else math.inf


def limits(claim: Mapping[str, Any]) -> str:
    """Thresholds in words: below 2 and above 1."""
    return " and ".join(f"{word} {claim[word]:.12g}" for word in ("below", "above") if claim[word] is not None)


def claim_rows(claims: Any) -> Iterator[tuple[str, ...]]:
    """Yield one row per claim: text, value, expected, verdict, margin; each experiment starts with its name."""
    for experiment, group in claims.groupby("experiment", sort=False):
        yield (rf"\multicolumn{{5}}{{l}}{{\texttt{{{latex.escape(experiment)}}}}}",)
        for claim in group.itertuples(index=False):
            verdict = "holds" if claim.holds else r"\textbf{fails}"
            expected = expected_range(claim.below, claim.above)
            yield latex.escape(claim.text), latex.number(claim.value), expected, verdict, latex.number(claim.margin, 2)


def expected_range(below: float, above: float) -> str:
    """Write the thresholds of a claim: < 2, > 1, 1.50 +- 0.5, or 1 to 9 if the range is wide; NaN is no threshold."""
    if math.isnan(below) or math.isnan(above):
        sign, limit = ("<", below) if math.isnan(above) else (">", above)
        return rf"\ensuremath{{{sign}}} {latex.exact(limit)}"
    half_width, middle = (below - above) / 2, (below + above) / 2
    if half_width < abs(middle) / 2 and half_width >= 10**-FINEST:
        return r" \ensuremath{\pm} ".join(with_uncertainty(middle, half_width))
    return f"{latex.number(above)} to {latex.number(below)}"


def order_rows(experiment: str, orders: Any) -> Iterator[tuple[str, ...]]:
    """Yield one row per method: declared order, measured order, half width of its range."""
    yield (rf"\multicolumn{{4}}{{l}}{{\texttt{{{latex.escape(experiment)}}}}}",)
    for row in orders.itertuples(index=False):
        measured, half_width = with_uncertainty(row.measured, (row.high - row.low) / 2)
        yield latex.escape(row.method), latex.number(row.declared), measured, half_width


def with_uncertainty(value: float, half_width: float) -> tuple[str, str]:
    """Format a value up to its first uncertain digit, and the half width to one digit: 3.9998, 0.0002."""
    if not (math.isfinite(value) and math.isfinite(half_width)):
        return latex.fixed(value), "--"
    exponent = math.floor(math.log10(half_width)) if half_width > 0 else -FINEST
    digits = min(max(-exponent, 2), FINEST)
    rounded = f"{half_width:.{digits}f}"
    shown = rounded if float(rounded) > 0 else rf"< 10^{{{-digits}}}"
    return rf"\ensuremath{{{value:.{digits}f}}}", rf"\ensuremath{{{shown}}}"
