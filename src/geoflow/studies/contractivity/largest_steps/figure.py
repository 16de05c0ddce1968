"""The step at which each method is first found to expand on each field, beside its bounds: a table, coloured."""

from collections.abc import Mapping

import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from geoflow.figures import Figure, Results, canvas, in_order, look
from geoflow.studies.contractivity.panels import TITLES

ATTAINED = 1.02  # first expansion by bound, up to which the bound counts as attained
SHADES = {
    "not found to expand": "#ffffff",
    "expands beyond the bound": "#d8e6f2",
    "at the bound, within 2 %": "#8fbbe0",
    "radius 0, expands below the linear bound": "#f7d9b5",
    "a skew part: expands within the gradient's bound": "#e8a6a0",
}


def draw(results: Results) -> Figure:
    """Rows: the methods that are not B-stable. First two columns: 2 r and the real stability interval."""
    table = results.table("steps")
    table = table[table["gradient_bound"] < np.inf]
    fields, methods = list(dict.fromkeys(table["field"])), in_order(table["method"])
    cells = table.set_index(["method", "field"])
    figure, grid = canvas.panels(height=0.165 * len(methods) + 1.5)
    axis = grid[0, 0]
    shade = np.array([[0, 0, *(_shade(cells.loc[(m, f)]) for f in fields)] for m in methods])
    axis.imshow(shade, cmap=ListedColormap(list(SHADES.values())), vmin=0, vmax=len(SHADES) - 1, aspect="auto")
    for i, method in enumerate(methods):
        rows = [cells.loc[(method, field)] for field in fields]
        numbers = [rows[0]["gradient_bound"], rows[0]["linear"], *(row["first_expansion"] for row in rows)]
        censored = [0, 0, *(row["at_most"] for row in rows)]
        for j, (number, at_most) in enumerate(zip(numbers, censored, strict=True)):
            axis.text(j, i, _number(number, bool(at_most)), ha="center", va="center", fontsize=6.5)
    heads = ["$2r$", "linear", *(TITLES.get(f, f).replace(", ", ",\n") for f in fields)]
    axis.set_xticks(range(len(heads)), heads, rotation=40, ha="left", fontsize=7)
    axis.set_yticks(range(len(methods)), [look(m).label for m in methods], fontsize=7)
    axis.xaxis.tick_top()
    axis.tick_params(length=0)
    axis.grid(False)
    axis.axvline(1.5, color="0.2", linewidth=0.6)
    axis.spines[:].set_visible(False)
    handles = [Patch(facecolor=colour, edgecolor="0.7", label=text) for text, colour in SHADES.items()]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, fontsize=7)
    return figure


def _shade(row: Mapping[str, float]) -> int:
    first, bound = row["first_expansion"], row["gradient_bound"]
    if np.isnan(first):
        return 0
    if bound == 0:
        return 3 if first < 0.99 * row["linear"] else 1
    if row["skew"] > 0 and first < 0.999 * bound:
        return 4
    return 2 if first <= ATTAINED * bound else 1


def _number(value: float, at_most: bool) -> str:
    """Three digits; with a sign when the smallest step that was searched expands already."""
    if at_most:
        return rf"$\leq${value:.3g}"
    if not np.isfinite(value):
        return r"$\infty$" if value > 0 else "--"
    if 0 < value < 0.01:
        return "$< 0.01$"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
