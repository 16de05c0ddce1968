"""Validate the arguments of `integrate`; each error names a remedy."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from geoflow.ground import Floats, InputError
from geoflow.ground.floats import is_finite, real_array
from geoflow.integrators import METHODS
from geoflow.integrators.families import Method
from geoflow.integrators.step import check_method
from geoflow.problems import PROBLEMS, Problem

WHOLE = (int, np.integer)  # a tuple, because `int | np.integer` would be evaluated again in every short call
LARGEST = 2**62


def look_up(problem: Problem | str, method: Method | str) -> tuple[Problem, Method]:
    """Return the problem and the method, given as objects or as names in PROBLEMS and METHODS.

    Raises InputError for anything else.
    """
    problem = PROBLEMS[problem] if isinstance(problem, str) else problem
    method = METHODS[method] if isinstance(method, str) else method
    if not isinstance(problem, Problem):
        raise InputError(f"expected a problem or its name, got {problem!r}; try 'kepler'.")
    check_method(method)
    return problem, method


def check_call(problem: Problem, method: Method, h: float) -> None:
    """Raise InputError unless h is a valid step size and the problem provides what the method needs."""
    check_step(h)
    method.check(problem)


def check_step(h: float) -> None:
    """Raise InputError unless h is a finite nonzero number."""
    if not (is_finite(h) and h != 0):
        raise InputError(
            f"expected a finite step size h other than 0, got {h!r}; try 0.01, or -0.01 to go back in time."
        )


def check_counts(size: int, steps: Any, every: int = 1, monitor: int = 1) -> tuple[int, int, int]:
    """Return the counts as Python integers, whose sums and products cannot wrap around; `size`: numbers per sample."""
    named = (("steps", steps, 0), ("every", every, 1), ("monitor", monitor, 1))
    steps, every, monitor = (check_whole(*one) for one in named)
    if (steps // every) * size > 2**31:
        raise InputError(
            f"{steps // every} samples of {size} numbers do not fit into memory; try every={every * 1000}."
        )
    return steps, every, monitor


def check_whole(name: str, number: Any, least: int) -> int:
    """Return `number` as an int; raises InputError unless it is an integer (not a bool) from `least` to LARGEST."""
    if not (isinstance(number, WHOLE) and not isinstance(number, bool) and number >= least):
        raise InputError(f"expected {name} to be a whole number of at least {least}, got {number!r}.")
    if number > LARGEST:
        raise InputError(
            f"expected {name} to be at most 2^62, because the compiled loops count in 64 bits, got {number}."
        )
    return int(number)


def check_flags(**flags: bool) -> None:
    """Raise InputError unless each flag is a bool; a string such as "no" would count as True."""
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            raise InputError(f"expected {name} to be True or False, got {flag!r}.")


def initial_time(problem: Problem, t0: float | None) -> float:
    """Return t0; by default the start of the problem's time span."""
    t = problem.span[0] if t0 is None else t0
    if not is_finite(t):
        raise InputError(f"expected a finite time t0, got {t0!r}; try {problem.span[0]:g}.")
    return float(t)


def initial_state(problem: Problem, y0: ArrayLike | None) -> Floats:
    """Return a copy of y0, by default of the problem's own, as an array of shape (d,)."""
    y = real_array(problem.y0 if y0 is None else y0, f"{problem.dimension} finite real numbers in y0")
    if y.shape != (problem.dimension,):
        raise InputError(f"expected y0 of shape ({problem.dimension},) for problem {problem.name!r}, got {y.shape}.")
    return y


def initial_values(problem: Problem, observed: tuple[str, ...], t: float, y: Floats) -> Floats:
    """Return the invariants at (t, y), shape (invariants,); raises InputError if one of them is not finite."""
    with np.errstate(all="ignore"):
        values = [float(problem.evaluate(problem.invariants[name], t, y)) for name in observed]
    for name, value in zip(observed, values, strict=True):
        if not math.isfinite(value):
            raise InputError(
                f"expected the invariant {name!r} of problem {problem.name!r} to be finite at y0, got {value}; "
                "try another y0 or invariants=False."
            )
    return np.array(values)


def uses_newton(method: Method, solver: str) -> bool:
    if solver not in ("fixed_point", "newton"):
        raise InputError(f"expected solver 'fixed_point' or 'newton', got {solver!r}.")
    return solver == "newton" and method.iterates
