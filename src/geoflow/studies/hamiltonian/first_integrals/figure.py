"""First integrals beside the symplectic form: which method keeps what."""

import pandas as pd

from geoflow.figures import Axes, Figure, Results, canvas, in_order, look
from geoflow.studies.hamiltonian.panels import errors_against_time

FLOOR = 1e-17  # where what vanishes is drawn
KEPT, ROUND_OFF = (1e-10, 1e-12)  # between what is kept and what is not, of invariants and of the form


def draw(results: Results) -> Figure:
    """Above: errors of the invariants against the defect of one step. Below: energy and a loop over time."""
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
    """One marker a method; grey where the invariant, or the form, is kept to round-off."""
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
