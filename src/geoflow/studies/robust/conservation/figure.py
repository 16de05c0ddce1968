"""A learnt epidemic: the shares, iterated or over one unit of time as figure 4 of the course, and the mass error."""

from typing import Any

from geoflow.figures import Figure, Results, canvas, look, tidy

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


def draw_segments(results: Results) -> Figure:
    """One panel per share: from each start a segment over one unit of time, exact and by the network of one seed."""
    runs = results.table("runs")
    runs = runs[runs["seed"] == runs["seed"].min()]
    figure, grid = canvas.panels(1, 3, height=2.5)
    for axis, (component, title) in zip(grid[0], SHARES.items(), strict=True):
        own = runs[runs["component"] == component]
        for (network, start), one in own.groupby(["network", "start"], sort=False):
            shown = {"color": "0.5", "linewidth": 2.2, "label": "exact"}
            if network != "exact":
                shown = look(str(network)).plot(markers=False, linestyle="--")
            axis.plot(one["t"], one["value"], **shown | ({} if start == 0 else {"label": None}))
        axis.set(title=title, xlabel="$t$")
    canvas.legend(figure, grid[0])
    return figure
