"""Order, Jacobian and invariants of one step, in extended precision if float64 is not sufficient.

The reference step accepts float64 arrays and object arrays of mpmath numbers; digits=None stands for float64.
"""

from functools import cache
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from geoflow.ground import SolveError
from geoflow.integrators import METHODS
from geoflow.integrators.families import Method
from geoflow.integrators.step import one_step
from geoflow.problems import Problem
from geoflow.problems.elementary import sin
from geoflow.problems.problem import unit_masses

State = NDArray[Any]
DIGITS = 50
# Smaller float64 errors can be round-off; slopes are computed from larger ones.
FLOOR = 1e-11
# Two consecutive slopes that differ by less are accepted as the order, whatever was declared. Strongly filtering
# methods do not converge as long as h omega is large.
SETTLED = 0.05


def exact_floats(y: NDArray[np.float64]) -> State:
    """Convert float64 numbers exactly to mpf, shape (d,)."""
    return np.array([mpmath.mpf(float(x)) for x in y], dtype=object)


def solve(problem: Problem, method: Method, end: float, steps: int, floats: bool = False) -> State:
    """Compute y(end) from the problem's y0 at t = 0 by `steps` steps, in mpmath's working precision or in float64."""
    phi, y = one_step(method, problem), problem.y0.copy() if floats else exact_floats(problem.y0)
    h = end / steps if floats else mpmath.mpf(end) / steps
    for n in range(steps):
        y = phi(n * h, y, h)
    return y


@cache
def truth(problem: Problem, end: float, digits: int | None = DIGITS) -> State:
    """Reference state at `end` by the ten-stage Gauss method; h is halved until the stages can be solved."""
    given = (problem, METHODS["gauss_10"], end)
    with mpmath.workdps(digits or DIGITS):
        for steps in (8, 16, 32, 64, 128):
            try:
                return solve(*given, steps, digits is None)
            except SolveError:
                continue
        return solve(*given, 256, digits is None)


def errors_by_halving(
    problem: Problem, method: Method, end: float = 1, finest: int = 1024, digits: int | None = None
) -> list[tuple[int, float]]:
    """List of (steps, largest component of the error at `end`) for 4, 8, 16, ... steps until the slope is constant.

    In float64 (digits=None) the list also ends at the round-off level. Step sizes whose step fails are omitted.
    """
    with mpmath.workdps(digits or DIGITS):
        exact = truth(problem, end, digits)
        errors: list[tuple[int, float]] = []
        slopes: list[float] = []
        for steps in (4 * 2**k for k in range((finest // 4).bit_length())):
            try:
                error = float(max(abs(solve(problem, method, end, steps, digits is None) - exact)))
            except SolveError:
                continue
            if digits is None and error < FLOOR:
                break
            if not np.isfinite(error):
                continue
            errors.append((steps, error))
            slopes = slopes_of(errors)
            if len(slopes) > 1 and abs(slopes[-1] - slopes[-2]) < SETTLED < slopes[-1]:
                break
        return errors


def slopes_of(errors: list[tuple[int, float]]) -> list[float]:
    """Slopes log2(error(n) / error(2 n)) of consecutive entries."""
    return [
        float(np.log(coarse / fine) / np.log(more / fewer))
        for (fewer, coarse), (more, fine) in pairwise(errors)
        if fine > 0
    ]


def shaken_pendulum() -> Problem:
    """H(q, p, t) = p^2/2 - (1 + sin(t + 1)/2) cos q: the Jacobian of the field depends on time.

    On other problems, a method whose nodes c are not the row sums of A can appear to be symplectic.
    """

    def force(t, q):  # type: ignore[no-untyped-def]
        return (-(1 + sin(t + 1) / 2) * sin(q[0]),)

    return Problem(np.array([0.1, 0.3]), (0.0, 1.0), "HLW", velocity=unit_masses, force=force)


def jacobian_of_step(problem: Problem, method: Method, y: NDArray[np.float64], h: float, digits: int = DIGITS) -> State:
    """Jacobian d phi_h / d y, shape (d, d), by central differences, accurate to about two thirds of the digits."""
    with mpmath.workdps(digits):
        phi, eps = one_step(method, problem), mpmath.mpf(10) ** -(digits // 3)
        start, columns = exact_floats(y), []
        for k in range(len(y)):
            shift = exact_floats(np.zeros(len(y)))
            shift[k] = eps
            ahead, behind = (phi(mpmath.mpf(0), start + s * shift, mpmath.mpf(h)) for s in (1, -1))
            columns.append((ahead - behind) / (2 * eps))
        return np.array(columns, dtype=object).T


def symplecticity_defect(
    problem: Problem, method: Method, y: NDArray[np.float64], h: float, digits: int = DIGITS
) -> float:
    """Largest entry of J^T W J - W, J the Jacobian of a step and W = [[0, I], [-I, 0]] (HLW VI.2)."""
    J, n = jacobian_of_step(problem, method, y, h, digits), len(y) // 2
    W = np.kron([[0, 1], [-1, 0]], np.eye(n, dtype=int)).astype(object)
    with mpmath.workdps(digits):
        return float(abs(J.T @ W @ J - W).max())


def symmetry_defect(problem: Problem, method: Method, y: NDArray[np.float64], h: float, digits: int = DIGITS) -> float:
    """Largest component of phi_{-h}(phi_h(y)) - y (HLW V.1)."""
    phi = one_step(method, problem)
    with mpmath.workdps(digits):
        start, step, zero = exact_floats(y), mpmath.mpf(h), mpmath.mpf(0)
        return float(max(abs(phi(step, phi(zero, start, step), -step) - start)))


def invariant_change(problem: Problem, method: Method, name: str, h: float, digits: int = DIGITS) -> float:
    """Change |I(phi_h(y0)) - I(y0)| of one of the problem's invariants in one step."""
    invariant = problem.invariants[name]
    with mpmath.workdps(digits):
        y, zero = exact_floats(problem.y0), mpmath.mpf(0)
        after = one_step(method, problem)(zero, y, mpmath.mpf(h))
        before = problem.evaluate(invariant, zero, y)
        return float(abs(problem.evaluate(invariant, mpmath.mpf(h), after) - before))
