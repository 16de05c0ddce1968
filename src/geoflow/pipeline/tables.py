"""The verdict on every claim and the fitted orders, as rows of tables."""

import math
from collections.abc import Iterator
from typing import Any

from geoflow.pipeline import latex

FINEST = 5  # decimals of an order, at most
CLAIMS = (r"p{0.53\textwidth}rll", ("Claim", "Value", "Expected", "Verdict"))
ORDERS = ("lrrr", ("Method", "Declared", "Measured", r"$\pm$"))


def claim_rows(claims: Any) -> Iterator[tuple[str, ...]]:
    """One row per claim: text, value, expected, verdict; each experiment starts with its name."""
    for experiment, group in claims.groupby("experiment", sort=False):
        yield (rf"\multicolumn{{4}}{{l}}{{\texttt{{{latex.escape(experiment)}}}}}",)
        for claim in group.itertuples(index=False):
            limits = [("<", claim.below), (">", claim.above)]
            expected = ", ".join(
                rf"\ensuremath{{{sign}}} {latex.number(limit)}" for sign, limit in limits if limit == limit
            )
            verdict = "holds" if claim.holds else r"\textbf{fails}"
            yield latex.escape(claim.text), latex.number(claim.value), expected, verdict


def order_rows(experiment: str, orders: Any) -> Iterator[tuple[str, ...]]:
    """One row per method: declared order, measured order, half the width of its range."""
    yield (rf"\multicolumn{{4}}{{l}}{{\texttt{{{latex.escape(experiment)}}}}}",)
    for row in orders.itertuples(index=False):
        measured, half_width = with_uncertainty(row.measured, (row.high - row.low) / 2)
        yield latex.escape(row.method), latex.number(row.declared), measured, half_width


def with_uncertainty(value: float, half_width: float) -> tuple[str, str]:
    """The value, to the digit that its half width leaves uncertain, and the half width to one digit: 3.9998, 0.0002."""
    if not (math.isfinite(value) and math.isfinite(half_width)):
        return latex.fixed(value), "--"
    exponent = math.floor(math.log10(half_width)) if half_width > 0 else -FINEST
    digits = min(max(-exponent, 2), FINEST)
    rounded = f"{half_width:.{digits}f}"
    shown = rounded if float(rounded) > 0 else rf"< 10^{{{-digits}}}"
    return rf"\ensuremath{{{value:.{digits}f}}}", rf"\ensuremath{{{shown}}}"
