"""Integrate a problem by a method, in one call (`integrate`) or in many short calls (`prepare`)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from geoflow.ground import Floats, nearest
from geoflow.ground.errors import UnknownNameError
from geoflow.ground.shown import display
from geoflow.integrators.arguments import (
    check_counts,
    check_flags,
    check_step,
    check_whole,
    initial_state,
    initial_time,
    look_up,
    uses_newton,
)
from geoflow.integrators.families import Method
from geoflow.integrators.running import compiled_loop, raise_for
from geoflow.integrators.segments import CHUNK, MONITOR, Segments
from geoflow.integrators.until import check_either, steps_until
from geoflow.problems import Problem


@dataclass(frozen=True, eq=False, repr=False)
class Trajectory:
    """Samples of a numerical solution.

    t: (samples,); y: (samples, d); invariants: name -> (samples,); drift: name -> largest |I(y_n) - I(y_0)| over the
    samples, every `monitor`-th step (every step if monitor=1) and the last step, NaN if I is NaN at one of them; final:
    the state after the last step, (d,); iterations: total number of iterations of the stage solver.

    >>> run = integrate("harmonic_oscillator", "implicit_midpoint", h=0.1, steps=100, every=10)
    >>> run.y.shape, list(run.invariants)
    ((11, 2), ['energy'])
    """

    t: Floats
    y: Floats
    invariants: Mapping[str, Floats]
    drift: Mapping[str, float]
    final: Floats
    steps: int
    h: float
    iterations: int
    problem: Problem
    method: Method

    def relative_error(self, invariant: str) -> Floats:
        """|I(y_n) - I(y_0)| / |I(y_0)| at the samples, shape (samples,)."""
        if invariant not in list(self.invariants):
            raise UnknownNameError(f"unknown invariant {invariant!r}; {nearest(str(invariant), self.invariants)}")
        I = self.invariants[invariant]
        return np.abs(I - I[0]) / abs(I[0])

    def __repr__(self) -> str:
        drift = "".join(f", {name} changes by {value:.1e}" for name, value in self.drift.items())
        return f"<Trajectory of {self.problem.name} by {self.method.name}: {self.steps} steps of {self.h:g}{drift}>"

    def to_pandas(self) -> Any:
        """Return a frame with one row per sample: t, the components y1, y2, ... and the invariants."""
        import pandas as pd

        components = {f"y{k + 1}": self.y[:, k] for k in range(self.problem.dimension)}
        return pd.DataFrame({"t": self.t, **components, **self.invariants})

    def plot(self) -> Any:
        """Return a matplotlib Figure of the states and of the changes of the invariants; `.savefig(path)` writes it.

        The states are drawn as a phase plane, as orbits of bodies, or against time. Raises GeoflowError if matplotlib
        is not installed.
        """
        return display("figures.trajectory").plot(self)


def integrate(
    problem: Problem | str, method: Method | str, *, h: float, steps: int | None = None, every: int = 1,
    invariants: bool = True, monitor: int = MONITOR, compensated: bool = False, y0: ArrayLike | None = None,
    t0: float | None = None, solver: str = "fixed_point", until: float | None = None,
) -> Trajectory:  # fmt: skip
    """Take `steps` steps of size h from y0 at t0 (by default the problem's own) and store every `every`-th state.

    A negative h integrates backward in time; steps=0 returns the initial state. until: a time instead of a number of
    steps; `final` is the state at that time, after a shorter last step. If the problem has a clock
    (`time_transformed`), it is the time on this clock.
    solver: iteration for implicit stages, "fixed_point", or "newton" for stiff problems; both run until stagnation.
    invariants: whether to store the problem's invariants at the samples and to evaluate them at every `monitor`-th
    step for `drift`. compensated: whether to use compensated summation (HLW VIII.5). The loop is compiled for the
    problem and the method; a field that cannot be compiled is interpreted, with a warning.
    Raises InputError for bad input, and SolveError if the state overflows or a stage equation is not solved.

    >>> print(f"{integrate('kepler', 'stormer_verlet', h=0.05, steps=1000).drift['energy']:.4f}")
    0.0094
    """
    run = Segments(
        problem, method, h=h, invariants=invariants, compensated=compensated, y0=y0, t0=t0,
        solver=solver,
    )  # fmt: skip
    t, y, last_step = run.t, run.y.copy(), 0.0
    check_either(steps, until)
    if until is not None:
        stepper = prepare(run.problem, run.method, compensated=compensated, solver=solver)
        steps, last_step, _ = steps_until(stepper, run.problem, y, run.h, until, t)
    count, every, monitor = check_counts(run.problem.dimension, steps, every, monitor)
    times, states, values, drift = run.fill(count, every, monitor)
    times[0], states[0], values[0] = t, y, run.start
    series = MappingProxyType({name: values[:, i] for i, name in enumerate(run.observed)})
    largest = MappingProxyType({name: float(drift[i]) for i, name in enumerate(run.observed)})
    final = stepper(run.y, last_step, 1, run.t) if last_step else run.y
    last = final, count, run.h, run.iterations, run.problem, run.method
    return Trajectory(times, states, series, largest, *last)


def prepare(
    problem: Problem | str, method: Method | str, *, compensated: bool = False, solver: str = "fixed_point"
) -> Callable[..., Floats]:
    """Return stepper(y0, h, steps, t0=None) -> y_steps, where y_(n+1) = phi_h(t0 + n h, y_n), for many short calls.

    stepper(y0, h, until=t) returns the state at the time t, as `integrate` does.
    States have shape (d,); y0=None and t0=None stand for the problem's own values. The results are bit-identical to
    those of `integrate`, but the overhead of a call is only microseconds. The loop is compiled once: variables that the
    problem's functions read from outside, such as parameters, are not read again. Options are those of `integrate`.
    Both functions raise InputError for bad input; the stepper raises SolveError if the state overflows or a stage
    equation is not solved.

    >>> stepper = prepare("pendulum", "stormer_verlet")
    >>> stepper([0.0, 0.0], 0.1, 100).tolist()
    [0.0, 0.0]
    """
    problem, method = look_up(problem, method)
    method.check(problem)
    check_flags(compensated=compensated)
    newton = uses_newton(method, solver)
    run = compiled_loop(problem, method, (), newton, compensated)
    none = np.empty(0), np.empty(1), np.empty((1, problem.dimension)), np.empty((1, 0)), np.empty(0)

    def stepper(
        y0: ArrayLike | None, h: float, steps: int | None = None, t0: float | None = None, until: float | None = None
    ) -> Floats:
        check_step(h)
        check_either(steps, until)
        if until is not None:
            begin = initial_time(problem, t0)
            n, theta, y = steps_until(stepper, problem, initial_state(problem, y0), h, until, begin)
            y = stepper(y0, h, n, begin) if y is None else y
            return stepper(y, theta, 1, begin + n * h) if theta else y
        count = check_whole("steps", steps, 0)
        y, t, carry = initial_state(problem, y0), initial_time(problem, t0), dict[str, Floats]()
        for first in range(0, count, CHUNK):
            last = min(first + CHUNK, count)
            outcome, reached, _ = run(y, t, h, first, last, count + 1, count + 1, carry, *none)
            raise_for(outcome, reached, problem, method, t, h, newton)
        return y

    return stepper
