"""What is left when the modified Hamiltonian is truncated best: exponentially small in 1/h."""

import numpy as np

from geoflow.figures import Axes, Figure, Results, canvas, look

METHOD = "stormer_verlet"
ROUND_OFF = 1e-11  # near it a least error is not the series' own


def draw(*runs: Results) -> Figure:
    """One panel per problem: the least error over N against 1/h, where exp(-c/h) is a straight line."""
    figure, grid = canvas.panels(1, len(runs), height=3.0, sharey=True)
    for axis, results in zip(grid[0], runs, strict=True):
        _panel(axis, results)
        axis.set(title=results.values["problem"]["name"].capitalize(), xlabel="$1/h$")
    grid[0, 0].set(yscale="log", ylim=(1e-15, 2), ylabel="largest error")
    canvas.legend(figure, grid)
    return figure


def _panel(axis: Axes, results: Results) -> None:
    errors, rate = results.table("errors"), results.summary.get("expected_rate", 1.0)
    one = errors[errors["method"] == METHOD]
    table = one.pivot_table(index="h", columns="truncation", values="error")
    x, best = 1 / table.index.to_numpy(), table.min(axis=1).to_numpy()
    energy, last = table.iloc[:, 0].to_numpy(), table.iloc[:, -1].to_numpy()
    own = (best > ROUND_OFF) & (best < last)
    style = look(METHOD).plot(linestyle="none", markersize=4.5)
    axis.plot(x, energy, color="0.6", linewidth=0.9, label="$H$ itself")
    axis.plot(x[own], best[own], **{**style, "label": "best truncation"})
    hollow = {"markerfacecolor": "none", "markeredgecolor": look(METHOD).colour}
    label = "last term known, or round-off"
    axis.plot(x[~own], best[~own], **{**style, **hollow, "markeredgewidth": 0.6, "label": label})
    if own.any():
        middle = np.exp(np.mean(np.log(best[own]) + rate * x[own]))
        ends = x[own].min(), (np.log(middle) - np.log(1e-15)) / rate
        line = np.array(ends)
        label = r"$\exp(-2\pi\rho/h)$"
        axis.plot(line, middle * np.exp(-rate * line), color="0.2", linestyle=":", label=label)
        axis.set_xlim(0.8 * ends[0], 1.6 * ends[1])
