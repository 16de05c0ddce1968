"""Number of steps up to a given time, which is a component of the state if the problem has a clock."""

from collections.abc import Callable

from scipy.optimize import brentq

from geoflow.ground import Floats, InputError, SolveError
from geoflow.ground.floats import is_finite
from geoflow.problems import Problem

CAUTION = 0.9  # part of the steps that are left, by the average rate of the clock, in the next block
GROWTH = 16  # largest number of steps of a block, relative to the steps so far


def check_either(steps: int | None, until: float | None) -> None:
    """Raise InputError unless exactly one of the two ways to end a run is given."""
    if (steps is None) == (until is None):
        raise InputError(f"expected either steps or until, got steps={steps} and until={until}; try steps=1000.")


def steps_until(
    stepper: Callable[..., Floats], problem: Problem, y: Floats, h: float, until: float, t0: float
) -> tuple[int, float, Floats | None]:
    """Return n and theta: n steps of size h from y at t0 and a step of size theta, |theta| < |h|, reach `until`.

    The time is t0 + n h or, if the problem offers the index of a `clock`, that component of the state; the third value
    is then y_n. Raises InputError if `until` is not finite or lies behind the start, and SolveError if the clock stops.
    """
    clock = problem.offers.get("clock")
    if clock not in (None, *range(problem.dimension)):
        raise InputError(f"expected the clock of {problem.label} to be an index of the state, got {clock!r}.")
    start = t0 if clock is None else float(y[clock])
    if not is_finite(until) or (until - start) * h < 0:
        side = "before" if h < 0 else "after"
        raise InputError(f"expected a time `until` {side} the start {start:g} for h = {h:g}, got {until!r}.")
    if clock is not None:
        return _steps_of_clock(stepper, clock, y, h, until, t0)
    exact = (until - t0) / h
    n = round(exact) if abs(exact - round(exact)) < 1e-9 else int(exact)
    return n, (until - (t0 + n * h) if n < exact else 0.0), None


def _steps_of_clock(
    stepper: Callable[..., Floats], clock: int, y: Floats, h: float, until: float, t0: float
) -> tuple[int, float, Floats]:
    """Take blocks of steps, as long as the average rate of the clock suggests, and shorter ones near the end."""
    n, block, passed, start, sign = 0, 1, False, y[clock], 1 if h > 0 else -1
    while y[clock] != until and block:
        ahead = stepper(y, h, block, t0 + n * h)
        if not (ahead[clock] - y[clock]) * sign > 0:
            raise SolveError(f"the clock stops at {y[clock]:g} and does not reach {until:g}; try a smaller h.")
        if (ahead[clock] - until) * sign > 0:
            passed, block = True, block // 2
            continue
        y, n = ahead, n + block
        if not passed:
            left = n * (until - y[clock]) / (y[clock] - start)
            block = max(1, min(int(CAUTION * left), GROWTH * n))
    if y[clock] == until:
        return n, 0.0, y

    def lateness(theta: float) -> float:
        state = stepper(y, theta, 1, t0 + n * h) if theta else y
        return float(state[clock] - until)

    return n, float(brentq(lateness, 0.0, h, xtol=1e-300, rtol=1e-15)), y
