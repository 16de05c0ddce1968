"""The slowest decrease of the energy in one step against h L, beside the proved rates."""

from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.ground.results import Results

HIGH = 1.5


def draw(results: Results) -> Figure:
    """Measured as lines with markers, bounds as thin lines of the same colour; above one the energy grows."""
    rates = results.table("rates")
    figure, grid = canvas.panels(1, 2, height=3.1, sharex=True, sharey=True)
    keeps = [
        m for m in in_order(rates["method"]) if rates[rates["method"] == m]["increases"].sum() == 0
    ]
    for axis, wanted in zip(grid[0], (True, False), strict=True):
        for method in in_order(rates["method"]):
            if (method in keeps) != wanted:
                continue
            one, style = rates[rates["method"] == method], look(method)
            axis.plot(one["hL"], one["rate"], **style.plot())
            axis.plot(one["hL"], one["bound"], color=style.colour, lw=0.7)
        axis.axhline(1, color="0.5", lw=0.7, zorder=1)
        axis.set(xscale="log", ylim=(0, HIGH), xlabel="$hL$")
        axis.plot([], [], color="0.4", lw=0.7, label="thin: proved bound")
    grid[0, 0].set(ylabel=r"largest $(V_{n+1} - V^*) / (V_n - V^*)$", title="energy never grows")
    grid[0, 1].set_title("energy grows at some step")
    canvas.letter(grid)
    canvas.legend(figure, grid, columns=4)
    return figure
