"""Error of optimisers against gradient evaluations, one panel per potential, with the slopes of the theory."""

import numpy as np
import pandas as pd

from geoflow.figures import Axes, Figure, Results, canvas, tidy
from geoflow.studies.contractivity.panels import TITLES

LOW, HIGH = 1e-13, 1e2
START = 0.3  # where the lines of the theory begin


def draw(results: Results) -> Figure:
    """Draw the errors, and grey lines for the proved factor per evaluation on quadratics."""
    errors, rates = results.table("errors"), results.table("rates")
    potentials = list(dict.fromkeys(errors["potential"]))
    figure, grid = canvas.panels(1, len(potentials), height=3.2, sharex=True, sharey=True)
    for axis, potential in zip(grid[0], potentials, strict=True):
        _panel(axis, errors[errors["potential"] == potential], rates[rates["potential"] == potential])
        kappa = rates[rates["potential"] == potential]["kappa"].iloc[0]
        axis.set(title=rf"{TITLES.get(potential, potential)}, $\kappa = {kappa:.0f}$")
        axis.set(xlabel="gradient evaluations", yscale="log", ylim=(LOW, HIGH))
    grid[0, 0].set_ylabel(r"$|x - x^*| / |x_0 - x^*|$")
    canvas.legend(figure, grid, columns=4)
    return figure


def _panel(axis: Axes, errors: pd.DataFrame, rates: pd.DataFrame) -> None:
    end = errors["evaluations"].max()
    for rate in sorted(set(rates["theory"].dropna().round(12))):
        n = np.linspace(0, end, 2)
        axis.plot(n, START * rate**n, color="0.75", lw=0.8, zorder=1)
    axis.plot([], [], color="0.75", lw=0.8, label="theory, quadratics")
    seen = errors[(errors["error"] < 10 * HIGH) & (errors["error"] > LOW)]
    tidy.lines(axis, seen, "evaluations", "error", by="optimiser", markevery=0.12)
    axis.set_xlim(0, end)
