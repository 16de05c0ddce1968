"""Robust accuracy against the budget of the attack: how a weak attack inflates it."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import look
from geoflow.ground.results import Results

TITLES = {
    "pgd_10_short": "PGD-10\nshort",
    "pgd_20_short": "PGD-20\nshort",
    "pgd_40_short": "PGD-40\nshort",
    "pgd_10": "PGD-10",
    "pgd_100": "PGD-100",
    "pgd_100_all": "PGD-100\nmargin",
    "auto_attack": "Auto-\nAttack",
    "foolbox_pgd": "foolbox",
}


def draw(results: Results) -> Figure:
    """One panel an eps: accuracies from the weakest attack to the strongest, certified as a floor."""
    budgets = results.table("budgets")
    control = results.values["control"]["label"]
    budgets = budgets[budgets["network"] != control]
    radii = sorted(budgets["eps"].unique())
    figure, grid = canvas.panels(len(radii), 1, height=0.8 + 1.75 * len(radii), sharex=True)
    for axis, radius in zip(grid[:, 0], radii, strict=True):
        here = budgets[budgets["eps"] == radius]
        for network in here["network"].unique():
            _ladder(axis, here[here["network"] == network], network)
        axis.set(title=rf"$\varepsilon = {radius:g}$", ylabel="test accuracy", ylim=(-0.04, 1.04))
    _names(grid[-1, 0], budgets)
    canvas.letter(grid)
    canvas.legend(figure, grid, columns=2)
    return figure


def _attacks(own: pd.DataFrame) -> pd.DataFrame:
    return own[~own["attack"].isin(["all", "certified"])].sort_values("place")


def _ladder(axis: Axes, own: pd.DataFrame, network: str) -> None:
    attacks, floor = _attacks(own), own[own["attack"] == "certified"]
    shown, x = look(network), np.arange(len(attacks))
    axis.fill_between(x, attacks["low"], attacks["high"], color=shown.colour, alpha=0.15, lw=0)
    axis.plot(x, attacks["accuracy"], **shown.plot(label=f"{shown.label}, survives the attack"))
    axis.axhline(
        float(floor["accuracy"].iloc[0]), color=shown.colour, linewidth=1.2, linestyle=":",
        label=f"{shown.label}, certified",
    )  # fmt: skip


def _names(axis: Axes, budgets: pd.DataFrame) -> None:
    """Below each attack how far it gets; the number of gradients is in its name."""
    one = _attacks(budgets).groupby("attack", sort=False)["reach"].max()
    order = _attacks(budgets).drop_duplicates("attack")["attack"]
    names = [TITLES.get(attack, attack.replace("_", " ")) for attack in order]
    labels = [
        rf"{title}" + "\n" + rf"$\leq {one[attack]:.2f}\,\varepsilon$"
        for attack, title in zip(order, names, strict=True)
    ]
    axis.set_xticks(np.arange(len(labels)), labels)
    axis.set_xlabel("attack, and the largest perturbation that it reaches")
