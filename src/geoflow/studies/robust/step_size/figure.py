"""Invalid certificates: steps beyond the limit, and norms from few power iterations."""

from typing import Any

import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, look

FALSE: dict[str, Any] = {"color": COLOURS["vermillion"], "marker": "o", "markeredgecolor": "white"}
PLAIN: dict[str, Any] = {"color": "0.35", "linestyle": (0, (1, 1.2))}


def draw(results: Results) -> Figure:
    """Draw expansion and fraction of false claims against the step size, and expansion against iterations."""
    networks, power = results.table("networks"), results.table("power_iteration")
    figure, grid = canvas.panels(1, 3, height=2.9)
    constants, claims, iterations = grid[0]
    _constants(constants, networks)
    _claims(claims, networks)
    spread = power.groupby("iterations")["expansion"]
    excess = spread.mean() - 1
    iterations.loglog(excess.index, excess, **look("non_expansive").plot(label=None))
    iterations.set(title="estimated norm", xlabel="power iterations", ylabel="layer's constant $-\\,1$")
    for axis in (constants, claims):
        axis.axvline(1, color="0.6", linewidth=0.8, zorder=0)
        axis.set_xlabel(r"$c = h\,\|A\|^2 / 2$")
    canvas.legend(figure, [constants, claims], columns=4)
    return figure


def _constants(axis: Axes, networks: pd.DataFrame) -> None:
    one = networks.groupby("relative_step")
    axis.plot(one["bound"].max(), label="bound", **PLAIN)
    axis.plot(one["found"].max(), **look("non_expansive").plot(label="largest Jacobian found"))
    axis.axhline(1, color="0.6", linewidth=0.8, zorder=0)
    axis.set(title="Lipschitz constant", yscale="log", ylabel="of the whole network")


def _claims(axis: Axes, networks: pd.DataFrame) -> None:
    one = networks.groupby("relative_step")
    axis.plot(one["clean"].mean(), label="clean accuracy", color="black", linestyle="--")
    axis.plot(one["false_claims"].max(), label="false certificates of constant 1", **FALSE)
    axis.set(title="certificates", ylabel="share of test images", ylim=(-0.03, 1.03))
