"""A learnt step, iterated: phase plane and energy, as figure 2 of the course."""

from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.ground.results import Results


def draw(results: Results) -> Figure:
    """Left the first seed in the phase plane, right the energy of all seeds."""
    runs = results.table("runs")
    figure, grid = canvas.panels(1, 2, height=2.7, width_ratios=(1, 1.9))
    plane, energy = grid[0]
    for network in in_order(runs["network"]):
        own = runs[runs["network"] == network]
        for seed, one in own.groupby("seed"):
            first = seed == own["seed"].min()
            label = look(network).label if first else None
            style = look(network).plot(markers=False, label=label, linestyle="-", linewidth=0.8)
            energy.plot(one["t"], one["energy"], **style)
            if first:
                plane.plot(one["q"], one["p"], **style | {"linewidth": 0.5})
    energy.axhline(0.5, color="black", linewidth=0.8, linestyle=(0, (4, 2)), zorder=0)
    plane.set(title="phase plane", xlabel="$q$", ylabel="$p$", aspect="equal")
    energy.set(title="energy", xlabel="$t$", ylabel="$H(q, p)$")
    canvas.letter(grid)
    canvas.legend(figure, [energy], columns=2)
    return figure
