"""Worst expansion of one step against h L, one panel per method: sampled, searched, proved, and quadratics."""

import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, in_order, look

LOW, HIGH = 0.9, 2.5


def draw(results: Results) -> Figure:
    """Draw the panels in two columns; the vertical line is the bound 2 r."""
    worst = results.table("worst")
    figure, axes = canvas.facets(in_order(worst["method"]), 2, height=1.25, more=0.5)
    for method, axis in axes.items():
        _panel(axis, worst[worst["method"] == method])
        axis.set_title(look(method).label)
    canvas.label_outer(axes.values(), "$hL$", "expansion")
    canvas.legend(figure, axes.values(), columns=5)
    return figure


def _panel(axis: Axes, one: pd.DataFrame) -> None:
    one = one.sort_values("hL")
    grid, bound = one[one["place"] == "grid"], one[one["place"] == "bound"]
    axis.axhline(1, color="0.7", linewidth=0.6, zorder=1)
    if len(bound):
        axis.axvline(bound["hL"].iloc[0], color="0.55", linestyle=(0, (1, 1.2)), linewidth=0.9, zorder=1)
    axis.plot(one["hL"], one["proved"], color=COLOURS["blue"], linewidth=1.3, label="proved")
    axis.plot(
        one["hL"], one["linear"], color=COLOURS["orange"], linestyle=(0, (4, 1.5)), linewidth=1, label="quadratics"
    )
    axis.plot(
        grid["hL"], grid["searched"], marker="o", mfc="none", mec=COLOURS["vermillion"], ms=5,
        label="searched", linestyle="none",
    )  # fmt: skip
    axis.plot(grid["hL"], grid["sampled"], ".", color="black", ms=4, label="sampled")
    axis.set(xlim=(0, grid["hL"].max() * 1.02), ylim=(LOW, HIGH))
    axis.set_yticks([1, 1.5, 2, 2.5])
