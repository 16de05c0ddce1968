"""Draw one figure from result files: `python -m geoflow.pipeline.draw NAME --scale default`."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from geoflow.ground import InputError, Results, nearest
from geoflow.ground.sentences import exit_status
from geoflow.studies import FIGURES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The metadata of a run that are stored in the PDF; they suffice to reproduce the numbers.
PROVENANCE = ("scale", "config", "code", "seed", "commit")


def render(name: str, scale: str, results: Path, out: Path, marked: bool = True) -> Path:
    """Draw the figure `name` from `results/<scale>/<experiment>/` into `out/<name>.pdf` and `.png`.

    marked: write the scale across it, unless it is the default one. Raises InputError for an
    unknown name or a missing table.
    """
    if name not in FIGURES:
        raise InputError(f"unknown figure {name!r}; {nearest(name, FIGURES)}")
    from geoflow.figures import canvas  # the import takes half a second, for which a wrong name should not wait

    data = [Results(results / scale / experiment) for experiment in FIGURES[name].experiments]
    made = {r.folder.name: {key: r.provenance[key] for key in PROVENANCE if key in r.provenance} for r in data}
    with canvas.style():
        figure = draw(name, data)
        if marked:
            canvas.watermark(figure, scale)
        canvas.save(figure, out / name, made)
    return out / f"{name}.pdf"


def draw(name: str, data: Sequence[Results]) -> "Figure":
    """Draw the figure `name` from the results of its experiments; must be called within `canvas.style`."""
    from geoflow.figures import canvas

    asked = FIGURES[name]
    figure = getattr(import_module(asked.module), asked.function)(*data)
    canvas.letter_panels(figure)
    canvas.label_short_axes(figure)
    return figure


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or exits with status 2 after an error message on stderr."""
    parser = argparse.ArgumentParser(prog="python -m geoflow.pipeline.draw", description=__doc__)
    parser.add_argument("name", help="one of " + ", ".join(FIGURES))
    parser.add_argument("--scale", default="default")
    parser.add_argument("--results", type=Path, default=Path("data/results"))
    parser.add_argument("--out", type=Path, default=Path("figures"))
    parser.add_argument("--unmarked", action="store_true", help="do not write the scale across the figure")
    asked = parser.parse_args(arguments)
    given = asked.name, asked.scale, asked.results, asked.out, not asked.unmarked
    return exit_status(lambda: print(render(*given)))


if __name__ == "__main__":
    sys.exit(main())
