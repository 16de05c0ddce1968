"""All methods of the table on one problem: error against the step size, a panel for each family."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.ground.results import Results

COLUMNS, LARGEST = 3, 14
HIGHEST = 8.4  # inches that leave room for the caption on a page


def draw(results: Results) -> Figure:
    """The problem on which most methods are measured; no panel holds more than LARGEST methods."""
    table = results.table("catalogue")
    errors = results.table("errors")
    problem = table["problem"].mode()[0]
    errors = errors[(errors["problem"] == problem) & (errors["error"] > 0)]
    table = table[~table["control"] & table["method"].isin(errors["method"])]
    groups = panels_of(table)
    rows = -(-len(groups) // COLUMNS)
    figure, grid = canvas.panels(rows, COLUMNS, height=min(2.05 * rows, HIGHEST), sharex=True)
    declared = table.set_index("method")["declared"]
    for axis, (title, methods) in zip(grid.flat, groups, strict=False):
        inside = errors[errors["method"].isin(methods)]
        _slopes(axis, inside, {method: int(declared[method]) for method in methods})
        for method in methods:
            one = inside[inside["method"] == method].sort_values("h")
            axis.plot(one["h"], one["error"], **look(method).plot(markersize=3, linewidth=0.8))
        axis.set(xscale="log", yscale="log", title=title)
        axis.legend(fontsize=4.6, loc="center right", handlelength=2.2, labelspacing=0.2)
    # Room for the legends lies to the right of the largest step.
    grid[0, 0].set_xlim(errors["h"].min() / 2, 1000 * errors["h"].max())
    for axis in grid[-1]:
        axis.set_xlabel("step size $h$")
    for axis in grid[:, 0]:
        axis.set_ylabel("error")
    for axis in grid.flat[len(groups) :]:
        axis.set_visible(False)
    canvas.letter(grid.flat[: len(groups)])
    return figure


def panels_of(table: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """(title, methods) of each panel: the families, a large one by declared order, small ones together."""
    groups: list[tuple[str, list[str]]] = []
    few: list[str] = []
    for family, members in table.groupby("family", sort=False):
        if len(members) < 3:
            few += list(members["method"])
            continue
        members = members.sort_values("declared", kind="stable")
        parts = -(-len(members) // LARGEST)
        for part in np.array_split(members["method"].to_numpy(), parts):
            orders = members.loc[members["method"].isin(part), "declared"]
            numbers = f", orders {orders.min()} to {orders.max()}" if parts > 1 else ""
            groups.append((f"{str(family).removesuffix(' Runge-Kutta')}{numbers}", in_order(part)))
    return groups + [
        ("others", in_order(few[k : k + LARGEST])) for k in range(0, len(few), LARGEST)
    ]


def _slopes(axis: Axes, errors: pd.DataFrame, declared: Mapping[str, int]) -> None:
    """For each declared order a grey line of that slope below the largest errors."""
    for order in sorted(set(declared.values())):
        of_order = [method for method, p in declared.items() if p == order]
        points = errors[errors["method"].isin(of_order)]
        largest = points["error"][points["h"] == points["h"].max()].max()
        h = points["h"].max() * np.array([1 / 6, 1.0])
        line = 0.3 * largest * (h / h[1]) ** order
        axis.plot(h, line, color="0.75", linewidth=1.6, zorder=1)
        axis.text(h[0], line[0], f"{order} ", color="0.45", fontsize=6, ha="right", va="center")
