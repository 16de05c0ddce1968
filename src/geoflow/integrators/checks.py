"""What a call of `integrate` is given, checked: each refusal is a sentence with a remedy."""

import math

import numpy as np
from numpy.typing import ArrayLike

from geoflow.ground import Floats, InputError
from geoflow.integrators import METHODS
from geoflow.integrators.families import Method
from geoflow.integrators.step import check_method
from geoflow.problems import PROBLEMS, Problem

WHOLE = (int, np.integer)  # tuples, as a union would be made anew in each of many short calls
REAL = (int, float, np.integer, np.floating)


def look_up(problem: Problem | str, method: Method | str) -> tuple[Problem, Method]:
    """The objects, each given by itself or by its name in PROBLEMS or METHODS; raises InputError for anything else."""
    problem = PROBLEMS[problem] if isinstance(problem, str) else problem
    method = METHODS[method] if isinstance(method, str) else method
    if not isinstance(problem, Problem):
        raise InputError(f"expected a problem or its name, got {problem!r}; try 'kepler'.")
    check_method(method)
    return problem, method


def check_call(problem: Problem, method: Method, h: float) -> None:
    """Raise InputError unless h is a step size and the problem offers what the method needs."""
    check_step(h)
    method.check(problem)


def check_step(h: float) -> None:
    """Raise InputError unless h is a step size."""
    if not (_is_finite(h) and h != 0):
        raise InputError(
            f"expected a finite step size h other than 0, got {h!r}; try 0.01, or -0.01 to go back in time."
        )


def check_counts(size: int, steps: int, every: int = 1, monitor: int = 1) -> None:
    for name, number, least in (("steps", steps, 0), ("every", every, 1), ("monitor", monitor, 1)):
        check_whole(name, number, least)
    if (steps // every) * size > 2**31:
        raise InputError(
            f"{steps // every} samples of {size} numbers do not fit into memory; try every={every * 1000}."
        )


def check_whole(name: str, number: int, least: int) -> None:
    """Raise InputError unless `number` is an integer, and no bool, of at least `least`."""
    if not (isinstance(number, WHOLE) and not isinstance(number, bool) and number >= least):
        raise InputError(f"expected {name} to be a whole number of at least {least}, got {number!r}.")


def check_flags(**flags: bool) -> None:
    """Raise InputError unless each is True or False: "no" would be taken for True."""
    for name, flag in flags.items():
        if not isinstance(flag, bool):
            raise InputError(f"expected {name} to be True or False, got {flag!r}.")


def _is_finite(number: float) -> bool:
    try:
        return isinstance(number, REAL) and not isinstance(number, bool) and math.isfinite(number)
    except OverflowError:  # an integer that no float can hold
        return False


def initial_time(problem: Problem, t0: float | None) -> float:
    """t0, or by default the begin of the problem's span."""
    t = problem.span[0] if t0 is None else t0
    if not _is_finite(t):
        raise InputError(f"expected a finite time t0, got {t0!r}; try {problem.span[0]:g}.")
    return float(t)


def initial_state(problem: Problem, y0: ArrayLike | None) -> Floats:
    """y0, or by default that of the problem, as a new array of shape (d,)."""
    y = real_array(problem.y0 if y0 is None else y0, f"{problem.dimension} real numbers in y0")
    if y.shape != (problem.dimension,):
        raise InputError(f"expected y0 of shape ({problem.dimension},) for problem {problem.name!r}, got {y.shape}.")
    if not np.isfinite(y).all():
        raise InputError(f"expected finite numbers in y0, got {y.tolist()}.")
    return y


def real_array(y0: ArrayLike, wanted: str) -> Floats:
    """A copy of y0 as floats; raises InputError for what would lose something: complex numbers, gradients."""
    if getattr(y0, "requires_grad", False):
        raise InputError(
            f"expected {wanted}, got a torch tensor that asks for gradients, which compiled loops do not carry; "
            "try one_step(method, problem)(t, y, h) of geoflow.integrators.step, which does, or y0.detach()."
        )
    try:
        given = np.asarray(y0)
        if given.dtype.kind in "iufO":
            return np.array(given, dtype=np.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        pass
    raise InputError(f"expected {wanted}, got {y0!r}.")


def initial_values(problem: Problem, observed: tuple[str, ...], t: float, y: Floats) -> Floats:
    """The invariants at the start, shape (invariants,); raises InputError if one of them is not finite there."""
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
