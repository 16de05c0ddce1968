"""A learnt epidemic, iterated: the shares, and how many are made or lost; figure 4 of the course."""

from typing import Any

from geoflow.figures import Figure, Results, canvas, tidy

ROUND_OFF = 1e-17  # drawn in the place of zero
STYLE: dict[str, Any] = {"by": "network", "markersize": 3}
SHARES = {"x1": "susceptible", "x2": "infected", "x3": "recovered"}


def draw(results: Results) -> Figure:
    """One panel per share, with a band over the seeds, beside the exact one; then the largest error of the sum."""
    runs = results.table("runs")
    exact = runs[runs["network"] == "exact"]
    learnt = runs[runs["network"] != "exact"]
    figure, grid = canvas.panels(1, 4, height=2.3)
    for axis, (component, title) in zip(grid[0], SHARES.items(), strict=False):
        truth = exact[exact["component"] == component]
        axis.plot(truth["t"], truth["value"], color="black", linewidth=2.2, alpha=0.3, label="exact")
        tidy.lines(axis, learnt[learnt["component"] == component], "t", "value", **STYLE)
        axis.set(title=title, xlabel="$t$")
    sums = learnt[(learnt["component"] == "x1") & (learnt["t"] > 0)]
    sums = sums.assign(mass_error=sums["mass_error"].clip(lower=ROUND_OFF))
    tidy.lines(grid[0, 3], sums, "t", "mass_error", **STYLE, estimator="max", errorbar=None)
    grid[0, 3].set(title="error of the sum", xlabel="$t$", yscale="log")
    canvas.legend(figure, grid[0], columns=3)
    return figure
