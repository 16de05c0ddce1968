"""Density of an ensemble in the phase plane, one row per method and one column per time."""

import numpy as np
import pandas as pd

from geoflow.figures import Figure, Results, canvas, in_order, look

MAP = "viridis_r"
DENSEST = 2.0  # upper end of the colour scale


def draw(results: Results) -> Figure:
    """Draw cells coloured by their density relative to that of the disc; empty cells are white."""
    density, values = results.table("density"), results.values
    methods, times = in_order(density["method"]), np.sort(density["t"].unique())
    figure, grid = canvas.panels(len(methods), len(times), height=1.32 * len(methods) + 0.7, sharex=True, sharey=True)
    extent = (-np.pi, np.pi, -values["highest"], values["highest"])
    for row, method in zip(grid, methods, strict=True):
        for axis, t in zip(row, times, strict=True):
            one = density[(density["method"] == method) & (density["t"] == t)]
            cells = _cells(one, values["bins"], values["highest"])
            image = axis.imshow(
                cells.T, origin="lower", extent=extent, aspect="auto", cmap=MAP, vmin=0,
                vmax=DENSEST, interpolation="nearest",
            )  # fmt: skip
            axis.grid(False)
            axis.set(xticks=[-np.pi, 0, np.pi], xticklabels=[r"$-\pi$", "$0$", r"$\pi$"])
        row[0].set_ylabel(f"{look(method).label}\n$p$")
    for axis, t in zip(grid[0], times, strict=True):
        axis.set_title(f"$t = {t:g}$")
    for axis in grid[-1]:
        axis.set_xlabel("$q$")
    figure.colorbar(
        image, ax=grid, location="bottom", label="density over that of the disc", extend="max", aspect=60, pad=0.02
    )
    return figure


def _cells(one: pd.DataFrame, bins: int, highest: float) -> np.ndarray:
    """Convert the table to a matrix (q, p), NaN for empty cells."""
    cells = np.full((bins, bins), np.nan)
    i = ((one["q"] + np.pi) / (2 * np.pi) * bins).astype(int)
    j = ((one["p"] + highest) / (2 * highest) * bins).astype(int)
    cells[i, j] = one["density"]
    return cells
