"""The gallery: orbits of classical problems by three methods each, and the error of an invariant."""

from typing import Any

import numpy as np
import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, in_order, look
from geoflow.studies.hamiltonian.panels import errors_against_time

# Experiment -> axes of its orbits, window, and the invariant that is drawn.
PLANES: dict[str, tuple[tuple[str, str], tuple[float, float, float, float], str]] = {
    "lotka_volterra_orbits": (("$u$", "$v$"), (0, 4, 0, 5.5), "energy"),
    "rigid_body_sphere": (("$y_1$", "$y_2$"), (-1.5, 1.5, -1.5, 1.5), "casimir"),
    "figure_eight_orbit": (("$q_1$", "$q_2$"), (-1.6, 1.6, -1.0, 1.0), "energy"),
    "charged_particle_energy": (("$x_1$", "$x_2$"), (-1.3, 1.3, -1.3, 1.3), "energy"),
}
DOTTED = {"charged_particle_energy"}
ROUND = {"charged_particle_energy", "rigid_body_sphere"}
INVARIANTS = {"energy": "energy", "casimir": "$|y|^2$"}
METHODS = 3
VIEW = np.deg2rad([35.0, 25.0])  # viewing direction of the sphere: azimuth, elevation


def draw(*gallery: Results) -> Figure:
    """Draw one row per problem: its orbits by three methods, and the error of an invariant."""
    figure, grid = canvas.panels(len(gallery), METHODS + 1, height=1.75 * len(gallery))
    for row, results in zip(grid, gallery, strict=True):
        experiment = results.folder.name
        labels, window, invariant = PLANES[experiment]
        orbits, errors = results.table("orbits"), results.table("errors")
        methods = in_order(orbits["method"])[:METHODS]
        for axis, method in zip(row, methods, strict=False):
            _orbits(axis, orbits[orbits["method"] == method], look(method).colour, experiment in DOTTED)
            axis.set(title=look(method).label, xlim=window[:2], ylim=window[2:])
            axis.set(xlabel=labels[0], ylabel=labels[1])
            if experiment in ROUND:
                axis.set_aspect("equal")
        for axis in row[len(methods) : METHODS]:
            axis.set_visible(False)
        first = errors[(errors["invariant"] == invariant) & (errors["start"] == 0)]
        errors_against_time(row[METHODS], first, "error")
        row[METHODS].set(title=INVARIANTS[invariant], ylabel="largest error so far", xlabel="$t$")
    return figure


def _orbits(axis: Axes, orbits: pd.DataFrame, colour: str, dotted: bool) -> None:
    """Draw the orbits of all starts; three components are seen from VIEW, with the rear side fainter.

    dotted: draw points, the first tenth of the samples grey and the last tenth in colour, if they are too far apart
    for a line.
    """
    if "z" in orbits:
        angle = np.linspace(0, 2 * np.pi, 200)
        axis.plot(np.cos(angle), np.sin(angle), color="0.6", linewidth=0.7)
        axis.set_axis_off()
    for _, one in orbits.groupby("start"):
        x, y = one["x"].to_numpy(), one["y"].to_numpy()
        if "z" in one:
            x, y, depth = _seen(x, y, one["z"].to_numpy())
            front = np.where(depth >= 0, y, np.nan)
            axis.plot(x, y, color=colour, linewidth=0.4, alpha=0.35)
            axis.plot(x, front, color=colour, linewidth=0.8)
        elif dotted:
            tenth = len(x) // 10
            dots: Any = {"linestyle": "none", "marker": ".", "markersize": 1.8, "markeredgewidth": 0}
            axis.plot(x[:tenth], y[:tenth], color="0.7", **dots)
            axis.plot(x[-tenth:], y[-tenth:], color=colour, **dots)
        else:
            axis.plot(x, y, color=colour, linewidth=0.5)


