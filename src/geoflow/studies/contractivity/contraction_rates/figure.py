"""Contraction factors with a rate: strongly convex potentials against h L, one-sided Lipschitz fields against h mu."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.ground.results import Results


def draw(smooth: Results, one_sided: Results) -> Figure:
    """Lines: proved; thin dotted lines of the same colour: linear."""
    figure, grid = canvas.panels(1, 2, height=3.4)
    left, right = grid[0]
    rates, growth = (
        smooth.table("rates"),
        one_sided.table("growth"),
    )
    _curves(left, rates, "hL", 1.25)
    _curves(right, growth, "hmu", 1.25)
    left.set(xlabel="$hL$", ylabel="contraction factor", title="strongly convex")
    right.set(xlabel=r"$h\mu$", title="one-sided Lipschitz")
    canvas.letter(grid)
    canvas.legend(figure, grid, columns=4)
    return figure


def _curves(axis: Axes, table: pd.DataFrame, step: str, top: float) -> None:
    axis.axhline(1, color="0.7", linewidth=0.6, zorder=1)
    for method in in_order(table["method"]):
        one, style = table[table["method"] == method], look(method)
        axis.plot(one[step], one["proved"], markevery=3, **style.plot(linewidth=1.2, markersize=4))
        axis.plot(one[step], one["linear"], color=style.colour, linestyle=":", linewidth=0.8)
    axis.set(xlim=(0, table[step].max()), ylim=(0, top))
