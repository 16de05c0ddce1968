"""Stability regions: the contours |R(z)| = 1, one panel per experiment."""

import numpy as np

from geoflow.figures import Figure, Results, canvas, in_order, look


def draw(*runs: Results) -> Figure:
    """Draw the upper half plane and its mirror image, since R has real coefficients; a single panel is low and wide."""
    alone = len(runs) == 1
    figure, grid = canvas.panels(1, len(runs), height=2.3 if alone else 4.0)
    for axis, results in zip(grid[0], runs, strict=True):
        experiment = results.folder.name
        modulus = results.table("modulus")
        for method in in_order(modulus["method"]):
            table = modulus[modulus["method"] == method].pivot(index="y", columns="x", values="modulus")
            # |R| is cut off at two, because it is very large near poles.
            values = np.minimum(np.vstack([table.to_numpy()[:0:-1], table.to_numpy()]), 2)
            y = np.concatenate([-table.index.to_numpy()[:0:-1], table.index.to_numpy()])
            axis.contour(
                table.columns.to_numpy(), y, values, levels=[1.0],
                colors=[look(method).colour], linestyles=[look(method).line], linewidths=[1.1],
            )  # fmt: skip
            axis.plot([], [], **look(method).plot(markers=False))
        axis.axvline(0, color="0.7", linewidth=0.6, zorder=1)
        axis.axhline(0, color="0.7", linewidth=0.6, zorder=1)
        axis.set_aspect("equal")
        axis.set(
            title="" if alone else experiment.removeprefix("stability_"), xlabel=r"$\mathrm{Re}\, z$",
            ylabel=r"$\mathrm{Im}\, z$",
        )  # fmt: skip
        below = (0.5, -0.34 if alone else -0.18)
        axis.legend(loc="upper center", bbox_to_anchor=below, ncols=4 if alone else 2, fontsize=7)
    return figure
