"""The numbers of the course beside ours: of its notes, of its published runs, and our range over the seeds."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from geoflow.ground import Results
from geoflow.ground.study import Printed, build_values
from geoflow.pipeline import latex

HEAD = ("", "Notes", "Published run", "Ours", "Agrees")
COLUMNS = r"p{0.38\textwidth}rrrl"


def table(runs: Mapping[str, Results], printed: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """One row per number, under the name of its experiment."""
    text = latex.tabular(COLUMNS, HEAD, rows(runs, printed))
    return r"{\footnotesize\setlength{\tabcolsep}{3pt}" + "\n" + text + "}\n"


def rows(runs: Mapping[str, Results], printed: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[tuple[str, ...]]:
    """The cells of all numbers; an experiment starts with its name and the number of its seeds."""
    for experiment, numbers in printed.items():
        run = runs[experiment]
        seeds = len(run.values.get("seeds", []))
        said = f", {seeds} seeds" if seeds > 1 else ""
        yield (rf"\multicolumn{{{len(HEAD)}}}{{l}}{{\texttt{{{latex.escape(experiment)}}}{said}}}",)
        for given in numbers:
            one = build_values(Printed, given)
            ours, agrees = _ours(one, run.summary)
            yield latex.escape(one.text), _shown(one.notes), _shown(one.run), ours, agrees


def _ours(one: Printed, summary: Mapping[str, float]) -> tuple[str, str]:
    """Our number to the digits of the published one, or the median and the range; and whether the latter agrees."""
    published = one.run or one.notes
    value, digits = float(published), int(Decimal(published).as_tuple().exponent)
    middle = summary.get(f"median_{one.quantity}")
    if middle is not None:
        low, high = (one.times * summary[f"{end}_{one.quantity}"] for end in ("least", "most"))
        ours = rf"{latex.number(one.times * middle)} ({latex.number(low)} to {latex.number(high)})"
        half = 0.5 * 10.0**digits  # what rounding may have hidden
        return ours, "inside" if low - half <= value <= high + half else r"\textbf{outside}"
    found = one.times * summary[one.quantity]
    if one.within is not None:
        agrees = value / one.within < found < value * one.within
        return latex.number(found, 2), rf"factor {latex.number(one.within)}" if agrees else r"\textbf{no}"
    agrees = abs(found - value) < 0.5 * 10.0**digits
    return rf"\ensuremath{{{found:.{max(-digits, 0)}f}}}", "all digits" if agrees else r"\textbf{no}"


def _shown(text: str) -> str:
    """A number as printed: 3e-6 with a power of ten."""
    mantissa, _, exponent = text.partition("e")
    if not text:
        return ""
    if not exponent:
        return rf"\ensuremath{{{text}}}"
    factor = "" if mantissa == "1" else rf"{mantissa}\cdot "
    return rf"\ensuremath{{{factor}10^{{{int(exponent)}}}}}"
