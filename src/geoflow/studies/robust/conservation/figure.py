"""A learnt epidemic, iterated: the shares, and how many are made or lost; figure 4 of the course."""

from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import in_order, look
from geoflow.ground.results import Results

ROUND_OFF = 1e-17  # drawn in the place of zero
SHARES = {"x1": "susceptible", "x2": "infected", "x3": "recovered"}


def draw(results: Results) -> Figure:
    """One panel a share, the first seed beside the exact solution; then the error of the sum."""
    runs = results.table("runs")
    exact = runs[runs["network"] == "exact"]
    networks = in_order(set(runs["network"]) - {"exact"})
    figure, grid = canvas.panels(1, 4, height=2.3)
    for axis, (component, title) in zip(grid[0], SHARES.items(), strict=False):
        truth = exact[exact["component"] == component]
        axis.plot(
            truth["t"], truth["value"], color="black", linewidth=2.2, alpha=0.3, label="exact"
        )
        for network in networks:
            own = runs[(runs["network"] == network) & (runs["component"] == component)]
            one = own[own["seed"] == own["seed"].min()]
            axis.plot(one["t"], one["value"], **look(network).plot(markersize=3))
        axis.set(title=title, xlabel="$t$")
    last = grid[0, 3]
    for network in networks:
        own = runs[(runs["network"] == network) & (runs["component"] == "x1")]
        worst = own.groupby("t")["mass_error"].max().clip(lower=ROUND_OFF)
        last.semilogy(worst.iloc[1:], **look(network).plot(markersize=3))
    last.set(title="error of the sum", xlabel="$t$")
    canvas.letter(grid)
    canvas.legend(figure, grid[0], columns=3)
    return figure
