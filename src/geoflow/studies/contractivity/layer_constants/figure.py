"""Lipschitz constant of one gradient-flow layer against its step size: sampled, searched, proved, and its bound."""

import numpy as np

from geoflow.figures import COLOURS, Figure, Results, canvas, in_order, look

QUANTITIES = {
    "bound": ("bound of the layer", "_", "black", "black", 9.0),
    "proved": ("proved", "s", "blue", "none", 6.0),
    "searched": ("searched over weights", "o", "vermillion", "none", 4.0),
    "sampled": ("sampled", ".", "black", "black", 4.0),
}


def draw(results: Results) -> Figure:
    """Draw one group per scheme with its step sizes side by side."""
    constants = results.table("constants")
    schemes, steps = in_order(constants["method"]), sorted(constants["relative_step"].unique())
    figure, grid = canvas.panels(height=2.7)
    axis = grid[0, 0]
    axis.axhline(1, color="0.7", linewidth=0.8, zorder=1)
    shift = dict(zip(steps, np.linspace(-0.33, 0.33, len(steps)), strict=True))
    places = [schemes.index(m) + shift[c] for m, c in zip(constants["method"], constants["relative_step"], strict=True)]
    for quantity, (label, marker, edge, face, size) in QUANTITIES.items():
        colours = {"mec": COLOURS[edge], "mfc": COLOURS.get(face, face)}
        axis.plot(places, constants[quantity], marker, ms=size, label=label, linestyle="none", **colours)
    axis.set_yscale("log")
    axis.set_yticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    axis.set_yticks([], minor=True)
    axis.set_ylim(0.8, max(20.0, 1.2 * constants["bound"].max()))
    axis.set_xticks(places, [f"{c:g}" for c in constants["relative_step"]], fontsize=6)
    for k, scheme in enumerate(schemes):
        axis.annotate(look(scheme).label, (k, 0), (0, -22), xycoords=("data", "axes fraction"),
                      textcoords="offset points", ha="center", annotation_clip=False)  # fmt: skip
    axis.set(ylabel="Lipschitz constant")
    axis.set_xlabel(r"$c = h\,\|A\|^2 / 2r$", labelpad=16)
    axis.legend(loc="upper left", ncols=4)
    return figure
