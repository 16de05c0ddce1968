"""Round-off over long times: members of the ensemble, their root mean square, and the slopes 1/2 and 1."""

import numpy as np
import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, in_order, look

VARIANTS = {  # label, colour, marker
    "plain": ("plain, iterated to stagnation", COLOURS["blue"], "o"),
    "compensated": ("compensated", COLOURS["green"], "v"),
    "stopped": ("iteration stopped early", COLOURS["vermillion"], "s"),
}
QUANTITIES = {"energy": "energy", "angular_momentum": "angular momentum"}
SHOWN = 12  # number of drawn members


def draw(results: Results) -> Figure:
    """Draw one column per method and one row per invariant."""
    errors, members = results.table("errors"), results.table("members")
    methods = in_order(errors["method"])
    figure, grid = canvas.panels(2, len(methods), height=5.0, sharex=True, sharey=True)
    for row, (quantity, title) in zip(grid, QUANTITIES.items(), strict=True):
        for axis, method in zip(row, methods, strict=True):
            chosen = errors[(errors["method"] == method) & (errors["quantity"] == quantity)]
            one = members[(members["method"] == method) & (members["member"] < SHOWN)]
            _panel(axis, chosen, one, f"{quantity}_error")
            axis.set_title(f"{look(method).label}: {title}")
        row[0].set_ylabel("relative error")
    for axis in grid[-1]:
        axis.set_xlabel("steps")
    grid[0, 0].set_ylim(bottom=3e-17)
    canvas.legend(figure, grid, columns=3)
    return figure


def _panel(axis: Axes, errors: pd.DataFrame, members: pd.DataFrame, column: str) -> None:
    for variant, (label, colour, marker) in VARIANTS.items():
        rms = errors[errors["variant"] == variant]
        if rms.empty:
            continue
        for _, one in members[members["variant"] == variant].groupby("member"):
            size = one[column].abs().replace(0.0, np.nan)
            axis.plot(one["steps"], size, color=colour, linewidth=0.3, alpha=0.35, zorder=1)
        axis.plot(
            rms["steps"], rms["rms"], color=colour, marker=marker, markeredgecolor="white",
            markevery=5, linewidth=1.4, label=label,
        )  # fmt: skip
        if variant == "compensated":
            continue
        x = np.array([rms["steps"].max() / 100, rms["steps"].max()])
        power = 1.0 if variant == "stopped" else 0.5
        y = 3.5 * rms["rms"].iloc[-1] * (x / x[-1]) ** power
        axis.plot(x, y, color="0.2", linestyle=":", linewidth=1)
        text = r"$n$" if variant == "stopped" else r"$n^{1/2}$"
        axis.annotate(text, (x[0], y[0]), (-2, 2), textcoords="offset points", ha="right")
    axis.set(xscale="log", yscale="log")
