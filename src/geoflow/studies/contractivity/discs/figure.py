"""Images of discs of initial points on the contours of a potential, one panel per method."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb

from geoflow.figures import Axes, Figure, Results, canvas, look
from geoflow.studies.contractivity.panels import contour


def draw(results: Results) -> Figure:
    """Draw three panels per row; the discs become darker with the steps."""
    circles, contours = results.table("circles"), results.table("contours")
    figure, axes = canvas.facets(dict.fromkeys(circles["method"]), 3, height=2.3)
    for method, axis in axes.items():
        own = circles[circles["method"] == method]
        contour(axis, contours)
        _discs(axis, own, look(method).colour)
        axis.text(
            0.03, 0.03, f"growth {own['growth'].iloc[0]:.2f}", transform=axis.transAxes, fontsize=8,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.9}, zorder=9,
        )  # fmt: skip
        axis.set(
            xlim=(contours["x"].min(), contours["x"].max()),
            ylim=(contours["y"].min(), contours["y"].max()),
            title=f"{look(method).label}, $hL={own['hL'].iloc[0]:g}$",
        )
    canvas.label_outer(axes.values(), "$x_1$", "$x_2$")
    return figure


def _discs(axis: Axes, own: pd.DataFrame, colour: str) -> None:
    last = own["step"].max()
    for _, one in own.groupby(["disc", "step"]):
        step = int(one["step"].iloc[0])
        weight = 0.15 + 0.85 * step / last
        shade = tuple(1 - weight * (1 - np.array(to_rgb(colour))))
        style: dict[str, Any] = {"facecolor": (*shade, 0.55), "edgecolor": shade, "lw": 0.7}
        axis.fill(one["x"], one["y"], zorder=2 + step / 10, **style)
