"""Work-precision diagrams of several problems, one colour per family, with the name of the best method of each."""

import string
from collections.abc import Mapping
from itertools import cycle

import numpy as np
import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, look

TITLES = {"kepler": "Kepler", "henon_heiles": "Henon-Heiles"}
SHOWN = (1e-15, 1.0)
LETTERED = 1e-5  # near this error the lines have their letters, a decade apart


def draw(*runs: Results) -> Figure:
    """Draw one panel per problem; faint lines are all methods, strong lines the cheapest of each family."""
    figure, grid = canvas.panels(len(runs), 1, height=2.7 * len(runs))
    tables = [(results.table("errors"), results.table("costs")) for results in runs]
    families = dict.fromkeys(f for _, costs in tables for f in costs["family"])
    colours = dict(zip(families, cycle(colour for name, colour in COLOURS.items() if name != "grey"), strict=False))
    for axis, results, (errors, costs) in zip(grid[:, 0], runs, tables, strict=True):
        _panel(axis, errors, costs, colours)
        problem = results.values["problem"]["name"]
        axis.set_title(TITLES.get(problem, problem.replace("_", " ")))
    grid[-1, 0].set_xlabel("evaluations of the vector field")
    return figure


def _panel(axis: Axes, errors: pd.DataFrame, costs: pd.DataFrame, colours: Mapping[str, str]) -> None:
    errors = errors[(errors["error"] > 0) & (errors["error"] < SHOWN[1])]
    best = best_of_families(errors, costs)
    for (family, method), one in errors.groupby(["family", "method"], sort=False):
        one = one.sort_values("evaluations")
        strong = method in best.values()
        axis.plot(
            one["evaluations"], one["error"], color=colours[str(family)],
            linewidth=1.3 if strong else 0.5, alpha=1 if strong else 0.4, zorder=3 if strong else 2,
        )  # fmt: skip
    for k, (family, colour) in enumerate(colours.items()):
        mark, height = string.ascii_uppercase[k], LETTERED * 10.0 ** (len(colours) / 2 - k)
        if family not in best:
            continue
        one = errors[errors["method"] == best[family]].reset_index(drop=True)
        place = one.loc[np.log(one["error"] / height).abs().idxmin()]
        axis.text(
            place["evaluations"], place["error"], mark, color=colour, fontsize=6,
            ha="center", va="center", zorder=4,
            bbox={"boxstyle": "circle,pad=0.15", "fc": "white", "ec": colour, "lw": 0.6},
        )  # fmt: skip
        label = f"{mark}: {family} ({look(best[family]).label})"
        axis.plot([], [], color=colour, label=label)
    axis.set(xscale="log", yscale="log", ylim=SHOWN, ylabel="relative error")
    axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=6, title="best of each")


def best_of_families(errors: pd.DataFrame, costs: pd.DataFrame) -> dict[str, str]:
    """Family -> the method with the fewest evaluations, or, where none gets there, with the smallest error."""
    smallest = errors.groupby("method")["error"].min()
    costs = costs.assign(error=costs["method"].map(smallest)).dropna(subset="error")
    costs = costs.assign(error=costs["error"].where(np.isinf(costs["evaluations"])))  # it counts where none gets there
    ranked = costs.sort_values(["evaluations", "error"], kind="stable").drop_duplicates("family")
    return dict(zip(ranked["family"], ranked["method"], strict=True))
