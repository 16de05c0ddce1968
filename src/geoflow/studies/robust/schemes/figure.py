"""Schemes as architectures: certified and attacked accuracy of each at its own radius."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import COLOURS, look
from geoflow.ground.results import Results

KINDS = {"attacked": ("o", COLOURS["vermillion"]), "certified": ("s", COLOURS["blue"])}


def draw(results: Results) -> Figure:
    """One row a scheme: small marks for the seeds, a large one for their mean, a bar for the spread."""
    accuracy, schemes = results.table("accuracy"), results.table("schemes")
    names = list(results.values["schemes"])
    radii = sorted(accuracy["eps"].unique())
    clean = results.table("networks").assign(kind="clean")
    figure, grid = canvas.panels(1, len(radii) + 1, height=1.1 + 0.19 * len(names), sharey=True)
    for axis, radius in zip(grid[0], radii, strict=False):
        here = accuracy[accuracy["eps"] == radius]
        for kind, (marker, colour) in KINDS.items():
            one = here[here["kind"] == kind].groupby("scheme")["accuracy"]
            mean, spread = one.mean()[names], one.std()[names].fillna(0)
            axis.errorbar(
                mean, np.arange(len(names)), xerr=spread, color=colour, marker=marker,
                linestyle="", capsize=2, markeredgecolor="white", label=f"{kind}, mean and spread",
            )  # fmt: skip
        axis.set(title=rf"$\varepsilon = {radius:g}$", xlabel="test accuracy")
    own = clean.groupby("scheme")["clean"]
    grid[0, -1].errorbar(
        own.mean()[names], np.arange(len(names)), xerr=own.std()[names].fillna(0), color="black",
        marker="D", linestyle="", capsize=2, markeredgecolor="white", label="clean, mean and spread",
    )  # fmt: skip
    grid[0, -1].set(title="clean", xlabel="test accuracy")
    grid[0, 0].set_yticks(np.arange(len(names)), _labels(schemes, names))
    grid[0, 0].invert_yaxis()
    canvas.letter(grid)
    canvas.legend(figure, grid, columns=3)
    return figure


def _labels(schemes: pd.DataFrame, names: list[str]) -> list[str]:
    """The scheme, its steps in a layer and its radius."""
    facts = schemes.set_index("scheme")
    rows = []
    for name in names:
        radius = float(facts["radius"][name])
        written = rf"r = {radius:.2g}" if np.isfinite(radius) else r"r = \infty"
        rows.append(rf"{look(name).label}, ${facts['substeps'][name]}\times$, ${written}$")
    return rows
