"""A problem and a method prepared for many short calls."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from geoflow.ground import Floats
from geoflow.integrators.checks import check_step, check_whole, initial_state, initial_time, look_up, uses_newton
from geoflow.integrators.families import Method
from geoflow.integrators.running import compiled_loop, raise_for
from geoflow.integrators.segments import CHUNK
from geoflow.problems import Problem


def prepare(
    problem: Problem | str, method: Method | str, *, compensated: bool = False, solver: str = "fixed_point"
) -> Callable[..., Floats]:
    """The map stepper(y0, h, steps, t0=None) = y_steps, y_(n+1) = phi_h(t0 + n h, y_n), for many short calls.

    States have shape (d,); y0 and t0 are by default (None) the problem's own. The loop is that of `integrate` and gives
    the same bits, but a call takes microseconds beside its steps. It is the loop of the problem as it is now: what the
    problem's functions read from outside, such as parameters, is not read again. Options are those of `integrate`.
    Both raise InputError for bad input; the stepper raises SolveError when the state overflows or a stage equation is
    not solved.
    """
    problem, method = look_up(problem, method)
    method.check(problem)
    newton = uses_newton(method, solver)
    run = compiled_loop(problem, method, (), newton, compensated)
    none = np.empty(0), np.empty(1), np.empty((1, problem.dimension)), np.empty((1, 0)), np.empty(0)

    def stepper(y0: ArrayLike | None, h: float, steps: int, t0: float | None = None) -> Floats:
        check_step(h)
        check_whole("steps", steps, 0)
        y, t, carry = initial_state(problem, y0), initial_time(problem, t0), dict[str, Floats]()
        for first in range(0, steps, CHUNK):
            last = min(first + CHUNK, steps)
            outcome, reached, _ = run(y, t, h, first, last, steps + 1, steps + 1, carry, *none)
            raise_for(outcome, reached, problem, method, t, h, newton)
        return y

    return stepper
