"""Vanishing gradients: the classes in the plane, and Jacobians of the last block with respect to every earlier one."""

import numpy as np
import seaborn as sns

from geoflow.figures import COLOURS, Figure, Results, canvas, in_order, look

SHOWN = 400  # test points in a plane


def draw(results: Results) -> Figure:
    """Per network the classes in the plane with test points, and the norms during training, dark for late blocks."""
    norms, planes, points = (results.table(name) for name in ("jacobians", "plane", "points"))
    networks = in_order(norms["network"])
    several = len(networks) > 1
    figure, grid = canvas.panels(*(2, len(networks)) if several else (1, 2), height=3.9 if several else 2.6)
    for column, network in zip(grid.reshape(2, -1).T, networks, strict=True):
        plane = planes[planes["network"] == network].pivot_table("logit", "v", "u")
        column[0].contourf(
            plane.columns,
            plane.index,
            plane,
            [-np.inf, 0, np.inf],
            colors=[COLOURS["sky"], COLOURS["orange"]],
            alpha=0.4,
        )
        for label, own in points.iloc[:SHOWN].groupby("label"):
            colour = COLOURS["orange" if label else "sky"]
            column[0].plot(own["u"], own["v"], ".", color=colour, markersize=1.8, markeredgewidth=0)
        column[0].set(title=look(network).label.removesuffix(" network"), aspect="equal", xticks=[], yticks=[])
        first = norms[(norms["network"] == network) & (norms["seed"] == norms["seed"].min())]
        shades = sns.light_palette(look(network).colour, first["block"].nunique() + 1)[1:]
        words = {"hue": "block", "palette": shades, "legend": False, "errorbar": None, "linewidth": 0.9}
        sns.lineplot(first.reset_index(drop=True), x="step", y="mean", ax=column[1], **words)
        column[1].set(yscale="log", xlabel="iteration", ylabel="")
        column[1].axhline(1, color="0.5", linewidth=0.8, zorder=0)
    grid.reshape(2, -1)[1, 0].set_ylabel(r"$\|\partial x_L / \partial x_{l-1}\|$")
    return figure
