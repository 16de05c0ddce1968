"""Conservation of truncated modified Hamiltonians against h, N and time; and the error of the optimal truncation."""

from collections.abc import Iterable
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.ticker import LogLocator, NullFormatter

from geoflow.figures import COLOURS, Axes, Figure, Results, canvas, in_order, look

SHOWN = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20)  # truncations drawn against h
STEPS = 5  # number of step sizes drawn against N
OVER_TIME = (2, 4, 8)
REMAINDER_OF = "stormer_verlet"
OWN = 1e-11  # smaller minimal errors are affected by round-off
FLOOR = 1e-12  # for smaller errors the best truncation is determined by round-off
MARKERS = ("o", "s", "^", "v", "D")
RING: dict[str, Any] = {
    "linestyle": "none", "marker": "o", "markersize": 8,
    "markerfacecolor": "none", "markeredgecolor": COLOURS["vermillion"],
}  # fmt: skip


def draw(results: Results) -> Figure:
    """Draw two panels of the error against h, one against the truncation N, one against time."""
    errors, drift = results.table("errors"), results.table("drift")
    errors = errors[errors["error"] > 0]
    methods = in_order(errors["method"])
    figure, grid = canvas.panels(2, 2, height=6.0)
    for axis, method in zip(grid[0], methods, strict=True):
        _against_h(axis, errors[errors["method"] == method])
        axis.set(title=look(method).label)
    grid[0, 1].sharey(grid[0, 0])
    grid[0, 0].set(ylabel="largest error of $H_{[N]}$")
    _against_truncation(grid[1, 0], errors[errors["method"] == methods[-1]])
    grid[1, 0].set(title=f"{look(methods[-1]).label}: best truncation")
    _over_time(grid[1, 1], drift, methods[-1])
    grid[1, 1].set(title=f"{look(methods[-1]).label} over time")
    handles: dict[str, Any] = {}
    for axis in grid[0]:
        handles |= dict(zip(*axis.get_legend_handles_labels()[::-1], strict=True))
    ordered = sorted(handles, key=lambda label: int(label.strip("$").split("=")[1]))
    figure.legend([handles[label] for label in ordered], ordered, loc="outside upper center", ncols=5)
    return figure


def _colour(place: int, of: int) -> Any:
    """Colour from dark to light in viridis, without its last yellow."""
    return matplotlib.colormaps["viridis"](0.88 * place / max(of - 1, 1))


def _against_h(axis: Axes, errors: pd.DataFrame) -> None:
    """Draw one line per truncation, and a grey line h^N through its finest fitted point."""
    for place, N in enumerate(SHOWN):
        one = errors[errors["truncation"] == N].sort_values("h")
        if one.empty:
            continue
        colour, marker = _colour(place, len(SHOWN)), MARKERS[place % len(MARKERS)]
        line = {"color": colour, "marker": marker, "markersize": 2.6, "linewidth": 0.9}
        axis.plot(one["h"], one["error"], label=f"$N={N}$", **line)
        fitted = one[one["in_fit"]]
        if len(fitted):
            h, e = fitted["h"].to_numpy(), fitted["error"].to_numpy()
            axis.plot(h, e[0] * (h / h[0]) ** N, color="0.6", linewidth=2.4, alpha=0.5, zorder=0)
    axis.set(xscale="log", yscale="log", xlabel="step size $h$")
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter("{x:g}")
    axis.xaxis.set_minor_formatter(NullFormatter())


def _against_truncation(axis: Axes, errors: pd.DataFrame) -> None:
    """Draw some step sizes, the largest first, with a ring around the smallest error."""
    known = np.sort(errors["h"].unique())[::-1]
    for place, h in enumerate(_spread(known)):
        one = errors[errors["h"] == h].sort_values("truncation")
        line = {"color": _colour(place, STEPS), "marker": MARKERS[place], "markersize": 3}
        axis.plot(one["truncation"], one["error"], label=f"$h={h:g}$", linewidth=0.9, **line)
        least = one.nsmallest(1, "error")
        if least["truncation"].item() < one["truncation"].max() and least["error"].item() > FLOOR:
            axis.plot(least["truncation"], least["error"], **RING)
    axis.set(yscale="log", xlabel="truncation $N$", ylabel="largest error of $H_{[N]}$")
    axis.legend(loc="lower left", fontsize=7)


def _spread(known: np.ndarray) -> Iterable[float]:
    """Select STEPS of the step sizes in the upper half, for which the divergence of the series is visible."""
    upper = known[: max(len(known) // 2 + 2, STEPS)]
    return upper[np.unique(np.linspace(0, len(upper) - 1, STEPS).round().astype(int))]


def _over_time(axis: Axes, drift: pd.DataFrame, method: str) -> None:
    """Draw the running maximum of the error of the truncations for one method, and of the energy for the controls."""
    for other in in_order(set(drift["method"])):
        one = drift[drift["method"] == other]
        if one["truncation"].nunique() == 1:
            one = one.sort_values("t")
            axis.plot(one["t"], one["error"].cummax(), **look(other).plot(markers=False))
    for N in OVER_TIME:
        one = drift[(drift["method"] == method) & (drift["truncation"] == N)].sort_values("t")
        colour = _colour(SHOWN.index(N), len(SHOWN))
        axis.plot(one["t"], one["error"].cummax(), color=colour, label=f"$N={N}$")
    axis.set(xscale="log", yscale="log", xlabel="time $t$", ylabel="largest error so far")
    axis.set_xlim(left=drift.loc[drift["t"] > 0, "t"].min())
    axis.legend(loc="center right", bbox_to_anchor=(1.0, 0.32), fontsize=7)


def draw_remainder(*runs: Results) -> Figure:
    """Draw one panel per problem: smallest error over N against 1/h, in which exp(-c/h) is a straight line."""
    figure, grid = canvas.panels(1, len(runs), height=3.0, sharey=True)
    for axis, results in zip(grid[0], runs, strict=True):
        _least(axis, results)
        axis.set(title=results.values["problem"]["name"].capitalize(), xlabel="$1/h$")
    grid[0, 0].set(yscale="log", ylim=(1e-15, 2), ylabel="largest error")
    canvas.legend(figure, grid)
    return figure


def _least(axis: Axes, results: Results) -> None:
    errors, rate = results.table("errors"), results.summary.get("expected_rate", 1.0)
    one = errors[errors["method"] == REMAINDER_OF]
    table = one.pivot_table(index="h", columns="truncation", values="error")
    x, best = 1 / table.index.to_numpy(), table.min(axis=1).to_numpy()
    energy, last = table.iloc[:, 0].to_numpy(), table.iloc[:, -1].to_numpy()
    own = (best > OWN) & (best < last)
    style = look(REMAINDER_OF).plot(linestyle="none", markersize=4.5)
    axis.plot(x, energy, color="0.6", linewidth=0.9, label="$H$ itself")
    axis.plot(x[own], best[own], **{**style, "label": "best truncation"})
    hollow = {"markerfacecolor": "none", "markeredgecolor": look(REMAINDER_OF).colour}
    label = "last term known, or round-off"
    axis.plot(x[~own], best[~own], **{**style, **hollow, "markeredgewidth": 0.6, "label": label})
    if own.any():
        middle = np.exp(np.mean(np.log(best[own]) + rate * x[own]))
        ends = x[own].min(), (np.log(middle) - np.log(1e-15)) / rate
        line = np.array(ends)
        label = r"$\exp(-2\pi\rho/h)$"
        axis.plot(line, middle * np.exp(-rate * line), color="0.2", linestyle=":", label=label)
        axis.set_xlim(0.8 * ends[0], 1.6 * ends[1])
