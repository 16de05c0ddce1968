"""Comparison of methods: the state against time, its phase plane, the error of the first invariant."""

from typing import Any

from geoflow.figures import Figure, Results, canvas, tidy
from geoflow.studies.hamiltonian.panels import errors_against_time

STYLE: dict[str, Any] = {"markers": False, "linewidth": 0.9}
LAST = 2000  # number of drawn samples of the components
NAMES = {  # experiment -> its components, and the invariant
    "harmonic_oscillator": ("$q$", "$p$", "$|H - H_0|$"),
    "sir_model": ("$S$", "$I$", "$R$", "$|S + I + R - 1|$"),
    "free_rigid_body": ("$y_1$", "$y_2$", "$y_3$", "$|H - H_0|$"),
    "symplectic_hamiltonian": ("$q_1$", "$q_2$", "$p_1$", "$p_2$", "$|H - H_0|$"),
    "lotka_volterra_gradients": ("$x$", "$y$", "$|H - H_0|$"),
}


def draw(*experiments: Results) -> Figure:
    """Draw one row per experiment, or two rows for a single one, with every method in each panel."""
    several = len(experiments) > 1
    shape = (len(experiments), 4) if several else (2, 2)
    figure, grid = canvas.panels(*shape, height=0.5 + 1.75 * shape[0] if several else 4.5)
    for axes, results in zip(grid.reshape(-1, 4), experiments, strict=True):
        _draw_row(axes, results)
    if not several:
        grid[1, 0].set_aspect("equal")
    canvas.legend(figure, grid)
    return figure


def _draw_row(axes: Any, results: Results) -> None:
    """Draw three components, or two and a phase plane (of the second for four); then the largest error so far."""
    states = results.table("states")
    *names, invariant = NAMES[results.folder.name]
    columns = dict(zip("xyzw", names, strict=False))
    shown = states.groupby("method").tail(LAST)
    for axis, (column, name) in zip(axes[: 3 if len(names) == 3 else 2], columns.items(), strict=False):
        tidy.lines(axis, shown, "t", column, **STYLE)
        axis.set(xlabel="$t$", ylabel=name)
    if len(names) != 3:
        x, y = ("y", "w") if len(names) == 4 else ("x", "y")
        tidy.lines(axes[2], shown, x, y, **STYLE, sort=False, estimator=None)
        axes[2].set(xlabel=columns[x], ylabel=columns[y])
        axes[2].locator_params(axis="x", nbins=3)
    errors_against_time(axes[3], states, "error")
    axes[3].set(xlabel="$t$", ylabel=invariant)
