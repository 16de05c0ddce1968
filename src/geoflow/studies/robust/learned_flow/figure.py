"""A learnt step, iterated: phase plane and energy, as figure 2 of the course; and a learnt Hamiltonian."""

import numpy as np

from geoflow.figures import Figure, Results, canvas, in_order, look, tidy

REACH = 1.5  # the plane that is shown; the exact orbit is the unit circle


def draw(results: Results) -> Figure:
    """One plane per network with the orbit of the first seed on the exact circle; the energy, a band over the seeds."""
    runs, omega = results.table("runs"), results.values["omega"]
    networks = in_order(runs["network"])
    widths = [1.0] * len(networks) + [2.0]
    figure, grid = canvas.panels(1, len(networks) + 1, height=2.2, width_ratios=widths)
    angle = np.linspace(0, 2 * np.pi, 200)
    first = runs[runs["seed"] == runs["seed"].min()]
    for axis, network in zip(grid[0], networks, strict=False):
        one = first[first["network"] == network]
        axis.plot(np.cos(angle), omega * np.sin(angle), color="0.75", linewidth=2.5)
        axis.plot(one["q"], one["p"], color=look(network).colour, linewidth=0.7)
        axis.set(title=look(network).label, xlabel="$q$", aspect="equal")
        axis.set(xlim=(-REACH, REACH), ylim=(-REACH * omega, REACH * omega))
    grid[0, 0].set_ylabel("$p$")
    energy = grid[0, -1]
    energy.axhline(omega**2 / 2, color="0.75", linewidth=2.5, zorder=0, label="exact")
    tidy.lines(energy, runs, "t", "energy", by="network", markers=False)
    energy.set(title="energy", xlabel="$t$", ylabel="$H(q, p)$")
    canvas.legend(figure, [energy])
    return figure


def draw_hamiltonian(results: Results) -> Figure:
    """Errors of a section of the potential and of new orbits, with bands over the seeds."""
    potential, errors = results.table("potential"), results.table("errors")
    figure, ((section, error),) = canvas.panels(1, 2, height=2.4)
    tidy.lines(section, potential, "q", "error", by="network", markers=False)
    section.set(title="error of the potential", xlabel="$q_1$", ylabel="error of $V(q_1, 0.4)$")
    tidy.lines(error, errors[errors["t"] > 0], "t", "error", by="network", markers=False)
    error.set(title="error of new orbits", xlabel="$t$", ylabel="root mean square", yscale="log")
    canvas.legend(figure, [section])
    return figure
