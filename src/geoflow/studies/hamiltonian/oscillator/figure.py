"""The harmonic oscillator, figure 1 of the course: position, momentum, plane, energy."""

from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.ground.results import Results

FEW = 200


def draw(results: Results) -> Figure:
    """Four panels; every method in each."""
    states = results.table("states")
    figure, ((position, plane), (momentum, energy)) = canvas.panels(2, 2, height=4.5)
    for method in in_order(states["method"]):
        one = states[states["method"] == method]
        # An adaptive method takes few steps: its line would look like its solution without markers.
        style = look(method).plot(markers=len(one) < FEW, linewidth=0.9, markersize=3)
        position.plot(one["t"], one["q"], **style)
        momentum.plot(one["t"], one["p"], **style)
        plane.plot(one["q"], one["p"], **style)
        error = one["energy_error"].abs()
        energy.plot(one["t"], error.where(error > 0), **style)  # a logarithm has no place for zero
    position.set(title="position", xlabel="$t$", ylabel="$q$")
    momentum.set(title="momentum", xlabel="$t$", ylabel="$p$")
    plane.set(title="phase plane", xlabel="$q$", ylabel="$p$", aspect="equal")
    energy.set(title="energy error", xlabel="$t$", ylabel="$|H - H_0|$", yscale="log")
    canvas.letter([position, plane, momentum, energy])
    canvas.legend(figure, [position])
    return figure
