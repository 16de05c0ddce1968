"""The tables of claims in the report: the headlines with their negative controls, and a count per experiment."""

from collections.abc import Iterator
from typing import Any

from geoflow.pipeline import latex
from geoflow.pipeline.claims import expected_range

HEADLINES = (r"@{}rp{0.56\textwidth}rlr@{}", ("", "Claim", "Value", "Expected", "Margin"))
LAWS = (r"lrrrp{0.49\textwidth}", ("Experiment", "Laws", "Controls", "Margin", "Claim with this margin"))
GREY = r"\color{black!60}"


def headline_rows(claims: Any) -> Iterator[tuple[str, ...]]:
    """Two rows per headline: its number and text, and in grey its negative control, if the scale has it."""
    known = claims.set_index(["experiment", "name"])
    for count, (_, row) in enumerate(claims[claims["kind"] == "headline"].iterrows(), 1):
        yield str(count), *_cells(row)
        if (key := (row["experiment"], row["control"])) in known.index:
            yield "", *(rf"{GREY}{cell}" for cell in _cells(known.loc[key]))


def law_rows(claims: Any) -> Iterator[tuple[str, ...]]:
    """One row per experiment: numbers of laws and controls, the smallest margin, and the claim that has it."""
    for experiment, own in claims.groupby("experiment", sort=False):
        controls = int((own["kind"] == "control").sum())
        least = own.loc[own["margin"].idxmin()]
        counts = str(len(own) - controls), str(controls), _margin(least["margin"], own["holds"].all())
        yield rf"\texttt{{{latex.escape(experiment)}}}", *counts, latex.escape(least["text"])


def _cells(row: Any) -> tuple[str, str, str, str]:
    expected = expected_range(row["below"], row["above"])
    text = latex.escape(row["text"][0].upper() + row["text"][1:])
    return text, latex.number(row["value"]), expected, _margin(row["margin"], row["holds"])


def _margin(margin: float, holds: bool) -> str:
    return latex.number(margin, 2) if holds else r"\textbf{fails}"
