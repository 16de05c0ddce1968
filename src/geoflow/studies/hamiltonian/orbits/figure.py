"""Kepler's problem over many periods: the orbits, the errors of the invariants, of the position, of the perihelion."""

import numpy as np

from geoflow.figures import Figure, Results, canvas, in_order, look
from geoflow.studies.hamiltonian.panels import errors_against_time


def draw(results: Results) -> Figure:
    """Draw one panel per method: the first periods grey, the last ones in the colour of the method."""
    orbits = results.table("orbits")
    figure, axes = canvas.facets(in_order(orbits["method"]), 4, height=1.45)
    for method, axis in axes.items():
        one = orbits[orbits["method"] == method]
        first, last = one[one["part"] == "first"], one[one["part"] == "last"]
        axis.plot(last["q1"], last["q2"], color=look(method).colour, linewidth=0.6, zorder=3)
        axis.plot(first["q1"], first["q2"], color="0.78", linewidth=1.8, zorder=2)
        axis.plot([0], [0], marker="+", color="black", markersize=5, zorder=4)
        axis.set(title=look(method).label)
        # Large enough for a rotating ellipse; orbits outside this window are unphysical.
        axis.set(xlim=(-2.4, 2.4), ylim=(-1.9, 1.9), aspect="equal")
    canvas.label_outer(axes.values(), "$q_1$", "$q_2$")
    return figure


def draw_invariants(results: Results) -> Figure:
    """Draw the errors of energy and angular momentum against time."""
    energy = ("energy", r"$\max_{s \leq t}\, |H(s) - H_0| / |H_0|$")
    momentum = ("angular momentum", r"$\max_{s \leq t}\, |L(s) - L_0| / |L_0|$")
    return _errors(results, 2.9, energy_error=energy, angular_momentum_error=momentum)[0]


def draw_drift(results: Results) -> Figure:
    """Draw errors of position and perihelion, with lines of slope one and two."""
    said = r"$\max_{s \leq t}\, |q(s) - q_{\mathrm{exact}}(s)|$"
    turned = ("perihelion", "angle turned (radian)")
    figure, (position, _) = _errors(results, 3.3, position_error=("position", said), perihelion=turned)
    end_of_time = results.table("errors")["t"].max()
    t = np.array([end_of_time / 30, end_of_time])
    for slope, end, lift in ((1, 3e-5, "$t$"), (2, 2e-2, "$t^2$")):
        position.plot(t, end * (t / t[-1]) ** slope, color="0.3", linestyle=":", zorder=1)
        position.annotate(lift, (t[-1], end), (2, 0), textcoords="offset points", va="center")
    return figure


def _errors(results: Results, height: float, **shown: tuple[str, str]) -> tuple[Figure, np.ndarray]:
    """Draw columns of the table; shown: column -> title and label of its axis."""
    figure, grid = canvas.panels(1, len(shown), height=height, sharex=True)
    for axis, (column, (title, name)) in zip(grid[0], shown.items(), strict=True):
        errors_against_time(axis, results.table("errors"), column)
        axis.set(title=title, ylabel=name)
    canvas.legend(figure, grid[:, :1])
    return figure, grid[0]
