"""A run as a figure in the theme of the report, at a prompt or in a notebook."""

from io import BytesIO
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import CenteredNorm
from matplotlib.figure import Figure

from geoflow.figures import canvas
from geoflow.figures.palette import COLOURS, CYCLE, look
from geoflow.integrators.integrate import Trajectory
from geoflow.problems import Problem

MOST_LINES = 6  # more components are drawn as an image
HUES = [COLOURS[name] for name in CYCLE]


class Drawing(Figure):
    """A figure that has the theme of the report wherever it is drawn, and that a notebook shows without pyplot."""

    def draw(self, renderer: Any) -> None:
        with canvas.style():
            super().draw(renderer)

    def _repr_png_(self) -> bytes:
        image = BytesIO()
        self.savefig(image, format="png")
        return image.getvalue()


def plot(run: Trajectory) -> Drawing:
    """Draw the states, by the kind of the problem, and |I(y_n) - I(y_0)| of each invariant I."""
    with canvas.style():
        figure = Drawing(figsize=(canvas.WIDTH, 2.7), layout="constrained")
        states, *right = figure.subplots(1, 2 if run.invariants else 1, squeeze=False)[0]
        if pairs := _planes(run.problem):
            _draw_planes(states, run, pairs)
        else:
            _draw_components(states, run)
        method = look(run.method.name).label
        states.set_title(f"{run.problem.name.replace('_', ' ')} by {method}, h = {run.h:g}")
        for axis in right:
            _draw_changes(axis, run)
    return figure


def _canonical(problem: Problem) -> bool:
    return problem.separable or problem.hamiltonian is not None


def _planes(problem: Problem) -> list[tuple[int, int]]:
    """Pairs of components to draw: the phase plane, or the positions of each body, known by the invariants."""
    if problem.dimension == 2 or not _canonical(problem):
        return [(0, 1)] if problem.dimension == 2 else []
    bodies = 3 if "angular_momentum_x" in problem.invariants else 2 if "momentum_x" in problem.invariants else 0
    size = bodies or (2 if problem.dimension == 4 else 0)
    return [(k, k + 1) for k in range(0, problem.dimension // 2, size)] if size else []


def _label(problem: Problem, k: int | str) -> str:
    """Name and unit of a component of the state, or of "t"."""
    half = problem.dimension // 2
    if isinstance(k, str):
        letter, symbol = k, k
    else:
        letter, index = ("y", k) if not _canonical(problem) else ("q", k) if k < half else ("p", k - half)
        symbol = f"{letter}_{{{index + 1}}}"
    unit = f" ({problem.units[letter]})" if letter in problem.units else ""
    return f"${symbol}${unit}"


def _draw_planes(axis: Axes, run: Trajectory, pairs: list[tuple[int, int]]) -> None:
    """Draw the curves of the pairs, with a dot at the end of each."""
    colours = HUES if len(pairs) > 1 else [look(run.method.name).colour]
    for (k, m), colour in zip(pairs, cycle(colours), strict=False):
        axis.plot(run.y[:, k], run.y[:, m], color=colour, linewidth=0.7)
        axis.plot(run.final[k], run.final[m], "o", color=colour)
    x, y = (
        (_label(run.problem, k) for k in pairs[0])
        if len(pairs) == 1
        else (_label(run.problem, 0).replace("q_{1}", z) for z in "xy")
    )
    axis.set(xlabel=x, ylabel=y)
    if run.problem.dimension > 2:
        axis.set_aspect("equal", "datalim")


def _draw_components(axis: Axes, run: Trajectory) -> None:
    """Draw all components, or the positions, against time: as lines, or as an image if there are many."""
    count = run.problem.dimension // (2 if _canonical(run.problem) else 1)
    axis.set_xlabel(_label(run.problem, "t"))
    if count > MOST_LINES:
        shades: dict[str, Any] = {"cmap": "RdBu_r", "norm": CenteredNorm(), "rasterized": True}
        image = axis.pcolormesh(run.t, np.arange(1, count + 1), run.y[:, :count].T, **shades)
        axis.figure.colorbar(image, ax=axis)
        axis.set_ylabel("component")
        return
    for k in range(count):
        axis.plot(run.t, run.y[:, k], color=HUES[k], label=_label(run.problem, k), linewidth=0.8)
    axis.legend(ncols=2)


def _draw_changes(axis: Axes, run: Trajectory) -> None:
    for (name, I), colour in zip(run.invariants.items(), cycle(HUES), strict=False):
        change = np.where(I[0] == I, np.nan, np.abs(I - I[0]))  # zero is not on a logarithmic axis
        axis.plot(run.t, change, color=colour, linewidth=0.8, label=name.replace("_", " "))
    axis.set(yscale="log", xlabel=_label(run.problem, "t"), title="change of the invariants")
    axis.legend()
