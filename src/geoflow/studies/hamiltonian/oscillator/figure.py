"""The harmonic oscillator, figure 1 of the course: position, momentum, plane, energy."""

from typing import Any

from geoflow.figures import Figure, Results, canvas, tidy

FEW = 200


def draw(results: Results) -> Figure:
    """Four panels; every method in each."""
    states = results.table("states")
    figure, ((position, plane), (momentum, energy)) = canvas.panels(2, 2, height=4.5)
    error = states["energy_error"].abs()
    states = states.assign(energy_error=error.where(error > 0))  # a logarithm has no place for zero
    # An adaptive method takes few steps: its line would look like its solution without markers.
    many = states.groupby("method")["t"].transform("count") >= FEW
    for table, markers in ((states[many], False), (states[~many], True)):
        style: dict[str, Any] = {"markers": markers, "linewidth": 0.9, "markersize": 3}
        tidy.lines(position, table, "t", "q", **style)
        tidy.lines(momentum, table, "t", "p", **style)
        tidy.lines(plane, table, "q", "p", **style, sort=False, estimator=None)
        tidy.lines(energy, table, "t", "energy_error", **style)
    position.set(title="position", xlabel="$t$", ylabel="$q$")
    momentum.set(title="momentum", xlabel="$t$", ylabel="$p$")
    plane.set(title="phase plane", xlabel="$q$", ylabel="$p$", aspect="equal")
    energy.set(title="energy error", xlabel="$t$", ylabel="$|H - H_0|$", yscale="log")
    canvas.legend(figure, [position])
    return figure
