"""Left: largest proved contractive step in units of the bound. Right: expansion of methods without a bound."""

import numpy as np
import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, in_order, look

CLASSES = {
    "convex": ("one convex potential", "o", "blue", 9.0),
    "cocoercive": ("one cocoercive field", "s", "orange", 5.5),
    "staged": ("a potential for each stage", ".", "black", 4.0),
}


def draw(proved: Results, searched: Results) -> Figure:
    """Draw the steps of `contractive_steps` and the excess over one of `early_expansion`."""
    figure, grid = canvas.panels(1, 2, height=3.6, width_ratios=[1.15, 1])
    left, right = grid[0]
    _steps(left, proved.table("steps"))
    _early(right, searched.table("early"))
    return figure


def _steps(axis: Axes, steps: pd.DataFrame) -> None:
    methods = in_order(steps["method"])[::-1]
    places = {method: k for k, method in enumerate(methods)}
    first = steps.drop_duplicates("method")
    axis.axvline(1, color="0.7", linewidth=0.8, zorder=1)
    for fields, (label, marker, colour, size) in CLASSES.items():
        one = steps[steps["class"] == fields]
        filled = marker == "."
        axis.plot(
            one["step"] / one["bound"], one["method"].map(places), marker, ms=size, label=label,
            mec=COLOURS[colour], mfc=COLOURS[colour] if filled else "none",
        )  # fmt: skip
    finite = first[np.isfinite(first["linear"])]
    axis.plot(
        finite["linear"] / finite["bound"], finite["method"].map(places), "|", ms=8,
        color=COLOURS["vermillion"], label="linear bound",
    )  # fmt: skip
    axis.set_yticks(range(len(methods)), [look(method).label for method in methods])
    axis.set(xscale="log", xlabel="largest contractive step / bound $2r/L$", xlim=(0.8, 25))
    axis.set_xticks([1, 2, 5, 10, 20], ["1", "2", "5", "10", "20"])
    axis.set_xticks([], minor=True)
    axis.set_ylim(-0.7, len(methods) + 3.6)
    axis.legend(loc="upper right")


def _early(axis: Axes, early: pd.DataFrame) -> None:
    for method in in_order(early["method"]):
        one, style = early[early["method"] == method], look(method)
        axis.plot(one["hL"], one["searched"].where(one["searched"] > 0), **style.plot(linestyle="none"))
        known = one[one["formula"].notna()]
        if len(known):
            axis.plot(known["hL"], known["formula"], color=style.colour, label="closed form")
    axis.set(xscale="log", yscale="log", xlabel="$hL$", ylabel="largest expansion found $-\\,1$")
    axis.legend(loc="lower right")
