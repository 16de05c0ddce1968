"""Chain with stiff springs: exchange of the oscillatory energies, the adiabatic invariant, resonances."""

import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, look

SPRINGS = ("black", "blue", "vermillion", "green")  # I, I_1, I_2, I_3
COLUMNS = 3
PANELS = 9


def draw(exchange: Results, over_long: Results) -> Figure:
    """Draw one panel per run with the energies of the springs and their sum; below, the sum over a long time."""
    short, long = exchange.table("energies"), over_long.table("energies")
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
    canvas.legend(figure, grid[:1, 0], columns=4, side="upper")
    canvas.legend(figure, [bottom], columns=4)
    return figure


def _exchange(axis: Axes, energies: pd.DataFrame) -> None:
    for spring, colour in enumerate(SPRINGS):
        one, label = energies[energies["spring"] == spring], f"$I_{spring}$" if spring else "$I$"
        axis.plot(one["t"], one["energy"], color=COLOURS[colour], linewidth=0.7, label=label)
