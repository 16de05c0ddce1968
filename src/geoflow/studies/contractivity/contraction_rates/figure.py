"""Contraction factors: strongly convex potentials against h L, one-sided Lipschitz fields against h mu."""

from typing import Any

import pandas as pd

from geoflow.figures import Axes, Figure, Results, canvas, tidy


def draw(smooth: Results, one_sided: Results) -> Figure:
    """Draw proved factors as lines and linear ones as thin dotted lines of the same colour."""
    figure, grid = canvas.panels(1, 2, height=3.4)
    left, right = grid[0]
    for axis, results in ((left, smooth), (right, one_sided)):
        _curves(axis, results.table("rates"))
    left.set(xlabel="$hL$", ylabel="contraction factor", title="strongly convex")
    right.set(xlabel=r"$h\mu$", title="one-sided Lipschitz")
    canvas.legend(figure, grid, columns=4)
    return figure


def _curves(axis: Axes, table: pd.DataFrame) -> None:
    axis.axhline(1, color="0.7", linewidth=0.6, zorder=1)
    tidy.lines(axis, table, "h", "proved", markevery=3, markersize=4)
    dotted: dict[str, Any] = {"linewidth": 0.8, "style": None, "dashes": None, "linestyle": ":", "legend": False}
    tidy.lines(axis, table, "h", "linear", markers=False, **dotted)
    axis.set(xlim=(0, table["h"].max()), ylim=(0, 1.25))
