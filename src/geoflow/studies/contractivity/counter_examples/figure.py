"""Expanding steps: two points in the plane, the growth against h L, maps of the line with slope above one."""

import numpy as np
import pandas as pd

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, in_order, look
from geoflow.studies.contractivity.panels import TITLES, contour


def draw(results: Results) -> Figure:
    """Draw (a) the pair, (b) its growth, (c) and (d) the maps."""
    maps = results.table("maps")
    lines = list(dict.fromkeys(maps["line"]))
    figure, grid = canvas.panels(2, 2, height=4.9)
    _pair(grid[0, 0], results.table("contours"), results.table("pair"))
    _growth(grid[0, 1], results.table("growth"))
    for axis, line in zip(grid[1], lines, strict=True):
        _maps(axis, maps[maps["line"] == line])
    grid[0, 0].set_title("explicit midpoint: a pair")
    grid[0, 1].set_title("growth of the worst pair")
    for axis, line in zip(grid[1], lines, strict=True):
        hL = maps[maps["line"] == line]["hL"].iloc[0]
        axis.set_title(f"maps of the line: {TITLES.get(line, line)}, $hL={hL:g}$")
    return figure


def _pair(axis: Axes, contours: pd.DataFrame, pair: pd.DataFrame) -> None:
    contour(axis, contours)
    for who, colour in ((0, COLOURS["wine"]), (1, COLOURS["blue"])):
        path = pair[pair["who"] == who].set_index("stage")
        at = {str(s): (float(row["x"]), float(row["y"])) for s, row in path.iterrows()}
        for stage, place in at.items():
            if stage.startswith("stage"):
                axis.plot(*place, "x", color=colour, ms=4.5, mew=1.1)
        axis.annotate(
            "", at["image"], at["point"],
            arrowprops={"arrowstyle": "-|>", "color": colour, "shrinkA": 2, "shrinkB": 2, "lw": 0.9},
        )  # fmt: skip
        axis.plot(*at["point"], "o", color=colour, mfc="white", ms=4.5, mew=1.1)
        axis.plot(*at["image"], "o", color=colour, ms=4.5)
    ends = {s: pair[pair["stage"] == s] for s in ("point", "image")}
    apart = {s: float(np.hypot(np.ptp(e["x"]), np.ptp(e["y"]))) for s, e in ends.items()}
    for stage, style in (("point", "--"), ("image", "-")):
        axis.plot(ends[stage]["x"], ends[stage]["y"], style, color="0.35", lw=0.9)
    axis.set(xlabel="$x_1$", ylabel="$x_2$")
    axis.text(
        0.03, 0.03, f"distance after / before: {apart['image'] / apart['point']:.3f}",
        transform=axis.transAxes, fontsize=8,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5, "alpha": 0.9},
    )  # fmt: skip


def _growth(axis: Axes, growth: pd.DataFrame) -> None:
    lowest = 1e-9
    for method in in_order(growth["method"]):
        one = growth[(growth["method"] == method) & (growth["growth"] > lowest)]
        if len(one):
            axis.plot(one["hL"], one["growth"], **look(method).plot())
    seen = growth[growth["growth"] > lowest]
    if len(seen):
        x = np.array([seen["hL"].min(), seen["hL"].max()])
        last = float(seen.sort_values("hL")["growth"].iloc[-1])
        axis.plot(x, 0.3 * last * (x / x[-1]) ** 3, color="0.5", lw=0.8, label="slope 3")
    absent = [look(m).label for m in in_order(growth["method"]) if m not in set(seen["method"])]
    axis.plot([], [], " ", label="none: " + ", ".join(absent))
    axis.set(xscale="log", yscale="log", xlabel="$hL$", ylabel="expansion ratio $-$ 1")
    axis.legend(loc="upper left")


def _maps(axis: Axes, table: pd.DataFrame) -> None:
    for method in in_order(table["method"]):
        one, style = table[table["method"] == method], look(method)
        axis.plot(one["x"], one["image"], **style.plot(markers=False))
        steep = one["slope"].abs() > 1 + 1e-9
        axis.plot(one["x"], one["image"].where(steep), color=COLOURS["vermillion"], lw=4, alpha=0.35)
    axis.plot([], [], color=COLOURS["vermillion"], lw=4, alpha=0.35, label="steeper than one")
    axis.set(xlabel="$x$", ylabel=r"$\phi_h(x)$")
    axis.legend(loc="best")
