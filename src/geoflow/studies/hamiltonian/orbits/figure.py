"""Kepler's problem over many periods: the orbits, the errors of the invariants, of the position, of the perihelion."""

import numpy as np
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.ground.results import Results
from geoflow.studies.hamiltonian.panels import errors_against_time

COLUMNS = 4


def draw(results: Results) -> Figure:
    """One panel per method: the first periods grey, the last in the colour of the method."""
    orbits = results.table("orbits")
    methods = in_order(orbits["method"])
    rows = -(-len(methods) // COLUMNS)
    figure, grid = canvas.panels(rows, COLUMNS, height=1.45 * rows, sharex=True, sharey=True)
    for axis, method in zip(grid.flat, methods, strict=False):
        one = orbits[orbits["method"] == method]
        first, last = one[one["part"] == "first"], one[one["part"] == "last"]
        axis.plot(last["q1"], last["q2"], color=look(method).colour, linewidth=0.6, zorder=3)
        axis.plot(first["q1"], first["q2"], color="0.78", linewidth=1.8, zorder=2)
        axis.plot([0], [0], marker="+", color="black", markersize=5, zorder=4)
        axis.set_title(look(method).label)
    # Wide enough for an ellipse that turns; a method that leaves this window has lost its planet.
    grid[0, 0].set(xlim=(-2.4, 2.4), ylim=(-1.9, 1.9))
    for axis in grid.flat:
        axis.set_aspect("equal")
    for axis in grid.flat[len(methods) :]:
        axis.set_visible(False)
    canvas.label_outer(grid, "$q_1$", "$q_2$")
    canvas.letter(grid.flat[: len(methods)])
    return figure


def draw_invariants(results: Results) -> Figure:
    """The errors of energy and angular momentum against time."""
    errors = results.table("errors")
    figure, grid = canvas.panels(1, 2, height=2.9, sharex=True)
    energy, momentum = grid[0]
    errors_against_time(energy, errors, "energy_error")
    errors_against_time(momentum, errors, "angular_momentum_error")
    energy.set(title="energy", ylabel=r"$\max_{s \leq t}\, |H(s) - H_0| / |H_0|$")
    momentum.set(title="angular momentum", ylabel=r"$\max_{s \leq t}\, |L(s) - L_0| / |L_0|$")
    canvas.letter(grid)
    canvas.legend(figure, [energy])
    return figure


def draw_drift(results: Results) -> Figure:
    """How position and perihelion go astray."""
    errors = results.table("errors")
    """Position and perihelion, with lines of slope one and two."""
    figure, grid = canvas.panels(1, 2, height=3.3, sharex=True)
    position, perihelion = grid[0]
    errors_against_time(position, errors, "position_error")
    errors_against_time(perihelion, errors, "perihelion")
    t = np.array([errors["t"].max() / 30, errors["t"].max()])
    for slope, end, lift in ((1, 3e-5, "$t$"), (2, 2e-2, "$t^2$")):
        position.plot(t, end * (t / t[-1]) ** slope, color="0.3", linestyle=":", zorder=1)
        position.annotate(lift, (t[-1], end), (2, 0), textcoords="offset points", va="center")
    position.set(title="position", ylabel=r"$\max_{s \leq t}\, |q(s) - q_{\mathrm{exact}}(s)|$")
    perihelion.set(title="perihelion", ylabel="angle turned (radian)")
    canvas.letter(grid)
    canvas.legend(figure, [position])
    return figure
