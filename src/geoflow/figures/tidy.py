"""Plots of tidy tables by seaborn, in the common looks of methods and networks."""

from collections.abc import Iterable
from typing import Any

import pandas as pd
import seaborn as sns
from matplotlib import rcParams
from matplotlib.axes import Axes

from geoflow.figures.palette import SOLID, in_order, look


def looks(names: Iterable[str]) -> dict[str, Any]:
    """Labels, colours, markers and dashes of `names` as keyword arguments for seaborn."""
    shown = {look(name).label: look(name) for name in in_order(names)}
    return {
        "hue_order": list(shown),
        "style_order": list(shown),
        "palette": {label: one.colour for label, one in shown.items()},
        "markers": {label: one.marker for label, one in shown.items()},
        "dashes": {label: "" if one.line == SOLID else one.line[1] for label, one in shown.items()},
    }


def lines(
    axis: Axes, table: pd.DataFrame, x: str, y: str, by: str = "method", markers: bool | list[str] = True,
    **changes: Any,
) -> None:  # fmt: skip
    """Draw one line of column `y` against `x` per method or network in the column `by`.

    Rows with equal x (different seeds) are drawn as their mean and a band from minimum to maximum; NaN
    rows are omitted. markers: those of the palette, none, or a list for a different `style`.
    changes: keyword arguments of `seaborn.lineplot`.
    """
    if table[y].notna().any():
        words = {"hue": by, "style": by} | looks(table[by])
        if markers is not True:
            words["markers"] = markers
        named = table.assign(**{by: table[by].map(lambda name: look(name).label)})
        band = {"errorbar": ("pi", 100), "err_kws": {"linewidth": 0, "alpha": 0.18}}
        edge = {"markeredgewidth": rcParams["lines.markeredgewidth"]}
        sns.lineplot(named.reset_index(drop=True), x=x, y=y, ax=axis, **(words | band | edge | changes))
        remove_legend(axis)
    axis.set(xlabel="", ylabel="")


def points(axis: Axes, table: pd.DataFrame, x: str, y: str, **changes: Any) -> None:
    """Draw mean and standard deviation of the rows per name in `y`, by `seaborn.pointplot`."""
    words = {"linestyle": "none", "errorbar": "sd", "err_kws": {"linewidth": 1}, "capsize": 0.25}
    sns.pointplot(table, x=x, y=y, ax=axis, markersize=4, **(words | changes))
    remove_legend(axis)
    axis.set(xlabel="", ylabel="")


def remove_legend(axis: Axes) -> None:
    """Remove the legend that seaborn adds to a panel; its entries remain available for `canvas.legend`."""
    if legend := axis.get_legend():
        legend.remove()