def _seen(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coordinates to the right, upward and towards an observer at VIEW."""
    (c, s), (C, S) = ((np.cos(a), np.sin(a)) for a in VIEW)
    towards = c * x + s * y
    return c * y - s * x, C * z - S * towards, C * towards + S * z


def draw_projection(results: Results) -> Figure:
    """Draw a step from each start on the level set (a circle) as an arrow, and the projection back as a dotted line."""
    steps = results.table("orbits")
    figure, grid = canvas.panels(1, 1, height=3.2)
    axis, angle = grid[0, 0], np.linspace(0, 2 * np.pi, 200)
    axis.plot(np.cos(angle), np.sin(angle), color="0.75", linewidth=2, zorder=1, label="$H(q, p) = H(q_0, p_0)$")
    for number, one in steps.groupby("start"):
        ends = [own[["x", "y"]].to_numpy()[[0, -1]] for _, own in one.groupby("method", sort=False)]
        (start, away), (_, back) = ends
        method, projected = (look(name) for name in dict.fromkeys(one["method"]))
        axis.annotate("", away, start, arrowprops={"arrowstyle": "->", "color": method.colour})
        axis.plot(*np.array([away, back]).T, color=projected.colour, linestyle=":", zorder=2)
        axis.plot(*start, "ko", label="start" if number == 0 else None)
        for point, shown in ((away, method), (back, projected)):
            axis.plot(*point, **shown.plot(linestyle="", label=shown.label if number == 0 else None))
    axis.set(xlabel="$q$", ylabel="$p$", aspect="equal")
    canvas.legend(figure, [axis])
    return figure


def draw_lattices(argon: Results, toda: Results) -> Figure:
    figure = Figure(figsize=(canvas.WIDTH, 4.3), layout="constrained")
    rows = figure.add_gridspec(2, 1, height_ratios=(1.15, 1))
    energy, temperature = rows[0].subgridspec(1, 2).subplots(squeeze=False)[0]
    errors, observed = argon.table("errors"), argon.table("observed")
    errors = errors[errors["invariant"] == "energy"]
    for place, one in observed.groupby(["method", "h"]):
        method, h = str(place[0]), float(str(place[1]))
        shown = look(method).plot(markers=False, linewidth=0.8)
        shown["label"] = f"{look(method).label}, {1e6 * h:g} fs"
        if h > errors["h"].median():
            shown["color"] = COLOURS["indigo"]  # the longer of the two steps of one method
        same = errors[(errors["method"] == method) & (errors["h"] == h) & (errors["t"] > 0)]
        energy.plot(same["t"], same["error"], **shown)
        temperature.plot(one["t"], one["value"], **shown)
    energy.set(title="argon: energy", ylabel="relative error", xlabel="$t$ (ns)", yscale="log")
    temperature.set(title="argon: temperature", ylabel="$T$ (K)", xlabel="$t$ (ns)")
    _spectra(rows[1].subgridspec(1, 3).subplots(squeeze=False)[0], toda.table("observed"))
    canvas.legend(figure, [energy], columns=3, side="upper")
    return figure


def _spectra(axes: np.ndarray, spectra: pd.DataFrame) -> None:
    """Draw the eigenvalues for the first and the last method, and their largest changes for all methods."""
    methods = in_order(spectra["method"])
    for axis, method in zip(axes, (methods[0], methods[-1]), strict=False):
        for _, one in spectra[spectra["method"] == method].groupby("number"):
            axis.axhline(one["value"].iloc[0], color="0.75", linewidth=0.8, zorder=1)
            axis.plot(one["t"], one["value"], color=look(method).colour, linewidth=0.8)
        axis.set(title=f"Toda: {look(method).label}", xlabel="$t$", ylabel="eigenvalues of $L$")
    axes[1].sharey(axes[0])
    first = spectra.groupby(["method", "number"])["value"].transform("first")
    change = spectra.assign(error=(spectra["value"] - first).abs())
    errors = change.groupby(["method", "t"])["error"].max().reset_index()
    errors_against_time(axes[2], errors, "error")
    axes[2].set(title="Toda: eigenvalues", ylabel="largest change so far", xlabel="$t$")
    axes[2].legend(fontsize=6, loc="upper left")
