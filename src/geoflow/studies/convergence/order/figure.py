"""Largest error over the time span against the step size, and against the work, on logarithmic axes.

`order_<problem>` has one panel per range of declared orders. Points used in the fit are filled; the
others (too coarse, or at the level of round-off) are hollow. `work_<problem>` shows the same errors
against the number of evaluations of the vector field.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from geoflow.figures import Axes, Figure, Results, canvas, in_order, look, tidy

CEILING = 10.0  # larger errors, of unstable runs, are not drawn
RANGES = ((1, 1, "order 1"), (2, 2, "order 2"), (3, 4, "orders 3 and 4"), (5, 99, "order 5 and higher"))


def draw(results: Results) -> Figure:
    """Draw the errors against the step size, one panel per range of orders."""
    errors, orders = _drawable(results), results.table("orders").set_index("method")
    shown = [r for r in RANGES if orders["declared"].between(r[0], r[1]).any()]
    figure, axes = canvas.facets(shown, 2, height=2.25)
    for (low, high, title), axis in axes.items():
        inside = orders[orders["declared"].between(low, high)]
        for method in in_order(inside.index):
            measured = float(inside["measured"][method])
            _line(axis, errors[errors["method"] == method], measured, method)
        _slopes(axis, errors, inside["declared"].astype(int))
        axis.set(xscale="log", yscale="log", title=title)
        axis.legend(loc="center left", bbox_to_anchor=(1.1, 0.5), title="fitted order", fontsize=7)
    axis.set_ylim(top=min(CEILING, 3 * errors["error"].max()))
    canvas.label_outer(axes.values(), "step size $h$", "relative error")
    return figure


def _line(axis: Axes, errors: pd.DataFrame, measured: float, method: str) -> None:
    """Draw all points of one method; those outside the fit are hollow."""
    errors = errors.sort_values("h")
    style, fitted = look(method), errors["in_fit"].to_numpy(dtype=bool)
    slope = f"{measured:.2f}" if np.isfinite(measured) else "too few points"
    label = f"{style.label}: {slope}"
    axis.plot(errors["h"], errors["error"], **style.plot(markers=False, linewidth=0.7, label=None))
    dots = {"linestyle": "none", "marker": style.marker, "markeredgewidth": 0.5, "ms": 2.6}
    colour = style.colour
    axis.plot(errors["h"][~fitted], errors["error"][~fitted], **dots, mec=colour, mfc="white")
    axis.plot(errors["h"][fitted], errors["error"][fitted], **dots, mec=colour, mfc=colour)
    axis.plot([], [], **style.plot(label=label))  # the legend shows line and marker together


def _slopes(axis: Axes, errors: pd.DataFrame, declared: Iterable[int]) -> None:
    """Draw grey lines of slope h^p in the empty corner of large steps and small errors."""
    h = errors["h"].max() * np.array([1 / 10, 1])
    low = 2 * errors["error"].min()
    for order in sorted(set(declared)):
        axis.plot(h, low * (h / h[0]) ** order, color="0.6", linewidth=0.7, zorder=1)
        axis.text(h[1], low * (h[1] / h[0]) ** order, f" $h^{{{order}}}$", color="0.4", fontsize=7)


def draw_work(results: Results) -> Figure:
    """Draw the errors against the number of evaluations of the vector field."""
    errors = _drawable(results)
    figure, grid = canvas.panels(1, 1, height=3.4)
    axis = grid[0, 0]
    tidy.lines(axis, errors, "evaluations", "error", markersize=3, markevery=3)
    axis.set(xscale="log", yscale="log", ylabel="relative error", xlabel="evaluations of the vector field")
    axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure


def _drawable(results: Results) -> pd.DataFrame:
    """Select the errors that a logarithmic axis can show."""
    errors = results.table("errors")
    return errors[np.isfinite(errors["error"]) & (errors["error"] > 0)]
