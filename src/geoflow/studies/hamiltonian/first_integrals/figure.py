"""Preservation of first integrals and of the symplectic form by each method."""

import pandas as pd

from geoflow.figures import Axes, Figure, Results, canvas, in_order, look
from geoflow.studies.hamiltonian.panels import errors_against_time

FLOOR = 1e-17  # position of zero on the logarithmic axes
KEPT, ROUND_OFF = (1e-10, 1e-12)  # limits below which invariants and the form count as preserved


def draw(results: Results) -> Figure:
    """Draw errors of the invariants against the defect of one step, and below energy and loop against time."""
    kept, errors, loops = (results.table(table) for table in ("kept", "errors", "loops"))
    invariants = list(dict.fromkeys(errors["invariant"]))
    panels = [*invariants, "energy over time", "loop"]
    columns = 2 if len(panels) % 2 == 0 else len(panels)
    rows = len(panels) // columns
    figure, grid = canvas.panels(rows, columns, height=2.3 * rows + 0.9)
    shown = dict(zip(panels, grid.flat, strict=True))
    for invariant in invariants:
        _plane(shown[invariant], kept, invariant)
    energy = errors[errors["invariant"] == "energy"]
    errors_against_time(shown["energy over time"], energy, "error")
    errors_against_time(shown["loop"], loops, "change")
    shown["energy over time"].set(title="energy", ylabel="largest error so far")
    shown["loop"].set(title="loop of initial states", ylabel="largest change so far")
    canvas.legend(figure, [shown[invariants[0]]], columns=3)
    return figure


def _plane(axis: Axes, kept: pd.DataFrame, invariant: str) -> None:
    """Draw one marker per method; grey areas: the invariant, or the form, is preserved to round-off."""
    axis.axhspan(FLOOR / 10, KEPT, color="0.93", zorder=0)
    axis.axvspan(FLOOR / 10, ROUND_OFF, color="0.93", zorder=0)
    rows = kept.set_index("method")
    for method in in_order(kept["method"]):
        x, y = float(rows["symplecticity"][method]), float(rows[invariant][method])
        style = look(method).plot(linestyle="none", markersize=6.5)
        axis.plot([max(x, FLOOR)], [max(y, FLOOR)], **style)
    axis.set(
        xscale="log", yscale="log", xlim=(FLOOR / 3, 1), ylim=(1e-15, 3),
        title=invariant.replace("_", " "), xlabel=r"$\max |J^\top W J - W|$ of one step",
        ylabel="largest relative error",
    )  # fmt: skip
