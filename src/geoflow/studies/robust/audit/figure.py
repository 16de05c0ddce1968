"""Robust accuracy against the budget of the attack; weak attacks overestimate it."""

import numpy as np
import pandas as pd

from geoflow.figures import Axes, Figure, Results, canvas, look

TITLES = {
    "pgd_10_short": "PGD-10\nshort",
    "pgd_20_short": "PGD-20\nshort",
    "pgd_40_short": "PGD-40\nshort",
    "pgd_10": "PGD-10",
    "pgd_100": "PGD-100",
    "pgd_100_all": "PGD-100\nmargin",
    "auto_attack": "Auto-\nAttack",
}


def draw(results: Results) -> Figure:
    """Draw one panel per eps: accuracies from the weakest to the strongest attack, and certified as lower bound."""
    budgets = results.table("budgets")
    control = results.values["control"]["label"]
    budgets = budgets[budgets["network"] != control]
    figure, axes = canvas.facets(sorted(budgets["eps"].unique()), 1, height=1.75, more=0.8)
    for radius, axis in axes.items():
        here = budgets[budgets["eps"] == radius]
        for network in here["network"].unique():
            _ladder(axis, here[here["network"] == network], network)
        axis.set(title=rf"$\varepsilon = {radius:g}$", ylabel="test accuracy", ylim=(-0.04, 1.04))
    _names(axis, budgets)
    canvas.legend(figure, axes.values(), columns=2)
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
    """Label each attack with its name, which includes the number of gradients, and its reach."""
    reach = _attacks(budgets).groupby("attack", sort=False)["reach"].max()
    labels = [
        TITLES.get(str(attack), str(attack).replace("_", " ")) + f"\n$\\leq {most:.2f}\\,\\varepsilon$"
        for attack, most in reach.items()
    ]
    axis.set_xticks(np.arange(len(labels)), labels)
    axis.set_xlabel("attack, and the largest perturbation that it reaches")
