"""Small pictures: the stability region of a method, an orbit of a problem, the level sets of a potential."""

import io
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from scipy.integrate import solve_ivp

from geoflow.figures import Axes, canvas

SIZE, DPI = (3.2, 2.8), 110
SAMPLES = 1500
BLUE, ORANGE = "#0072B2", "#D55E00"


def draw(kind: str, entry: Any) -> bytes:
    """The picture of an entry as PNG; empty if there is nothing to draw."""
    drawing = DRAWINGS.get(kind)
    with canvas.style():
        figure, axis = plt.subplots(figsize=SIZE, layout="constrained")
        try:
            if drawing is None or not drawing(axis, entry):
                return b""
            out = io.BytesIO()
            figure.savefig(out, dpi=DPI, metadata={"Software": None})
            return out.getvalue()
        finally:
            plt.close(figure)


def _method(axis: Axes, method: Any) -> bool:
    """The region |R(z)| <= 1, and the disc |z + r| <= r of the contractivity radius r."""
    from geoflow.theory.radii import contractivity_radius
    from geoflow.theory.stability import imaginary_stability_interval, real_stability_interval, stability_values

    method = method.tableau
    if method is None:
        return False
    real, imaginary = real_stability_interval(method) or 0.0, imaginary_stability_interval(method) or 0.0
    left = min(max(1.25 * real, 4.0), 80.0) if np.isfinite(real) else 8.0
    high = min(max(1.3 * imaginary, 4.0, left / 3), 40.0) if np.isfinite(imaginary) else 8.0
    right = left / 3 if method.explicit else left
    x, y = np.meshgrid(np.linspace(-left, right, 301), np.linspace(-high, high, 301))
    size = np.minimum(np.nan_to_num(np.abs(stability_values(method, x + 1j * y)), nan=9.0), 9.0)
    axis.contourf(x, y, size, [0, 1], colors=[BLUE], alpha=0.25)
    axis.contour(x, y, size, [1], colors=[BLUE], linewidths=1.2)
    radius = contractivity_radius(method) or 0.0
    if 0 < radius < np.inf:
        axis.add_patch(plt.Circle((-radius, 0), radius, fill=False, color=ORANGE, ls="--", lw=1.2))
    axis.axhline(0, color="0.7", lw=0.6, zorder=0)
    axis.axvline(0, color="0.7", lw=0.6, zorder=0)
    axis.set(xlabel=r"$\mathrm{Re}\,z$", ylabel=r"$\mathrm{Im}\,z$", xlim=(-left, right), ylim=(-high, high))
    axis.set_aspect("equal")
    return True


def _problem(axis: Axes, problem: Any) -> bool:
    """A solution over its span: in the plane of the first two components, or of the first component against time."""
    t = np.linspace(problem.span[0], problem.span[1], SAMPLES)
    solved = solve_ivp(problem.vector_field, problem.span, problem.y0, "DOP853", t, rtol=1e-8, atol=1e-10)
    y, n = solved.y, problem.dimension
    bodies = _bodies(problem)
    if bodies:
        for k in range(n // 2 // bodies):
            axis.plot(y[bodies * k], y[bodies * k + 1], lw=1)
        axis.set(xlabel="$x$", ylabel="$y$", aspect="equal")
    elif problem.driven and n <= 2:
        axis.plot(solved.t, y[0], color=BLUE)
        axis.set(xlabel="$t$", ylabel="$y_1$")
    else:
        axis.plot(y[0], y[1], color=BLUE, lw=1)
        axis.plot(*y[:2, 0], "o", color=ORANGE, ms=4)
        axis.set(xlabel="$y_1$", ylabel="$y_2$")
    return True


def _bodies(problem: Any) -> int:
    """Dimension of space of a problem of several bodies, whose positions are listed body by body; 0 otherwise."""
    name = problem.name
    return 3 if name.startswith("outer_solar_system") else 2 if name in ("figure_eight", "argon_crystal") else 0


def _potential(axis: Axes, make: Any) -> bool:
    """Level sets in the plane of the first two components through the minimiser, and paths of the gradient flow."""
    V = make()
    if V.dimension < 2:
        return False
    centre = np.asarray(V.minimiser, dtype=float)
    x = np.linspace(-2, 2, 81)
    points = np.tile(centre[:, None], (1, x.size**2))
    grid = np.meshgrid(x, x)
    points[0] += grid[0].ravel()
    points[1] += grid[1].ravel()
    values = np.asarray(V.value(points)).reshape(x.size, x.size)
    axis.contourf(centre[0] + x, centre[1] + x, values, 14, cmap="cividis")
    for angle in np.linspace(0, 2 * np.pi, 8, endpoint=False) + 0.2:
        start = centre.copy()
        start[:2] += 1.9 * np.array([np.cos(angle), np.sin(angle)])
        path = solve_ivp(lambda t, y: -V.gradient(y), (0, 12 / V.L), start, max_step=0.2 / V.L, rtol=1e-5).y
        axis.plot(path[0], path[1], color="white", lw=0.9)
    axis.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
    return True


DRAWINGS: dict[str, Callable[[Axes, Any], bool]] = {"methods": _method, "problems": _problem, "potentials": _potential}
