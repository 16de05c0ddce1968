"""Vanishing gradients: Jacobians of the last block with respect to every earlier one."""

import seaborn as sns
from matplotlib.ticker import MaxNLocator

from geoflow.figures import Figure, Results, canvas, in_order, look


def draw(results: Results) -> Figure:
    """One panel per deep network: a line for each recorded moment, dark at the end of training."""
    norms = results.table("jacobians")
    deep = norms.groupby("network")["block"].max()
    networks = [network for network in in_order(norms["network"]) if deep[network] == deep.max()]
    figure, grid = canvas.panels(1, len(networks), height=2.6, sharey=True)
    for axis, network in zip(grid[0], networks, strict=True):
        own = norms[norms["network"] == network]
        shades = sns.light_palette(look(network).colour, own["step"].nunique() + 1)[1:]
        sns.lineplot(own.reset_index(drop=True), x="block", y="mean", hue="step", palette=shades, ax=axis, legend=False)
        axis.set(yscale="log", ylabel="")
        axis.axhline(1, color="0.5", linewidth=0.8, zorder=0)
        axis.set(title=look(network).label, xlabel="block $l$")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    grid[0, 0].set_ylabel(r"$\|\partial x_L / \partial x_{l-1}\|$")
    return figure
