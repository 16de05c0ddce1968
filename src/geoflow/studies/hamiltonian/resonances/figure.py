"""Chain with stiff springs: the errors of energy and adiabatic invariant against h omega."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MultipleLocator

from geoflow.figures import canvas
from geoflow.figures.palette import COLOURS, look
from geoflow.ground.results import Results


def draw(results: Results) -> Figure:
    """One panel a method: errors of H and I against h omega/pi; dots, the fine runs' I."""
    deviations, fine = results.table("deviations"), results.table("fine")
    methods = list(dict.fromkeys(deviations["method"]))
    columns = min(4, len(methods))
    rows = -(-len(methods) // columns)
    figure, grid = canvas.panels(rows, columns, height=0.6 + 1.75 * rows, sharex=True, sharey=True)
    for axis, method in zip(grid.flat, methods, strict=False):
        one = deviations[deviations["method"] == method].sort_values("h_omega")
        for quantity, colour, label in (
            ("energy", "blue", "energy $H$"),
            ("oscillatory", "vermillion", "adiabatic invariant $I$"),
        ):
            axis.plot(
                one["h_omega"] / np.pi, one[quantity], color=COLOURS[colour], linewidth=0.8,
                marker=".", markersize=2, markeredgewidth=0, label=label,
            )  # fmt: skip
        axis.plot(
            fine["h_omega"] / np.pi, fine["oscillatory"], "o", color="black", markersize=2.2,
            markerfacecolor="white", markeredgewidth=0.5, label="$I$, fine run", zorder=5,
        )  # fmt: skip
        axis.set(title=look(method).label, yscale="log", ylim=(1e-4, 30))
        axis.xaxis.set_major_locator(MultipleLocator(1))
        axis.xaxis.set_major_formatter(FuncFormatter(_multiple_of_pi))
    for axis in grid.flat[len(methods) :]:
        axis.set_visible(False)
    canvas.label_outer(grid, "$h\\omega$", "largest relative error")
    canvas.letter(grid.flat[: len(methods)])
    canvas.legend(figure, grid[:1, 0], columns=3)
    return figure


def _multiple_of_pi(x: float, _position: int | None) -> str:
    whole = round(x)
    return "0" if whole == 0 else "$\\pi$" if whole == 1 else f"${whole}\\pi$"
