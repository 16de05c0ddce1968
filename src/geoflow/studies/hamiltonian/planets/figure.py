"""The outer solar system: numerical orbits, and errors of the invariants."""

import pandas as pd

from geoflow.figures import COLOURS, CYCLE, Axes, Figure, Results, canvas, in_order, look
from geoflow.studies.hamiltonian.panels import errors_against_time


def draw(results: Results) -> Figure:
    """Draw one panel per method with the orbits in the plane x, y, and below the errors against time."""
    orbits, errors = results.table("orbits"), results.table("errors")
    methods = in_order(orbits["method"])
    figure = Figure(figsize=(canvas.WIDTH, 4.4), layout="constrained")
    rows = figure.add_gridspec(2, 1, height_ratios=(1, 1.1))
    shown = rows[0].subgridspec(1, len(methods)).subplots(sharex=True, sharey=True, squeeze=False)[0]
    energy, momentum = rows[1].subgridspec(1, 2).subplots(squeeze=False, sharex=True)[0]
    bodies = list(dict.fromkeys(orbits["body"]))
    for axis, method in zip(shown, methods, strict=True):
        _orbits(axis, orbits[orbits["method"] == method], bodies)
        axis.set(title=look(method).label, xlabel="$x$ (au)", aspect="equal")
    shown[0].set_ylabel("$y$ (au)")
    errors_against_time(energy, errors, "energy_error")
    errors_against_time(momentum, errors, "angular_momentum_error")
    energy.set(title="energy", ylabel="largest relative error so far", xlabel="time $t$ (days)")
    momentum.set(title="angular momentum", xlabel="time $t$ (days)")
    canvas.legend(figure, shown[:1], columns=len(bodies), side="upper")
    canvas.legend(figure, [energy])
    return figure


def _orbits(axis: Axes, orbits: pd.DataFrame, bodies: list[str]) -> None:
    """Draw the positions of each body, relative to the Sun."""
    sun = orbits[orbits["body"].str.lower() == "sun"].set_index("t")
    for number, body in enumerate(bodies):
        one = orbits[orbits["body"] == body].set_index("t")
        x, y = one["x"], one["y"]
        if not sun.empty:
            x, y = x - sun["x"], y - sun["y"]
        colour = COLOURS[CYCLE[number % len(CYCLE)]]
        if body.lower() == "sun":
            axis.plot([0], [0], ".", color="black", markersize=4, label=body.capitalize())
        else:
            axis.plot(x, y, color=colour, linewidth=0.5, label=body.capitalize())
