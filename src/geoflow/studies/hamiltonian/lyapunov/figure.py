"""Lyapunov exponents of the Henon-Heiles problem against time, and the chaotic fraction of the section."""

import numpy as np
import pandas as pd
from matplotlib.ticker import NullFormatter

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, look, tidy
from geoflow.studies.hamiltonian.panels import title

SHOWN = (0.0833, 0.125, 0.1667)
ORBITS = 30  # number of orbits per energy in the panels against time
HUES = ("blue", "purple", "vermillion")


def draw(results: Results) -> Figure:
    """Draw (a), (b) exponents of single orbits by the first and the last method, (c) chaotic fractions."""
    exponents, fractions = results.table("exponents"), results.table("fractions")
    methods = list(dict.fromkeys(fractions["method"]))
    figure, grid = canvas.panels(1, 3, height=2.75)
    for axis, method in zip(grid[0], (methods[0], methods[-1]), strict=False):
        _against_time(axis, exponents[exponents["method"] == method])
        axis.set(title=look(method).label)
    grid[0, 1].sharey(grid[0, 0])
    grid[0, 0].set_ylabel("exponent $\\log|v(t)|/t$")
    tidy.lines(grid[0, 2], fractions, "energy", "chaotic")
    for method, one in fractions.groupby("method"):
        one, colour = one.sort_values("energy"), look(str(method)).colour
        band = {"color": colour, "alpha": 0.2, "linewidth": 0}
        grid[0, 2].fill_between(one["energy"], one["low"], one["high"], **band)
    grid[0, 2].set(xlabel="energy $H$", ylabel="chaotic part of the section", title="chaos")
    grid[0, 2].legend(loc="upper left")
    canvas.legend(figure, grid[0, :1], columns=4)
    return figure


def _against_time(axis: Axes, exponents: pd.DataFrame) -> None:
    """Draw one thin line per orbit, and a dotted line for linear growth of the tangent vector."""
    energies = exponents["energy"].unique()
    for hue, wanted in zip(HUES, SHOWN, strict=True):
        energy = energies[np.abs(energies - wanted).argmin()]
        orbits = exponents[(exponents["energy"] == energy) & (exponents["orbit"] < ORBITS)]
        for orbit, one in orbits.groupby("orbit"):
            label = title(energy) if orbit == 0 else None
            axis.plot(one["t"], one["exponent"], color=COLOURS[hue], linewidth=0.5, alpha=0.7, label=label)
    t = np.sort(exponents["t"].unique())
    axis.plot(t, np.log(t) / t, color="black", linestyle=":", label="$\\log(t)/t$", zorder=5)
    axis.set(xscale="log", yscale="log", xlabel="time $t$")
    axis.xaxis.set_minor_formatter(NullFormatter())
