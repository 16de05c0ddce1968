"""What a call of `integrate` is given, checked: each refusal is a sentence with a remedy."""

import math

import numpy as np
from numpy.typing import ArrayLike

from geoflow.ground.arrays import Floats
from geoflow.ground.errors import InputError
from geoflow.integrators.families import Method, PartitionedRungeKutta, RungeKutta
from geoflow.integrators.requirements import require_offers
from geoflow.integrators.step import one_step
from geoflow.problems import Problem


def check_call(
    problem: Problem, method: Method, h: float, steps: int, every: int, watch: int
) -> None:
    if not isinstance(problem, Problem):
        raise InputError(f"expected a problem or its name, got {problem!r}; try 'kepler'.")
    if one_step.dispatch(type(method)) is one_step.dispatch(object):
        raise InputError(f"expected a method or its name, got {method!r}; try 'stormer_verlet'.")
    if not (isinstance(h, int | float | np.number) and math.isfinite(h) and h > 0):
        raise InputError(f"expected a positive, finite step size h, got {h!r}; try 0.01.")
    for name, number in (("steps", steps), ("every", every), ("watch", watch)):
        if not (isinstance(number, int | np.integer) and number >= 1):
            raise InputError(f"expected {name} to be a whole number of at least 1, got {number!r}.")
    if (steps // every) * problem.dimension > 2**31:
        raise InputError(
            f"{steps // every} samples of {problem.dimension} numbers do not fit into memory; "
            f"try every={every * 1000}."
        )
    require_offers(method, problem)


def initial_state(problem: Problem, y0: ArrayLike | None) -> Floats:
    try:
        y = np.array(problem.y0 if y0 is None else y0, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError(f"expected y0 to be {problem.dimension} numbers, got {y0!r}.") from None
    if y.shape != (problem.dimension,):
        raise InputError(
            f"expected y0 of shape ({problem.dimension},) for problem {problem.name!r}, got {y.shape}."
        )
    if not np.isfinite(y).all():
        raise InputError(f"expected finite numbers in y0, got {y.tolist()}.")
    return y


def uses_newton(method: Method, solver: str) -> bool:
    if solver not in ("fixed_point", "newton"):
        raise InputError(f"expected solver 'fixed_point' or 'newton', got {solver!r}.")
    implicit = isinstance(method, RungeKutta | PartitionedRungeKutta) and not method.explicit
    return solver == "newton" and implicit
