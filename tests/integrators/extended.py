"""Steps in extended precision, for claims that float64 cannot show."""

from functools import cache

import mpmath
import numpy as np

from geoflow.integrators import METHODS, Method
from geoflow.integrators.step import one_step
from geoflow.problems import Problem

DIGITS = 50


def exact_floats(y: np.ndarray) -> np.ndarray:
    return np.array([mpmath.mpf(float(x)) for x in y], dtype=object)


def solve(problem: Problem, method: Method, end: int, steps: int) -> np.ndarray:
    phi, h, y = one_step(method, problem), mpmath.mpf(end) / steps, exact_floats(problem.y0)
    for n in range(steps):
        y = phi(n * h, y, h)
    return y


@cache
def truth(problem: Problem, end: int) -> np.ndarray:
    """The state at `end` by Gauss's method with ten stages, checked by the tracked reference states."""
    return solve(problem, METHODS["gauss_10"], end, 8)


def measured_order(problem: Problem, method: Method, end: int = 1, steps: int = 16) -> float:
    """log2 of the ratio of the errors with `steps` and with twice as many steps."""
    with mpmath.workdps(DIGITS):
        exact = truth(problem, end)
        coarse, fine = (
            max(abs(solve(problem, method, end, n) - exact)) for n in (steps, 2 * steps)
        )
        return float(mpmath.log(coarse / fine, 2))


def jacobian_of_step(problem: Problem, method: Method, y: np.ndarray, h: float) -> np.ndarray:
    """d phi_h / d y by central differences with 50 digits: right to about 25 digits."""
    with mpmath.workdps(DIGITS):
        phi, eps = one_step(method, problem), mpmath.mpf(10) ** -13
        start, columns = exact_floats(y), []
        for k in range(len(y)):
            shift = np.array(
                [eps if i == k else mpmath.mpf(0) for i in range(len(y))], dtype=object
            )
            ahead, behind = (phi(mpmath.mpf(0), start + s * shift, mpmath.mpf(h)) for s in (1, -1))
            columns.append((ahead - behind) / (2 * eps))
        return np.array(columns, dtype=object).T
