"""Long runs in segments: the complete state of the loop is kept between segments and can be stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoflow.ground import Floats, InputError
from geoflow.ground.floats import is_finite
from geoflow.integrators.arguments import (
    check_call,
    check_flags,
    check_whole,
    initial_state,
    initial_time,
    initial_values,
    look_up,
    uses_newton,
)
from geoflow.integrators.families import Method
from geoflow.integrators.running import compiled_loop, raise_for
from geoflow.problems import Problem

CHUNK = 10_000_000  # steps between checks for Ctrl-C
# An invariant can cost as much as three steps. A prime avoids sampling an oscillation always at the same phase.
MONITOR = 101


@dataclass(frozen=True, eq=False)
class Segment:
    """Samples of one segment of a run.

    t: (samples,), y: (samples, d), invariants: name -> (samples,), at the multiples of `every` in the segment, except
    its first state; drift: name -> largest |I(y_n) - I(y_0)| over these samples, every `monitor`-th step and the last
    step of the segment, NaN if I is NaN at one of them.
    """

    t: Floats
    y: Floats
    invariants: Mapping[str, Floats]
    drift: Mapping[str, float]


class Segments:
    """A run in segments that is bit-identical to the run in one piece.

    The arguments are those of `integrate`, plus `tolerance`, which makes a common bad practice available for study: the
    iteration of implicit stages stops when the change is less than tolerance max(1, |y|), instead of at stagnation (HLW
    VIII.6). Raises InputError for bad input, like `integrate`.
    """

    def __init__(
        self, problem: Problem | str, method: Method | str, *, h: float, invariants: bool = True,
        compensated: bool = False, y0: ArrayLike | None = None, t0: float | None = None,
        solver: str = "fixed_point", tolerance: float = 0.0,
    ) -> None:  # fmt: skip
        self.problem, self.method = look_up(problem, method)
        check_call(self.problem, self.method, h)
        check_flags(invariants=invariants, compensated=compensated)
        if not (is_finite(tolerance) and 0 <= tolerance < 1):
            raise InputError(f"expected a tolerance in [0, 1), got {tolerance!r}; 0 is stagnation.")
        if tolerance and not self.method.iterates:
            raise InputError(f"method {self.method.name!r} has no stages to iterate; leave tolerance out.")
        self.h, self.step, self.iterations = float(h), 0, 0
        self.y = initial_state(self.problem, y0)  # (d,), the current state
        self.t0 = initial_time(self.problem, t0)
        self.newton = uses_newton(self.method, solver)
        told_apart = self.problem.name, self.method.name, self.h, self.t0, self.newton, compensated, tolerance
        self._arguments = np.array([repr(one) for one in told_apart])
        self.observed = tuple(self.problem.invariants) if invariants else ()
        self.start = initial_values(self.problem, self.observed, self.t0, self.y)  # (invariants,)
        self._carry: dict[str, Floats] = {}  # stages or forces of the last step, compensation terms of the sums
        self._run = compiled_loop(self.problem, self.method, self.observed, self.newton, compensated, tolerance)

    @property
    def t(self) -> float:
        return self.t0 + self.step * self.h

    def advance(self, last: int, every: int | None = None, monitor: int = MONITOR) -> Segment:
        """Advance to step number `last` and return every `every`-th state, or none if `every` is None.

        Raises SolveError if the state overflows or a stage equation is not solved.
        """
        last, monitor = check_whole("the last step", last, self.step), check_whole("monitor", monitor, 1)
        kept = max(last, 1) + 1 if every is None else check_whole("every", every, 1)
        times, states, values, drift = self.fill(last, kept, monitor)
        named = {name: values[1:, i] for i, name in enumerate(self.observed)}
        largest = {name: float(drift[i]) for i, name in enumerate(self.observed)}
        return Segment(times[1:], states[1:], named, largest)

    def fill(self, last: int, every: int, monitor: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Advance to step number `last`; return t, y, invariants (samples from row 1, row 0 unused) and drift."""
        samples, base = last // every - self.step // every + 1, self.step // every
        times, states = np.empty(samples), np.empty((samples, self.problem.dimension))
        values, drift = np.empty((samples, len(self.observed))), np.zeros(len(self.observed))
        while self.step < last:
            first, stop = self.step, min(self.step + CHUNK, last)
            row = first // every - base
            outcome, reached, used = self._run(
                self.y, self.t0, self.h, first, stop, every, monitor, self._carry,
                self.start, times[row:], states[row:], values[row:], drift,
            )  # fmt: skip
            raise_for(outcome, reached, self.problem, self.method, self.t0, self.h, self.newton)
            self.step, self.iterations = stop, self.iterations + used
        return times, states, values, drift

    def memory(self) -> dict[str, NDArray[Any]]:
        """Return everything on which the next step depends, as arrays for `restore`."""
        counted = np.array([self.step, self.iterations], dtype=np.float64)  # exact below 2^53
        carry = self._carry.get("carry", np.zeros(0))
        own = {"arguments": self._arguments, "start": self.start}
        return {**own, "counted": counted, "y": self.y.copy(), "carry": carry.copy()}

    def restore(self, memory: Mapping[str, NDArray[Any]]) -> None:
        """Resume from the `memory` of a run with the same arguments; raises InputError for any other."""
        if missing := sorted(self.memory().keys() - memory.keys()):
            raise InputError(f"expected all that the next step depends on, {missing[0]!r} is missing")
        for name in ("arguments", "start"):
            if memory[name].tobytes() != self.memory()[name].tobytes():
                raise InputError(f"it belongs to another run: {name} are {memory[name]}, not {self.memory()[name]}")
        self.step, self.iterations = (int(number) for number in memory["counted"])
        self.y = np.array(memory["y"])
        carry = np.array(memory["carry"])
        self._carry = {"carry": carry} if carry.size or self.step else {}
