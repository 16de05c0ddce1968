"""Non-expansive steps in l-infinity and in l2 for the nonlinear diffusion: the bound C h_FE and the search."""

from typing import Any

import numpy as np
import pandas as pd

from geoflow.figures import Axes, Figure, Results, canvas, in_order, look

TITLES = {"linf": r"$\ell_\infty$", "l1": r"$\ell_1$", "l2": r"$\ell_2$"}
FIELD = "diffusion"
LEFT, RIGHT = 0.05, 100.0  # where zero and infinity are drawn
TICKS = {LEFT: "0", 0.1: "0.1", 1: "1", 10: "10", RIGHT: r"$\infty$"}


def draw(results: Results) -> Figure:
    """Draw one row per method; a bar is the bound, a ring the first expansion; steps between them are undecided."""
    table = results.table("steps")
    table = table[table["field"] == FIELD]
    methods = in_order(table["method"])
    figure, grid = canvas.panels(1, len(TITLES), height=0.19 * len(methods) + 1.1, sharey=True)
    for axis, (norm, title) in zip(grid[0], TITLES.items(), strict=True):
        _panel(axis, table[table["norm"] == norm].set_index("method"), methods)
        axis.set_title(title)
    grid[0, 0].set_yticks(range(len(methods)), [look(m).label for m in methods])
    grid[0, 0].invert_yaxis()
    grey: dict[str, Any] = {"color": "0.3", "linestyle": "none", "markersize": 4.5}
    grid[0, 0].plot([], [], marker="|", mew=2, label=r"bound $C\,h_{\mathrm{FE}}$", **{**grey, "markersize": 9})
    grid[0, 0].plot([], [], marker="d", label=r"bound $2r/L$", **grey)
    grid[0, 0].plot([], [], marker="o", mfc="white", label="smallest expanding step found", **grey)
    canvas.legend(figure, grid, columns=3)
    return figure


def _panel(axis: Axes, table: pd.DataFrame, methods: list[str]) -> None:
    for place, method in enumerate(methods):
        row, colour = table.loc[method], look(method).colour
        bound = float(np.clip(row["bound"], LEFT, RIGHT))
        seen = float(np.nan_to_num(row["first_expansion"], nan=RIGHT))
        axis.plot([bound, seen], [place, place], color=colour, lw=2.5, alpha=0.3, solid_capstyle="butt")
        axis.plot(bound, place, "|", color=colour, ms=9, mew=2)
        if row["radius_bound"] > 0:
            axis.plot(min(row["radius_bound"], RIGHT), place, "d", color=colour, ms=4.5)
        if seen < RIGHT:
            axis.plot(seen, place, "o", mec=colour, mfc="white", ms=4.5, mew=1)
    axis.set(xscale="log", xlim=(LEFT / 1.5, RIGHT * 1.5), xlabel="$hL$")
    axis.set_xticks(list(TICKS), list(TICKS.values()))
    axis.set_xticks([], minor=True)
    axis.grid(axis="y", visible=False)
