"""Depth and width: accuracies, Lipschitz bounds, and the largest Jacobian norms found by search."""

from typing import Any

from geoflow.figures import MARKERS, Figure, Results, canvas, tidy

THIN: dict[str, Any] = {"linewidth": 0.5, "markersize": 3, "legend": False}


def draw(results: Results) -> Figure:
    """Draw accuracies and Lipschitz constants against depth, with bands over the seeds; one line style per width."""
    table = results.table("networks")
    marks = dict(zip(sorted(table["width"].unique()), MARKERS, strict=False))
    widths: dict[str, Any] = {"style": "width", "style_order": list(marks), "dashes": True}
    widths["markers"] = list(marks.values())
    figure, grid = canvas.panels(1, 3, height=2.8)
    for axis, column in zip(grid[0], ("clean", "certified", "bound"), strict=True):
        tidy.lines(axis, table, "depth", column, by="network", **widths)
    tidy.lines(grid[0, 2], table, "depth", "found", by="network", **widths, **THIN)
    for axis, title in zip(grid[0], ("clean accuracy", "certified", "Lipschitz constant"), strict=True):
        axis.set(title=title, xlabel="layers", xscale="log")
        depths = sorted(table["depth"].unique())
        axis.set_xticks(depths, [str(depth) for depth in depths])
        axis.minorticks_off()
    grid[0, 0].set_ylabel("share of test images")
    grid[0, 1].set_ylim(-0.03, None)
    grid[0, 2].set(yscale="log", ylabel="bound (strong), found (thin)")
    canvas.legend(figure, [grid[0, 0]], columns=2)
    return figure
