"""Depth and width: accuracies, and the bound beside the steepest Jacobian found."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.ground.results import Results

DASHES = ("-", (0, (4, 1.5)), (0, (1, 1.2)), (0, (4, 1.2, 1, 1.2)))


def draw(results: Results) -> Figure:
    """Against depth: clean and certified accuracy, Lipschitz constants; a line style a width."""
    table = results.table("networks")
    figure, grid = canvas.panels(1, 3, height=2.8)
    for network in in_order(table["network"]):
        for dash, (width, one) in zip(DASHES, table.groupby("width"), strict=False):
            own = one[one["network"] == network]
            style = look(network).plot(
                label=f"{look(network).label}, width {width}", linestyle=dash
            )
            _against_depth(grid[0, 0], own, "clean", style)
            _against_depth(grid[0, 1], own, "certified", style)
            _against_depth(grid[0, 2], own, "bound", style)
            _against_depth(
                grid[0, 2],
                own,
                "found",
                style
                | {"markerfacecolor": "white", "markeredgecolor": style["color"], "label": None},
            )
    for axis, title in zip(
        grid[0], ("clean accuracy", "certified", "Lipschitz constant"), strict=True
    ):
        axis.set(title=title, xlabel="layers", xscale="log")
        depths = sorted(table["depth"].unique())
        axis.set_xticks(depths, [str(depth) for depth in depths])
        axis.minorticks_off()
    grid[0, 0].set_ylabel("share of test images")
    grid[0, 1].set_ylim(-0.03, None)
    grid[0, 2].set(yscale="log", ylabel="bound (full), found (open)")
    canvas.letter(grid)
    canvas.legend(figure, [grid[0, 0]], columns=2)
    return figure


def _against_depth(axis: Axes, own: pd.DataFrame, column: str, style: dict[str, Any]) -> None:
    """Mean over the seeds; thin bars span them."""
    one = own.groupby("depth")[column]
    mean = one.mean()
    spread = [mean - one.min(), one.max() - mean]
    axis.errorbar(mean.index, mean, spread, elinewidth=0.7, capsize=0, **style)
