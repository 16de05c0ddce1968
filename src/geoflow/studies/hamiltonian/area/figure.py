"""Images of sets of initial states of the pendulum under several methods: curves and areas."""

import numpy as np
import pandas as pd

from geoflow.figures import Axes, Figure, Results, canvas, in_order, look

COLUMNS = 3
OUTLINES = 4  # number of drawn times; more curves would overlap
WINDOW = {"xlim": (-4.5, 10), "ylim": (-3.4, 3.4)}  # slightly more than one revolution
FLOOR = 1e-16  # position of zero on the logarithmic axis


def draw(results: Results) -> Figure:
    """Draw one panel per method with the curves, and below the changes of the areas."""
    curves, areas = results.table("curves"), results.table("areas")
    methods = in_order(curves["method"])
    rows = -(-len(methods) // COLUMNS)
    letters = "ABCDEFGHIJKL"
    places = [letters[r * COLUMNS : (r + 1) * COLUMNS] for r in range(rows)] + ["z" * COLUMNS]
    figure = Figure(figsize=(canvas.WIDTH, 1.55 * rows + 2.0), layout="constrained")
    panels = figure.subplot_mosaic("\n".join(places))
    shown = [panels[letter] for letter in letters[: rows * COLUMNS]]
    for axis, method in zip(shown, methods, strict=False):
        axis.sharex(shown[0])
        axis.sharey(shown[0])
        _draw_curves(axis, curves[curves["method"] == method], look(method).colour)
        axis.set(title=look(method).label, xlabel="$q$", **WINDOW)
    for axis in shown[::COLUMNS]:
        axis.set_ylabel("$p$")
    for axis in shown[len(methods) :]:
        axis.set_visible(False)
    for method in methods:
        one = areas[(areas["method"] == method) & (areas["time"] > 0)]
        worst = (one["area_ratio"] - 1).abs().groupby(one["time"]).max().clip(lower=FLOOR)
        panels["z"].plot(worst.index, worst, **look(method).plot())
    panels["z"].set(title="area", xlabel="time $t$", ylabel="largest relative change", yscale="log")
    canvas.legend(figure, [panels["z"]], columns=3)
    return figure


def _draw_curves(axis: Axes, curves: pd.DataFrame, colour: str) -> None:
    """Draw the curves at some times, filled; the initial sets have black edges."""
    times = np.sort(curves["time"].unique())
    few = times[np.unique(np.linspace(0, len(times) - 1, OUTLINES).round().astype(int))]
    for (_, time), one in curves.groupby(["shape", "time"], sort=False):
        if time not in few:
            continue
        edge = "black" if time == few[0] else colour
        corners = one.sort_values("point")
        axis.fill(corners["q"], corners["p"], facecolor=colour, alpha=0.3, edgecolor="none")
        axis.fill(corners["q"], corners["p"], facecolor="none", edgecolor=edge, linewidth=0.6)
