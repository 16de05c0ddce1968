"""Measured and declared order of every method, one row per family; negative controls are drawn separately."""

import numpy as np
import seaborn as sns

from geoflow.figures import COLOURS, Figure, Results, canvas, tidy

PANELS = {"order": "autonomous problem", "order_driven": "driven pendulum"}
SPREAD = 0.28  # vertical spread of methods of a family with the same order, in rows
BELOW = 0.38  # distance of the controls of a family below its methods, in rows


def draw(results: Results) -> Figure:
    """Draw dots for methods, crosses for controls, and lines to the declared orders, visible if the two differ."""
    table = results.table("catalogue")
    families = list(dict.fromkeys(table["family"]))
    rows = {family: place for place, family in enumerate(families)}
    among = table.groupby(["family", "declared", "control"]).cumcount()
    of = table.groupby(["family", "declared", "control"])["method"].transform("count")
    side = np.where(table["control"], BELOW + 0.12 * among, SPREAD * (2 * (among + 0.5) / of - 1))
    table = table.assign(row=table["family"].map(rows) + side)
    figure, grid = canvas.panels(1, 2, height=1 + 0.36 * len(rows), sharex=True, sharey=True)
    for axis, (column, title) in zip(grid[0], PANELS.items(), strict=True):
        methods, controls = table[~table["control"]], table[table["control"]]
        sns.scatterplot(methods, x=column, y="row", s=13, color=COLOURS["blue"], label="method", ax=axis)
        tidy.remove_legend(axis)
        axis.plot(
            controls[column], controls["row"], "x", color=COLOURS["vermillion"], ms=4, mew=1,
            label="negative control",
        )  # fmt: skip
        colours = table["control"].map({True: COLOURS["vermillion"], False: COLOURS["blue"]})
        axis.hlines(table["row"], table["declared"], table[column], list(colours), lw=0.7)
        axis.set(title=title, xlabel="measured order", ylabel="")
        axis.set_xticks(range(1, int(table["declared"].max()) + 1))
    grid[0, 0].set_yticks(list(rows.values()), [f.removesuffix(" Runge-Kutta") for f in rows])
    grid[0, 0].invert_yaxis()
    canvas.legend(figure, grid[:, :1])
    return figure
