"""Chain with stiff springs: the errors of energy and adiabatic invariant against h omega."""

import numpy as np
from matplotlib.ticker import FuncFormatter, MultipleLocator

from geoflow.figures import COLOURS, Figure, Results, canvas, look


def draw(results: Results) -> Figure:
    """Draw one panel per method: errors of H and I against h omega/pi, and dots for I of the fine runs."""
    deviations, fine = results.table("deviations"), results.table("fine")
    by_method = {str(method): one for method, one in deviations.groupby("method", sort=False)}
    figure, axes = canvas.facets(by_method, 4, height=1.75, more=0.6)
    for method, axis in axes.items():
        one = by_method[method].sort_values("h_omega")
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
    canvas.label_outer(axes.values(), "$h\\omega$", "largest relative error")
    canvas.legend(figure, [axis], columns=3)
    return figure


def _multiple_of_pi(x: float, _position: int | None) -> str:
    whole = round(x)
    return "0" if whole == 0 else "$\\pi$" if whole == 1 else f"${whole}\\pi$"
