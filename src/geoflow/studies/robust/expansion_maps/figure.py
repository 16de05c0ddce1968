"""Expansion maps: the largest singular value of the Jacobian over a plane of inputs."""

import numpy as np
import pandas as pd
from matplotlib.collections import QuadMesh
from matplotlib.colors import CenteredNorm

from geoflow.figures import Axes, Figure, Results, canvas, in_order, look

MARKS = ("o", "s", "^")
LEAST = 0.1  # lower end of the colour scale


def draw(results: Results) -> Figure:
    """Draw one panel per network; white is 1, blue contracts, red expands. Lines separate the classes."""
    maps, corners = results.table("maps"), results.table("corners")
    networks = in_order(maps["network"])
    maps = maps.assign(exponent=np.log10(maps["expansion"].clip(lower=LEAST)))
    norm = CenteredNorm(0, max(float(maps["exponent"].abs().max()), 0.3))  # one scale for both signs
    figure, grid = canvas.panels(1, len(networks), height=2.1 if len(networks) > 4 else 2.55, sharex=True, sharey=True)
    for axis, network in zip(grid[0], networks, strict=True):
        own = maps[maps["network"] == network]
        mesh = _map(axis, own, norm)
        _corners(axis, corners)
        axis.set(title=_short(look(network).label), xlabel="$u$", aspect="equal")
    grid[0, 0].set_ylabel("$v$")
    bar = figure.colorbar(mesh, ax=list(grid[0]), location="bottom", shrink=0.6, aspect=40, pad=0.02)
    bar.set_label(r"$\log_{10}$ of the largest singular value of the Jacobian")
    for axis in grid[0]:
        axis.title.set_fontsize(7.5)
    return figure


def _short(label: str) -> str:
    return label.partition(",")[0].removesuffix(" network")


def _map(axis: Axes, own: pd.DataFrame, norm: CenteredNorm) -> QuadMesh:
    table = own.pivot_table("exponent", "v", "u")
    chosen = own.pivot_table("chosen", "v", "u")
    u, v = table.columns.to_numpy(), table.index.to_numpy()
    mesh = axis.pcolormesh(u, v, table, norm=norm, cmap="RdBu_r", rasterized=True)
    for label in np.unique(chosen.to_numpy())[:-1]:
        inside = (chosen.to_numpy() <= label).astype(float)
        axis.contour(u, v, inside, levels=[0.5], colors="black", linewidths=0.7)
    return mesh


def _corners(axis: Axes, corners: pd.DataFrame) -> None:
    """Draw the test images in the plane, one marker per class."""
    few = len(corners) < 10
    for mark, (_, one) in zip(MARKS, corners.groupby("label"), strict=False):
        axis.plot(
            one["u"], one["v"], mark, markersize=4 if few else 1.2, color="black",
            markerfacecolor="white" if few else "black", alpha=1 if few else 0.35,
        )  # fmt: skip
