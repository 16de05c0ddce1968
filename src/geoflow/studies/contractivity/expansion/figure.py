"""Expansion ratio of one step against h L: one panel per field with one coloured row per method.

A bar is the bound 2 r beta L below which a method must not expand, a ring the smallest expanding step found by
search. There must be no red to the left of the bar.
"""

from typing import Any

import pandas as pd
from matplotlib.collections import QuadMesh
from matplotlib.colors import CenteredNorm

from geoflow.figures import Axes, Figure, Results, canvas, in_order, look
from geoflow.studies.contractivity.panels import TITLES

SHADES = CenteredNorm(1, 0.3)  # neutral ratio and half range of the colours
BAR: dict[str, Any] = {"marker": "|", "ms": 8, "mew": 1.6, "color": "black", "linestyle": "none"}
RING: dict[str, Any] = {"marker": "o", "ms": 3.6, "mfc": "white", "mec": "black", "linestyle": "none"}


def draw(results: Results) -> Figure:
    """Draw the rows and their marks; the colour bar uses the remaining axes."""
    curves, marks = results.table("expansion"), results.table("marks")
    fields, methods = list(dict.fromkeys(curves["field"])), in_order(curves["method"])
    figure, axes = canvas.facets([*fields, ""], 3, height=0.6 + 0.125 * len(methods))
    axes.pop("").set_visible(False)
    for field, axis in axes.items():
        own = marks[marks["field"] == field].set_index("method")
        mesh = _panel(axis, curves[curves["field"] == field], own, methods)
        axis.set_title(TITLES.get(field, field))
    axis.set_yticks(range(len(methods)), [look(m).label for m in methods])
    axis.set_ylim(len(methods) - 0.5, -0.5)
    canvas.label_outer(axes.values(), "$hL$", "")
    bar = figure.colorbar(mesh, ax=figure.axes, location="bottom", extend="both", aspect=50, shrink=0.6)
    bar.set_label("expansion ratio")
    canvas.legend(figure, [axis], side="upper")
    return figure


def _panel(axis: Axes, curves: pd.DataFrame, marks: pd.DataFrame, methods: list[str]) -> QuadMesh:
    cells = curves.pivot_table("expansion", "method", "hL").reindex(methods)
    h, places = cells.columns.to_numpy(), range(len(methods))
    mesh = axis.pcolormesh(h, places, cells, norm=SHADES, cmap="RdBu_r", rasterized=True)
    axis.plot(marks["bound"].reindex(methods), places, **BAR, label=r"bound $2 r \beta L$")
    axis.plot(marks["first_expansion"].reindex(methods), places, **RING, label="smallest expanding step found")
    axis.set_xlim(-0.02 * h.max(), h.max())
    axis.grid(False)
    return mesh
