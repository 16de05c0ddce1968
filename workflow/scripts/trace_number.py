"""Trace a printed number, a quantity or a figure to its results, values, code and commit.

    geoflow trace 0.684                       a number as it is printed: also 68.4%, 1.2e-3, 10 000
    geoflow trace kepler_orbits:drift/rk4     a quantity of an experiment
    geoflow trace figures/kepler_orbits.pdf   a figure

The results are those of the scale that the report shows, and the tracked ones.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from printed_numbers import GENERATED, WRITTEN, Printed, Source, places_of_figure, plain

from geoflow.ground import InputError, Results, nearest
from geoflow.ground.sentences import exit_status
from geoflow.pipeline.whole import RESULTS, TRACKED
from geoflow.pipeline.written import experiment_files
from geoflow.studies import FIGURES


def trace(name: str, runs: Sequence[Results]) -> list[str]:
    """All that is known about a number, quantity or figure; raises InputError for an unknown one."""
    stem = re.sub(r"^figures/|\.(pdf|png)$", "", name)
    if stem in FIGURES:
        return _figure(stem, {run.folder.name: run for run in runs})
    printed, number = Printed(runs), plain(name)
    if ":" in name:
        return _number(_quantity(name, printed))
    if not WRITTEN.fullmatch(number):
        raise InputError(f"expected a number, a figure or EXPERIMENT:QUANTITY, got {name!r}; {nearest(stem, FIGURES)}")
    found, tables = printed.written_as(number), printed.in_tables(number)
    if not any(one.printed for one in found):
        found += printed.cells(number)
    if not (found or tables):
        raise InputError(f"no result is written as {name}; give the number as it is printed, with all its digits.")
    return [*(f"printed in {place}" for place in tables), *(row for one in found for row in _number(one))]


def _quantity(name: str, printed: Printed) -> Source:
    experiment, _, key = name.partition(":")
    known = {run.folder.name: run for run in printed.runs}
    if experiment not in known:
        raise InputError(f"there are no results of an experiment {experiment!r}; {nearest(experiment, known)}")
    summary = known[experiment].summary
    if key not in summary:
        raise InputError(f"the results of {experiment} have no quantity {key!r}; {nearest(key, summary)}")
    return printed.quantity(known[experiment], key, summary[key])


def _number(source: Source) -> list[str]:
    """A number, where it is printed, and how its results were made."""
    return [
        f"{source.run.folder.name}:{source.key}",
        f"  value     {source.value}",
        *(f"  printed   {place}" for place in source.printed),
        f"  from      {source.place}",
        *_origin(source.run),
    ]


def _figure(name: str, runs: dict[str, Results]) -> list[str]:
    """A figure, where it is printed, and the results of its experiments."""
    figure = FIGURES[name]
    rows = [
        f"figures/{name}.pdf",
        f"  drawn by  src/{figure.module.replace('.', '/')}.py, {figure.function}",
        *(f"  printed   {place}" for place in places_of_figure(name)),
    ]
    for one in figure.experiments:
        if one not in runs:
            raise InputError(f"there are no results of {one}, which the figure {name} shows; try: geoflow draw {name}")
        tables = [path for path in sorted(runs[one].folder.glob("*.parquet")) if path.stem != "summary"]
        rows += [one] + [
            f"  table     {path}: {', '.join(map(str, runs[one].table(path.stem).columns))}" for path in tables
        ]
        rows += _origin(runs[one])
    return rows


def _origin(run: Results) -> list[str]:
    """The values, the module of the study, and the run that made the results."""
    made, values = run.provenance, experiment_files().get(run.folder.name)
    return [
        f"  values    {values or run.folder / 'config.json'}",
        f"  study     src/geoflow/studies/{made['stage']}/{made['study']}/study.py",
        f"  run       scale {made['scale']}, commit {made['commit']}, values {made['config']}, code {made['code']}",
    ]


def stored(scale: str) -> list[Results]:
    """The results of a scale, and the tracked ones of other experiments."""
    paths: Iterable[Path] = [*TRACKED.glob("paper/*/complete.json"), *RESULTS.glob(f"{scale}/*/complete.json")]
    folders = {path.parent.name: path.parent for path in paths}
    return [Results(folders[name]) for name in sorted(folders)]


def shown_scale() -> str:
    """The scale of the numbers in the report; `default` if no report was made."""
    path = GENERATED / "scale.tex"
    found = re.search(r"\{(\w+)\}$", path.read_text().strip()) if path.exists() else None
    return found[1] if found else "default"


def main(words: Sequence[str]) -> None:
    """Print the origin of one number, quantity or figure."""
    parser = argparse.ArgumentParser(prog="geoflow trace", description="print where a number or a figure comes from")
    parser.add_argument("name", help="a number as it is printed, EXPERIMENT:QUANTITY, or figures/NAME.pdf")
    parser.add_argument("--scale", help="of the results (default: the scale of the report)")
    asked = parser.parse_args(words)
    print("\n".join(trace(asked.name, stored(asked.scale or shown_scale()))))


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[2:])))
