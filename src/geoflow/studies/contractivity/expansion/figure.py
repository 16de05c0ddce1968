"""Expansion ratio of one step against h L, a panel for each field, with the bound of each method.

On the line of ratio one, a filled triangle is the bound 2 r beta L below which a method must not expand, and a ring the
step at which it was first seen to expand. Everything left of the triangle must be at or below one.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.ground.results import Results
from geoflow.studies.contractivity.panels import TITLES

LOW, HIGH = 0.95, 1.3
COLUMNS = 3


def draw(results: Results) -> Figure:
    """The curves and their marks; the legend takes two of the places."""
    curves, marks = results.table("expansion"), results.table("marks")
    fields = list(dict.fromkeys(curves["field"]))
    rows = -(-(len(fields) + 2) // COLUMNS)
    figure, grid = canvas.panels(rows, COLUMNS, height=1.6 * rows, sharex=True, sharey=True)
    axes = grid.ravel()
    for axis, field in zip(axes, fields, strict=False):
        own = marks[marks["field"] == field].set_index("method")
        _panel(axis, curves[curves["field"] == field], own)
        axis.set_title(TITLES.get(field, field))
    used = axes[: len(fields)]
    for axis in used[-COLUMNS:]:
        axis.set_xlabel("$hL$")
        axis.tick_params(labelbottom=True)
    for axis in grid[:, 0]:
        axis.set_ylabel("expansion ratio")
    canvas.letter(used)
    for axis in axes[len(fields) :]:
        axis.axis("off")
    _legend(figure, used[0])
    return figure


def _panel(axis: Axes, curves: pd.DataFrame, marks: pd.DataFrame) -> None:
    axis.axhline(1, color="0.7", linewidth=0.6, zorder=1)
    end = curves["hL"].max()
    bounds = {str(m): float(x) for m, x in marks["bound"].items()}
    for method in in_order(curves["method"]):
        one, style = curves[curves["method"] == method], look(method)
        axis.plot(one["hL"], one["expansion"], **style.plot(markers=False))
        if bounds[method] <= end:
            axis.plot(bounds[method], _height(bounds, method), "v", color=style.colour, ms=4)
        seen = float(marks["first_expansion"][method])
        if seen < end:
            axis.plot(seen, 1, "o", mfc="white", mec=style.colour, ms=4, zorder=3)
    axis.set(xlim=(0, end), ylim=(LOW, HIGH))


def _height(bounds: Mapping[str, float], method: str) -> float:
    """Methods with the same bound are stacked, so that each is seen."""
    equal = [m for m in in_order(bounds) if np.isclose(bounds[m], bounds[method])]
    return 1.02 + 0.035 * equal.index(method)


def _legend(figure: Figure, axis: Axes) -> None:
    """In the free places at the lower right."""
    grey: dict[str, Any] = {"color": "0.4", "linestyle": "none", "markersize": 4}
    axis.plot([], [], marker="v", label=r"bound $2 r \beta L$", **grey)
    axis.plot([], [], marker="o", mfc="white", label="first found to expand", **grey)
    handles, labels = axis.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower right", ncols=2, bbox_to_anchor=(0.97, 0.06))
