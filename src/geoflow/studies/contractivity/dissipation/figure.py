"""Slowest decrease of the energy in one step against h L, with the proved rates."""

from typing import Any

from geoflow.figures import Figure, Results, canvas, tidy

HIGH = 1.5


def draw(results: Results) -> Figure:
    """Draw measured rates with markers and bounds as thin lines of the same colour; above one the energy grows."""
    rates = results.table("rates")
    figure, grid = canvas.panels(1, 2, height=3.1, sharex=True, sharey=True)
    grows = rates.groupby("method")["increases"].transform("sum") > 0
    for axis, one in zip(grid[0], (rates[~grows], rates[grows]), strict=True):
        tidy.lines(axis, one, "hL", "rate")
        thin: dict[str, Any] = {"linewidth": 0.7, "dashes": False, "legend": False}
        tidy.lines(axis, one, "hL", "bound", markers=False, **thin)
        axis.axhline(1, color="0.5", lw=0.7, zorder=1)
        axis.set(xscale="log", ylim=(0, HIGH), xlabel="$hL$")
        axis.plot([], [], color="0.4", lw=0.7, label="thin: proved bound")
    grid[0, 0].set(ylabel=r"largest $(V_{n+1} - V^*) / (V_n - V^*)$", title="energy never grows")
    grid[0, 1].set_title("energy grows at some step")
    canvas.legend(figure, grid, columns=4)
    return figure
