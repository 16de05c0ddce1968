"""Expansion ratio of one step against h L, a panel for each potential, with the bound of each method.

On the line of ratio one, a filled triangle is the bound 2 r below which a method must not expand, and a
ring the step at which it was first seen to expand. Everything left of the triangle must be at or below one.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.results import Results

TITLES = {
    "quadratic": "quadratic",
    "log_cosh": "log-cosh",
    "huber": "Huber",
    "logistic": "logistic regression",
    "softplus_network": "ReLU network",
}
LOW, HIGH = 0.95, 1.3


def draw(data: Mapping[str, Results], name: str) -> Figure:
    """Five panels and the legend in place of a sixth."""
    rows = -(-(len(data) + 1) // 2)
    figure, grid = canvas.panels(rows, 2, height=1.95 * rows, sharex=True, sharey=True)
    axes = grid.ravel()
    for axis, results in zip(axes, data.values(), strict=False):
        _panel(axis, results.table("expansion"), results.table("steps"))
    used = axes[: len(data)]
    for axis in used[-2:]:
        axis.set_xlabel("$hL$")
        axis.tick_params(labelbottom=True)
    for axis in grid[:, 0]:
        axis.set_ylabel("expansion ratio")
    canvas.letter(used)
    for axis in axes[len(data) :]:
        axis.axis("off")
    grey = {"color": "0.4", "linestyle": "none", "markersize": 4}
    axes[len(data)].plot([], [], marker="v", label="bound $2r$", **grey)
    axes[len(data)].plot([], [], marker="o", mfc="white", label="first seen to expand", **grey)
    methods, marks = (axis.get_legend_handles_labels() for axis in (used[0], axes[len(data)]))
    axes[len(data)].legend(methods[0] + marks[0], methods[1] + marks[1], loc="center")
    return figure


def _panel(axis: Axes, curves: pd.DataFrame, steps: pd.DataFrame) -> None:
    axis.axhline(1, color="0.7", linewidth=0.6, zorder=1)
    end = curves["hL"].max()
    bounds = {m: float(x) for m, x in zip(steps["method"], steps["bound"], strict=True)}
    seen = {m: float(x) for m, x in zip(steps["method"], steps["largest_step"], strict=True)}
    for method in in_order(curves["method"]):
        one, style = curves[curves["method"] == method], look(method)
        axis.plot(one["hL"], one["expansion"], **style.plot(markers=False))
        if bounds[method] <= end:
            axis.plot(bounds[method], _height(bounds, method), "v", color=style.colour, ms=4)
        if seen[method] < end:
            axis.plot(seen[method], 1, "o", mfc="white", mec=style.colour, ms=4, zorder=3)
    axis.set(xlim=(0, end), ylim=(LOW, HIGH), title=TITLES[curves["potential"].iloc[0]])


def _height(bounds: Mapping[str, float], method: str) -> float:
    """Methods with the same bound are stacked, so that each is seen."""
    equal = [m for m in in_order(bounds) if np.isclose(bounds[m], bounds[method])]
    return 1.02 + 0.03 * equal.index(method)
