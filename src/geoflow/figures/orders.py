"""Error at the end of the span against the step size, and against the work, on logarithmic axes.

`order_<problem>` has a panel for each range of declared orders. Points that the fit uses are
filled, those left out (too coarse, or in the plateau of round-off) are hollow. `work_<problem>`
shows the same errors against the number of evaluations of the vector field.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.results import Results

RANGES = ((1, 2, "orders 1 and 2"), (3, 4, "orders 3 and 4"), (5, 99, "order 5 and higher"))


def draw(data: Mapping[str, Results], name: str) -> Figure:
    """The figure `name` of the one experiment in `data`."""
    (results,) = data.values()
    errors = results.table("errors")
    errors = errors[np.isfinite(errors["error"]) & (errors["error"] > 0)]
    orders = results.table("orders").set_index("method")
    return _work(errors) if name.startswith("work_") else _order(errors, orders)


def _order(errors: pd.DataFrame, orders: pd.DataFrame) -> Figure:
    shown = [r for r in RANGES if orders["declared"].between(r[0], r[1]).any()]
    figure, grid = canvas.panels(1, len(shown), height=4.0, sharex=True, sharey=True)
    for axis, (low, high, title) in zip(grid[0], shown, strict=True):
        inside = orders[orders["declared"].between(low, high)]
        for method in in_order(inside.index):
            measured = float(inside["measured"][method])
            _line(axis, errors[errors["method"] == method], measured, method)
        for declared in sorted(set(inside["declared"])):
            members = inside.index[inside["declared"] == declared]
            _slope(axis, errors[errors["method"].isin(members)], int(declared))
        axis.set(xscale="log", yscale="log", title=title, xlabel="step size $h$")
        axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), title="fitted order")
    grid[0, 0].set_ylabel("error at the end of the span")
    canvas.letter(grid)
    return figure


def _line(axis: Axes, errors: pd.DataFrame, measured: float, method: str) -> None:
    """All points of one method; those outside the fit are hollow."""
    errors = errors.sort_values("h")
    style, fitted = look(method), errors["in_fit"].to_numpy(dtype=bool)
    label = f"{style.label}: {measured:.2f}"
    axis.plot(errors["h"], errors["error"], **style.plot(markers=False, linewidth=0.7, label=None))
    dots = {"linestyle": "none", "marker": style.marker, "markeredgewidth": 0.5}
    colour = style.colour
    axis.plot(
        errors["h"][~fitted], errors["error"][~fitted], **dots, mec=colour, mfc="white", ms=2.8
    )
    axis.plot(errors["h"][fitted], errors["error"][fitted], **dots, mec="white", mfc=colour)
    axis.plot([], [], **style.plot(label=label))  # the legend shows line and marker together


def _slope(axis: Axes, errors: pd.DataFrame, order: int) -> None:
    """A grey line of slope `order` above the points of that order, marked with it."""
    fitted = errors[errors["in_fit"]]
    if fitted.empty:
        return
    h = np.array([fitted["h"].min(), fitted["h"].max()])
    above = 2 * (fitted["error"] / fitted["h"] ** order).max()
    axis.plot(h, above * h**order, color="0.6", linewidth=0.7, zorder=1)
    left = (h[0], above * h[0] ** order)
    axis.annotate(
        f"$h^{{{order}}}$",
        left,
        xytext=(-3, 3),
        textcoords="offset points",
        color="0.4",
    )


def _work(errors: pd.DataFrame) -> Figure:
    figure, grid = canvas.panels(1, 1, height=3.4)
    axis = grid[0, 0]
    for method in in_order(errors["method"]):
        one = errors[errors["method"] == method].sort_values("evaluations")
        axis.plot(one["evaluations"], one["error"], **look(method).plot())
    axis.set(
        xscale="log", yscale="log", ylabel="error at the end of the span",
        xlabel="evaluations of the vector field",
    )  # fmt: skip
    axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))
    return figure
