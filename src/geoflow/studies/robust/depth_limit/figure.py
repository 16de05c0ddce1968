"""The limit of infinite depth: outputs against depth, and paths of points through the layers."""

import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, look, tidy

CLASSES = (COLOURS["blue"], COLOURS["orange"])


def draw(results: Results) -> Figure:
    """Draw the error of the outputs, then the paths of the shallowest Euler network and of the limit."""
    errors, paths = results.table("errors"), results.table("paths")
    figure, grid = canvas.panels(1, 3, height=2.9, width_ratios=(1.5, 1, 1))
    against_depth, shallow, deep = grid[0]
    tidy.lines(against_depth, errors, "depth", "error")
    against_depth.set(title="outputs", xlabel="layers", ylabel="relative distance from the limit")
    against_depth.set(xscale="log", yscale="log")
    depths = sorted(errors["depth"].unique())
    against_depth.set_xticks(depths, [str(depth) for depth in depths])
    against_depth.minorticks_off()
    deep.sharex(shallow)
    deep.sharey(shallow)
    for axis, (network, one) in zip((shallow, deep), paths.groupby("network"), strict=True):
        layers = one["t"].nunique() - 1
        _paths(axis, one)
        label = "limit" if layers > 32 else f"{look(str(network)).label}, {layers} layers"
        axis.set(title=label, xlabel="$x_1$", ylabel="$x_2$")
    canvas.legend(figure, [against_depth], columns=3)
    return figure


def _paths(axis: Axes, one: pd.DataFrame) -> None:
    """Draw thin lines from the inputs (small markers) to the outputs (large), coloured by class."""
    for _, path in one.groupby("point"):
        colour = CLASSES[path["label"].iloc[0]]
        axis.plot(path["x"], path["y"], color=colour, linewidth=0.7, alpha=0.8)
        axis.plot(path["x"].iloc[-1], path["y"].iloc[-1], "o", color=colour, markersize=4)
        axis.plot(path["x"].iloc[0], path["y"].iloc[0], "o", color=colour, markersize=1.8)
