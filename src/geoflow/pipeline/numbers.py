r"""LaTeX macros for every number of every summary and for the values of the experiments.

Interface to the report (and the coursework template), in report/generated/. Three files for
\input in the preamble:

numbers.tex     \result{experiment}{key}           three digits: \result{kepler_orbits}{drift/rk4}
                \result[percent]{experiment}{key}  0.973 as 97.3 %
                \result[integer]{experiment}{key}  rounded
                \result[fixed]{experiment}{key}    two decimals
                \setting{experiment}{key}          \setting{kepler_orbits}{problem/eccentricity},
                                                   lists joined by commas; also `scale`, `threads`
                \whenknown{experiment}{text}      the text, if the experiment has results
scale.tex       \reportscale                       smoke, default or paper
provenance.tex  \provenance{figure}                rule, digests of values and code, commit

and tables for \input in the text, each a booktabs longtable: tables/claims.tex (value, verdict),
tables/orders.tex (declared and measured), tables/catalogue.tex (every method: declared,
derived, measured), tables/costs.tex (times, which vary between runs, so that this file and the PDF
are not byte-reproducible). An unknown name is a LaTeX error, except at scale smoke, which runs fewer
methods and values: there a missing number is a dash.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from geoflow.ground import Results
from geoflow.pipeline import latex
from geoflow.pipeline.source import short_sha256

# First lines of numbers.tex and provenance.tex; report/geoflow.sty defines the macros and ends with these files.
MACROS = PROVENANCE = "\\makeatletter\n"
FORMATS = (latex.number, latex.percent, latex.integer, latex.fixed)


def lines(experiment: str, results: Results) -> Iterator[str]:
    """Yield the macro definitions of one experiment."""
    yield rf"\@namedef{{geoflow@known@{experiment}}}{{}}"
    for key, value in results.summary.items():
        written = "".join(f"{{{write(value)}}}" for write in FORMATS)
        yield rf"\geoflow@result{{{experiment}/{key}}}{written}"
    for key, text in settings(results.config["values"]):
        yield rf"\geoflow@setting{{{experiment}/{key}}}{{{text}}}"
    for key in ("scale", "threads"):
        yield rf"\geoflow@setting{{{experiment}/{key}}}{{{latex.escape(str(results.config[key]))}}}"


def scale_macro(results: Path) -> str:
    r"""Define \reportscale, the scale of the results in this folder."""
    return rf"\newcommand{{\reportscale}}{{{results.name}}}" + "\n"


def settings(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield flat key -> LaTeX text for a nested dict of values; a run is named by its method: runs/rk4/h."""
    for key, value in values.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            value = _by_name(value)
        if isinstance(value, Mapping):
            yield from settings(value, f"{prefix}{key}/")
        elif isinstance(value, list):
            yield prefix + key, ", ".join(_text(one) for one in value)
        else:
            yield prefix + key, _text(value)


def _by_name(items: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Index items by label, method or name; a second item of the same name is called <name>_2."""
    found: dict[str, Mapping[str, Any]] = {}
    counts: dict[str, int] = {}
    for item in items:
        name = str(next((item[key] for key in ("label", "method", "name") if key in item), "item"))
        count = counts[name] = counts.get(name, 0) + 1
        found[name if count == 1 else f"{name}_{count}"] = item
    return found


def _text(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return latex.exact(value) if is_number else latex.escape(str(value))


def provenance_line(figure: str, code: str, results: list[Results]) -> str:
    """Provenance of a figure: rule, values, code and commit; digests of several experiments are hashed into one."""
    runs = [result.provenance for result in results]
    values = short_sha256("".join(run["config"] for run in runs))
    commits = ", ".join(sorted({run["commit"] for run in runs}))
    made = short_sha256(code + "".join(run["code"] for run in runs))
    text = f"rule draw_{figure}; values {values[:8]}; code {made[:8]}; commit {commits}"
    return rf"\@namedef{{geoflow@provenance@{figure}}}{{{latex.escape(text)}}}"
