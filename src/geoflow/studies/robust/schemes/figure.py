"""Schemes as architectures: certified and attacked accuracy of each at its own radius."""

import numpy as np
import pandas as pd

from geoflow.figures import COLOURS, Figure, Results, canvas, look, tidy

KINDS = {
    "attacked": {"marker": "o", "color": COLOURS["vermillion"], "label": "attacked"},
    "certified": {"marker": "s", "color": COLOURS["blue"], "label": "certified"},
}
CLEAN = {"marker": "D", "color": "black", "label": "clean"}


def draw(results: Results) -> Figure:
    """Draw one row per scheme: the mean over the seeds, and a bar for their standard deviation."""
    accuracy, schemes = results.table("accuracy"), results.table("schemes")
    names = list(results.values["schemes"])
    radii = sorted(accuracy["eps"].unique())
    clean = results.table("networks")
    figure, grid = canvas.panels(1, len(radii) + 1, height=1.1 + 0.19 * len(names), sharey=True)
    for axis, radius in zip(grid[0], radii, strict=False):
        here = accuracy[accuracy["eps"] == radius]
        for kind, style in KINDS.items():
            one = here[here["kind"] == kind]
            tidy.points(axis, one, "accuracy", "scheme", order=names, **style)
        axis.set(title=rf"$\varepsilon = {radius:g}$", xlabel="test accuracy")
    tidy.points(grid[0, -1], clean, "clean", "scheme", order=names, **CLEAN)
    grid[0, -1].set(title="clean", xlabel="test accuracy")
    grid[0, 0].set_yticks(range(len(names)), _labels(schemes, names))
    canvas.legend(figure, grid, columns=3)
    return figure


def _labels(schemes: pd.DataFrame, names: list[str]) -> list[str]:
    """Labels with the scheme, its number of steps per layer and its radius."""
    facts = schemes.set_index("scheme")
    rows = []
    for name in names:
        radius = float(facts["radius"][name])
        written = rf"r = {radius:.2g}" if np.isfinite(radius) else r"r = \infty"
        rows.append(rf"{look(name).label}, ${facts['substeps'][name]}\times$, ${written}$")
    return rows
