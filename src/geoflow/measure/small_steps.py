"""Order, symmetry and symplecticity of one step of a method, measured in extended precision.

The local error relative to a method of much higher order is O(h^(p+1)). If the precision is so high that round-off is
negligible and h is far below the time scale of the problem, two step sizes give the order to two digits.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import mpmath
import numpy as np

from geoflow.ground import Floats
from geoflow.integrators import METHODS, Method
from geoflow.integrators.step import one_step
from geoflow.measure.defects import exact_floats, shaken_pendulum, symmetry_defect, symplecticity_defect
from geoflow.measure.structure_defects import candidates_from, free_and_driven
from geoflow.measure.suitable import find_problem, serves
from geoflow.problems import PROBLEMS, Problem

# Nonlinear problems; the first one of each kind that provides what a method needs is used.
USUAL = ("henon_heiles", "rigid_body", "lotka_volterra", "fput")
USUAL_DRIVEN = ("driven_pendulum", "swaying_abc_flow", "breathing_body")
# Step size in units of 1 / L, L the Lipschitz constant of the field; each order reduces the error by about 2^-7.
FRACTION = 2.0**-7


@dataclass(frozen=True, eq=False)
class Place:
    """A problem, a time and a generic state on its solution, and a small step size."""

    problem: Problem
    t: float
    y: Floats
    h: float


def places(method: Method) -> list[Place]:
    """Places at which a method is measured: an autonomous and a non-autonomous problem, if the method applies."""
    names = free_and_driven(method, candidates_from([*USUAL, *USUAL_DRIVEN]))
    return [place(name) for name in names if name is not None]


@cache
def place(name: str) -> Place:
    return place_of(PROBLEMS[name])


def place_of(problem: Problem) -> Place:
    """Return a place a short time along the solution from y0."""
    t, y = float(problem.span[0]), np.array(problem.y0, dtype=float)
    length = time_scale(problem, t, y)
    phi = one_step(METHODS["gauss_4"], problem)
    for _ in range(12):
        y = np.asarray(phi(t, y, length / 16), dtype=float)
        t += length / 16
    return Place(problem, t, y, FRACTION * length)


def sizes(y: Floats) -> Floats:
    """Unit of each component: the largest position or the largest momentum."""
    half = max(len(y) // 2, 1)
    largest = [np.abs(y[:half]).max(), np.abs(y[half:]).max(initial=0.0)]
    whole = np.abs(y).max() or 1.0
    return np.repeat([x or whole for x in largest], [half, len(y) - half])


def time_scale(problem: Problem, t: float, y: Floats) -> float:
    """Time scale 1 / L, L the norm of the Jacobian of the field in the units of `sizes`."""
    size, columns = sizes(y), []
    for k in range(len(y)):
        shift = 1e-6 * size[k] * np.eye(len(y))[k]
        change = problem.vector_field(t, y + shift) - problem.vector_field(t, y - shift)
        columns.append(np.asarray(change, dtype=float) / (2e-6 * size))
    return 1 / max(float(np.linalg.norm(np.array(columns), 2)), 1e-12)


def order_at(method: Method, at: Place, longer: int = 1) -> float:
    """Measured order log2(error of a step of h / error of a step of h / 2) - 1, with h = `longer` * `at.h`."""
    phi, columns = one_step(method, at.problem), method.order // 2 + 4
    with mpmath.workdps(30 + 4 * (method.order + 1)):
        t, y = mpmath.mpf(at.t), exact_floats(at.y)
        errors = []
        for h in (mpmath.mpf(at.h) * longer, mpmath.mpf(at.h) * longer / 2):
            errors.append(max(abs(phi(t, y, h) - extrapolate(at.problem, t, y, h, columns))))
        if min(errors) == 0:
            return float("inf")
        return float(mpmath.log(errors[0] / errors[1], 2)) - 1


def extrapolate(problem: Problem, t: Any, y: Any, h: Any, columns: int) -> Any:
    """Compute y(t + h) up to O(h^(2 columns + 1)) by extrapolated Gragg steps (HairerNorsettWanner1993, II.9)."""
    f = problem.vector_field
    rows: list[list[Any]] = []
    for k in range(1, columns + 1):
        n = 2 * k
        before, now = y, y + f(t, y) * (h / n)
        for i in range(1, n):
            before, now = now, before + f(t + i * h / n, now) * (2 * h / n)
        row = [(before + now + f(t + h, now) * (h / n)) / 2]
        for j in range(1, k):
            ratio = (mpmath.mpf(k) / (k - j)) ** 2 - 1
            row.append(row[-1] + (row[-1] - rows[-1][j - 1]) / ratio)
        rows.append(row)
    return rows[-1][-1]


def symmetry_at(method: Method, at: Place) -> tuple[float, float]:
    """Symmetry defect phi_-h(phi_h(y)) - y in units of y, and the size of its round-off."""
    digits = 24 + 3 * method.order
    defect = symmetry_defect(at.problem, method, at.y, at.h, digits)
    return defect / float(np.abs(at.y).max()), 10.0 ** (6 - digits)


def symplecticity_at(method: Method, at: Place) -> tuple[float, float]:
    """Symplecticity defect J^T W J - W of a step, and its round-off (J is accurate to two thirds of the digits)."""
    digits = 3 * (14 + 3 * method.order) // 2
    defect = symplecticity_defect(at.problem, method, at.y, at.h, digits)
    return defect, 10.0 ** (5 - 2 * digits // 3)


def canonical_place(method: Method) -> Place | None:
    """Place at which symplecticity is measured: H = T(p) + U(q, t), time-dependent if the method applies to it."""
    shaken = replace(shaken_pendulum(), name="shaken pendulum")
    if serves(shaken, method):
        return place_of(shaken)
    name = find_problem(method, [n for n in candidates_from(USUAL) if PROBLEMS[n].separable])
    return None if name is None else place(name)


def measured_defects(method: Method) -> dict[str, Any]:
    """Defects of symmetry and symplecticity of a small step, and the problem; None if there is no suitable problem."""
    canonical, found = canonical_place(method), places(method)
    used = [canonical, *found] if canonical else found
    return {
        "symplecticity": symplecticity_at(method, canonical)[0] if canonical else None,
        "symmetry": max((symmetry_at(method, at)[0] for at in found), default=None),
        "problems": sorted({at.problem.name for at in used}),
        "h": "2^-7 / L",
    }
