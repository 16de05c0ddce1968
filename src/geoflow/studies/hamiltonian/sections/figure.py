"""Henon-Heiles: surfaces of section, and one invariant curve computed by two methods of equal cost."""

from typing import Any

import numpy as np
import pandas as pd

from geoflow.figures import COLOURS, CYCLE, Axes, Figure, Results, canvas, look
from geoflow.studies.hamiltonian.panels import title

CHAOTIC = 0.01  # threshold far above log(t)/t and far below the exponent of the chaotic sea
DOT: dict[str, Any] = {"linestyle": "none", "marker": ".", "markeredgewidth": 0, "rasterized": True}


def draw(results: Results) -> Figure:
    """Draw the sections of the first method, one panel per energy."""
    crossings = results.table("crossings")
    crossings = crossings[crossings["method"] == crossings["method"].iloc[0]]
    exponents = results.table("orbits").set_index(["energy", "orbit"])["exponent"]
    energies = np.sort(crossings["energy"].unique())
    figure, grid = canvas.panels(1, len(energies), height=2.35)
    for axis, energy in zip(grid[0], energies, strict=True):
        _section(axis, crossings[crossings["energy"] == energy], exponents[energy])
        axis.set(title=title(energy), xlabel="$q_2$", box_aspect=1)
        axis.grid(visible=False)
    grid[0, 0].set_ylabel("$p_2$")
    return figure


def _section(axis: Axes, points: pd.DataFrame, exponents: "pd.Series[float]") -> None:
    """Draw chaotic orbits in black in the background, and regular ones in the colours of the cycle."""
    colours = [COLOURS[name] for name in CYCLE if name != "black"]
    chaotic = set(exponents.index[exponents > CHAOTIC])
    for orbit, one in points.groupby("orbit"):
        colour, order = ("black", 1) if orbit in chaotic else (colours[int(str(orbit)) % len(colours)], 2)
        axis.plot(one["q2"], one["p2"], color=colour, markersize=1.0, zorder=order, **DOT)


def draw_control(results: Results) -> Figure:
    """Draw one invariant curve by all methods."""
    curve = results.table("curve")
    methods = list(dict.fromkeys(curve["method"]))
    figure, grid = canvas.panels(1, len(methods) + 1, height=2.5)
    for axis, method in zip(grid[0], methods, strict=False):
        one = curve[curve["method"] == method]
        axis.plot(one["q2"], one["p2"], color=look(method).colour, markersize=1.2, **DOT)
        axis.set(title=look(method).label, xlabel="$q_2$")
        axis.sharex(grid[0, 0])
        axis.sharey(grid[0, 0])
        energy = grid[0, -1]
        energy.plot(one["t"], one["energy_error"], **look(method).plot(markers=False, linewidth=0.7))
    grid[0, 0].set_ylabel("$p_2$")
    grid[0, -1].set(yscale="log", xlabel="time $t$", ylabel="$|H - H_0|/H_0$", title="energy at the crossings")
    grid[0, -1].legend(loc="center right")
    return figure
