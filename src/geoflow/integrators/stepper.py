"""A problem and a method prepared for many short calls."""

import numpy as np
from numpy.typing import ArrayLike

from geoflow.ground.arrays import Floats
from geoflow.integrators.checks import check_step, check_whole, initial_state, initial_time, look_up, uses_newton
from geoflow.integrators.families import Method
from geoflow.integrators.running import compiled_loop, raise_for
from geoflow.integrators.segments import CHUNK
from geoflow.problems import Problem


class Stepper:
    """(y0, h, steps) -> phi_h o ... o phi_h (y0), with the loop of `integrate` and to the same bits.

    The loop is that of the problem as it was when the stepper was made: what its functions read from outside, such as
    parameters, is not read again.
    """

    def __init__(self, problem: Problem, method: Method, compensated: bool, solver: str) -> None:
        self.problem, self.method = problem, method
        self._newton = uses_newton(method, solver)
        self._run = compiled_loop(problem, method, (), self._newton, compensated)
        self._none = np.empty(0), np.empty(1), np.empty((1, problem.dimension)), np.empty((1, 0)), np.empty(0)

    def __call__(self, y0: ArrayLike | None, h: float, steps: int, t0: float | None = None) -> Floats:
        """The state after `steps` steps of size h from y0, both of shape (d,).

        y0 and t0 are by default (None) the problem's own. Raises InputError for what is no state, step size, number or
        time, SolveError when the state overflows or a stage equation is not solved.
        """
        check_step(h)
        check_whole("steps", steps, 0)
        y, t, carry = initial_state(self.problem, y0), initial_time(self.problem, t0), dict[str, Floats]()
        for first in range(0, steps, CHUNK):
            last = min(first + CHUNK, steps)
            outcome, reached, _ = self._run(y, t, h, first, last, steps + 1, steps + 1, carry, *self._none)
            raise_for(outcome, reached, self.problem, self.method, t, h, self._newton)
        return y


def prepare(
    problem: Problem | str, method: Method | str, *, compensated: bool = False, solver: str = "fixed_point"
) -> Stepper:
    """The map (y0, h, steps) -> y_steps, y_(n+1) = phi_h(t_n, y_n), of a method on a problem, for many short calls.

    `stepper = prepare("pendulum", "rk4")` checks both and compiles the loop; `stepper(y0, h, steps)` then costs
    microseconds beside its steps. Options are those of `integrate`. Raises InputError for bad input.
    """
    problem, method = look_up(problem, method)
    method.check(problem)
    return Stepper(problem, method, compensated, solver)
