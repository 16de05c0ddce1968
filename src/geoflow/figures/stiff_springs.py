"""Chain with stiff springs: exchange of the oscillatory energies, the adiabatic invariant, resonances."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from geoflow.figures import canvas
from geoflow.figures.palette import COLOURS, look
from geoflow.results import Results

SPRINGS = ("black", "blue", "vermillion", "green")  # I, I_1, I_2, I_3
COLUMNS = 3
PANELS = 9


def draw(data: Mapping[str, Results], name: str) -> Figure:
    """The errors against h omega, or the energies against time from two experiments."""
    if name == "fput_resonance":
        return _resonances(data[name])
    return _energies(data["fput_exchange"].table("energies"), data["fput_long"].table("energies"))


def _energies(short: pd.DataFrame, long: pd.DataFrame) -> Figure:
    """One panel a run with the energies of the springs and their sum; below, the sum over the long time."""
    runs = list(short.groupby(["method", "h_omega"], sort=False))
    runs = [run for run in runs if run[1]["energy"].max() < 5][:PANELS]
    rows = -(-len(runs) // COLUMNS)
    figure = Figure(figsize=(canvas.WIDTH, 1.25 * rows + 2.1), layout="constrained")
    parts = figure.add_gridspec(2, 1, height_ratios=(1.25 * rows, 1.8))
    grid = parts[0].subgridspec(rows, COLUMNS).subplots(sharex=True, sharey=True, squeeze=False)
    for axis, ((method, x), one) in zip(grid.flat, runs, strict=False):
        _exchange(axis, one)
        axis.set_title(look(str(method)).label)
        step = f"$h\\omega = {x:g}$"  # not in the title: mathematics and accents do not mix
        axis.text(0.98, 0.98, step, transform=axis.transAxes, ha="right", va="top", fontsize=8)
    for axis in grid.flat[len(runs) :]:
        axis.set_visible(False)
    grid[0, 0].set(ylim=(-0.05, 1.65))
    for axis in grid[:, 0]:
        axis.set_ylabel("energy")
    for axis in grid[-1]:
        axis.set_xlabel("time $t$")
    bottom = figure.add_subplot(parts[1])
    total = long[long["spring"] == 0]
    for (method, x), one in total.groupby(["method", "h_omega"], sort=False):
        one = one[one["t"] > 0]
        label = f"{look(str(method)).label}, {x:g}"
        line = look(str(method)).plot(markers=False, linewidth=0.6, label=label)
        bottom.plot(one["t"], one["energy"], **line)
    bottom.set(
        xscale="log", xlabel="time $t$", ylabel="$I$", ylim=(0, None),
        title="sum of the oscillatory energies; beside each method its step",
    )  # fmt: skip
    canvas.letter([*grid.flat[: len(runs)], bottom])
    canvas.legend(figure, grid[:1, 0], columns=4, side="upper")
    canvas.legend(figure, [bottom], columns=4)
    return figure


def _exchange(axis: Axes, energies: pd.DataFrame) -> None:
    for spring, colour in enumerate(SPRINGS):
        one, label = energies[energies["spring"] == spring], f"$I_{spring}$" if spring else "$I$"
        axis.plot(one["t"], one["energy"], color=COLOURS[colour], linewidth=0.7, label=label)


def _resonances(results: Results) -> Figure:
    """One panel a method: errors of H and I against h omega/pi; dots, the fine runs' I."""
    deviations, fine = results.table("deviations"), results.table("fine")
    methods = list(dict.fromkeys(deviations["method"]))
    columns = min(4, len(methods))
    rows = -(-len(methods) // columns)
    figure, grid = canvas.panels(rows, columns, height=0.6 + 1.75 * rows, sharex=True, sharey=True)
    for axis, method in zip(grid.flat, methods, strict=False):
        one = deviations[deviations["method"] == method].sort_values("h_omega")
        for quantity, colour, label in (
            ("energy", "blue", "energy $H$"),
            ("oscillatory", "vermillion", "adiabatic invariant $I$"),
        ):
            axis.plot(
                one["h_omega"] / np.pi, one[quantity], color=COLOURS[colour], linewidth=0.8,
                marker=".", markersize=2, markeredgewidth=0, label=label,
            )  # fmt: skip
        axis.plot(
            fine["h_omega"] / np.pi, fine["oscillatory"], "o", color="black", markersize=2.2,
            markerfacecolor="white", markeredgewidth=0.5, label="$I$, fine run", zorder=5,
        )  # fmt: skip
        axis.set(title=look(method).label, yscale="log", ylim=(1e-4, 30))
        axis.xaxis.set_major_locator(MultipleLocator(1))
        axis.xaxis.set_major_formatter(FuncFormatter(_multiple_of_pi))
    for axis in grid.flat[len(methods) :]:
        axis.set_visible(False)
    for axis in grid[:, 0]:
        axis.set_ylabel("largest relative error")
    for axis in grid.flat[max(len(methods) - columns, 0) : len(methods)]:
        axis.set_xlabel("$h\\omega$")
        axis.tick_params(labelbottom=True)
    canvas.letter(grid.flat[: len(methods)])
    canvas.legend(figure, grid[:1, 0], columns=3)
    return figure


def _multiple_of_pi(x: float, _position: int | None) -> str:
    whole = round(x)
    return "0" if whole == 0 else "$\\pi$" if whole == 1 else f"${whole}\\pi$"
