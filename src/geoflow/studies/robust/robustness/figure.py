"""Accuracy against the size of a perturbation: attacked, certified, and as published."""

from collections.abc import Iterable

import pandas as pd

from geoflow.figures import DOTTED, SOLID, Axes, Figure, Results, canvas, in_order, look, tidy


def draw(results: Results) -> Figure:
    """Draw the accuracies of every network on the left, and the training history on the right."""
    accuracy, training = results.table("accuracy"), results.table("training")
    figure, grid = canvas.panels(1, 2, height=3.1, width_ratios=(1.7, 1))
    against_eps, against_epoch = grid[0]
    for network in in_order(accuracy["network"]):
        _accuracies(against_eps, accuracy[accuracy["network"] == network], network)
    training = training.assign(error=1 - training["validation_accuracy"])
    tidy.lines(against_epoch, training, "epoch", "error", by="network", markers=False)
    against_eps.set(
        title="test images",
        xlabel=r"$\ell_2$ size $\varepsilon$ of the perturbation",
        ylabel="accuracy",
        ylim=(-0.02, 1.02),
    )
    against_epoch.set(title="training", xlabel="epoch", ylabel="error on validation images", yscale="log")
    canvas.legend(figure, [against_eps], columns=3)
    return figure


def draw_course(*results: Results) -> Figure:
    """Draw the accuracies after the attack of the course on the left, certified ones on the right."""
    accuracy = pd.concat([one.table("accuracy") for one in results])
    figure, ((last, proved),) = canvas.panels(1, 2, height=3.1)
    for axis, kinds in ((last, ["last_iterate"]), (proved, ["attacked", "certified"])):
        for network in in_order(accuracy["network"]):
            own = accuracy[(accuracy["network"] == network) & accuracy["kind"].isin(kinds)]
            if len(own):
                _accuracies(axis, own, network, kinds)
        axis.set(xlabel=r"$\ell_2$ size $\varepsilon$ of the perturbation", ylim=(-0.02, 1.02))
    last.set(title="attack of the course", ylabel="accuracy")
    proved.set(title="attack of the project, and certificate")
    canvas.legend(figure, [last, proved], columns=3)
    return figure


def _accuracies(axis: Axes, own: pd.DataFrame, network: str, kinds: Iterable[str] = ("attacked", "certified")) -> None:
    """Draw accuracies under attack with markers, certified ones as a line, published ones as crosses.

    Lines are means over the seeds; the band covers the 95 % intervals of all seeds.
    """
    shown = look(network)
    for kind in kinds:
        one = own[own["kind"] == kind].groupby("eps")
        mean = one["accuracy"].mean()
        style = shown.plot(label=f"{shown.label}, {kind.replace('_', ' ')}", linestyle=DOTTED)
        if kind == "certified":
            style |= {"linestyle": SOLID, "marker": "", "linewidth": 1.6}
        else:
            low, high = one["low"].min(), one["high"].max()
            axis.fill_between(mean.index, low, high, color=shown.colour, alpha=0.15, lw=0)
        axis.plot(mean.index, mean, **style)
    printed = own.dropna(subset=["printed"]).drop_duplicates("eps")
    if len(printed):
        axis.plot(
            printed["eps"], printed["printed"], linestyle="", marker="x", color=shown.colour,
            label=f"{shown.label}, published",
        )  # fmt: skip
