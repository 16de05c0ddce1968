"""Integrate a problem by a method: the one call that most users need."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from geoflow.ground.arrays import Floats
from geoflow.ground.registry import lookup
from geoflow.integrators import METHODS
from geoflow.integrators.checks import (
    check_call,
    initial_state,
    initial_time,
    initial_values,
    uses_newton,
)
from geoflow.integrators.families import Method
from geoflow.integrators.running import compiled_loop, raise_for
from geoflow.problems import PROBLEMS, Problem

CHUNK = 10_000_000  # steps between two looks at the keyboard
# An invariant may cost as much as three steps. A prime, so that no rhythm of a method hides between the looks.
WATCH = 101


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Samples of a numerical solution.

    t: (samples,); y: (samples, d); invariants: name -> (samples,); drift: name -> largest |I(y_n) - I(y_0)| over the
    samples, every `watch`-th step (all of them with watch=1) and the last, NaN if I is NaN at one of them; final: the
    state after the last step; sweeps: iterations of the stages' solver in all.
    """

    t: Floats
    y: Floats
    invariants: Mapping[str, Floats]
    drift: Mapping[str, float]
    final: Floats
    steps: int
    h: float
    sweeps: int
    problem: Problem
    method: Method

    def relative_error(self, invariant: str) -> Floats:
        """|I(y_n) - I(y_0)| / |I(y_0)| at the samples, shape (samples,)."""
        I = self.invariants[invariant]
        return np.abs(I - I[0]) / abs(I[0])


def integrate(
    problem: Problem | str,
    method: Method | str,
    *,
    h: float,
    steps: int,
    every: int = 1,
    invariants: bool = True,
    watch: int = WATCH,
    compensated: bool = False,
    y0: ArrayLike | None = None,
    t0: float | None = None,
    solver: str = "fixed_point",
) -> Trajectory:
    """`steps` steps of size h from y0 at t0 (the problem's own by default); every `every`-th state is kept.

    A negative h goes back in time, and no steps at all give the initial state.
    `solver` of implicit stages: "fixed_point", or "newton" where the problem is stiff; both go on to stagnation.
    With `invariants`, those of the problem are kept at the samples and, for `drift`, evaluated at every `watch`-th
    step, too. With `compensated`, what rounding loses of an increment is added to the next (HLW VIII.5). The loop is
    compiled for the problem and the method; a field that cannot be compiled is interpreted, with a warning.
    Raises InputError for bad input, SolveError when the state overflows or a stage equation is not solved.
    """
    problem = lookup(PROBLEMS, problem) if isinstance(problem, str) else problem
    method = lookup(METHODS, method) if isinstance(method, str) else method
    check_call(problem, method, h, steps, every, watch)
    h, steps, every, watch = float(h), int(steps), int(every), int(watch)
    newton = uses_newton(method, solver)
    y, t = initial_state(problem, y0), initial_time(problem, t0)
    observed = tuple(problem.invariants) if invariants else ()
    samples = steps // every + 1
    times, states = np.empty(samples), np.empty((samples, problem.dimension))
    values, drift = np.empty((samples, len(observed))), np.zeros(len(observed))
    times[0], states[0] = t, y
    values[0] = initial_values(problem, observed, t, y)
    run = compiled_loop(problem, method, observed, newton, compensated)
    final, sweeps, last = y.copy(), 0, 0
    carry: dict[str, Floats] = {}
    while last < steps:
        first, last = last, min(last + CHUNK, steps)
        outcome, reached, used = run(
            final, t, h, first, last, every, watch, carry,
            values[0], *(kept[first // every :] for kept in (times, states, values)), drift,
        )  # fmt: skip
        raise_for(outcome, reached, problem, method, t, h, newton)
        sweeps += used
    return Trajectory(
        times,
        states,
        MappingProxyType({name: values[:, i] for i, name in enumerate(observed)}),
        MappingProxyType({name: float(drift[i]) for i, name in enumerate(observed)}),
        final,
        steps,
        h,
        sweeps,
        problem,
        method,
    )
