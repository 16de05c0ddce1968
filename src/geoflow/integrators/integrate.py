"""Integrate a problem by a method: the one call that most users need."""

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoflow.errors import InputError, SolveError
from geoflow.integrators import METHODS
from geoflow.integrators.families import Method, PartitionedRungeKutta, RungeKutta
from geoflow.integrators.step import newton_step, one_step, require_offers
from geoflow.integrators.translate import TranslationError
from geoflow.problems import PROBLEMS, Problem
from geoflow.registry import lookup

Floats = NDArray[np.float64]
CHUNK = 10_000_000  # steps between two looks at the keyboard
# An invariant may cost as much as three steps. A prime, so that no rhythm of a method hides between the looks.
WATCH = 101


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Samples of a numerical solution.

    t: (samples,); y: (samples, d); invariants: name -> (samples,); drift: name -> largest |I(y_n) - I(y_0)| over the
    samples, every `watch`-th step (all of them with watch=1) and the last; final: the state after the last step;
    sweeps: iterations of the stages' solver in all.
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

    `solver` of implicit stages: "fixed_point", or "newton" where the problem is stiff; both go on to stagnation.
    With `invariants`, those of the problem are kept at the samples and, for `drift`, evaluated at every `watch`-th
    step, too. With `compensated`, what rounding loses of an increment is added to the next (HLW VIII.5). The loop is
    compiled for the problem and the method; a field that cannot be compiled is interpreted, with a warning.
    Raises InputError for bad input, SolveError when the state overflows or a stage equation is not solved.
    """
    problem = lookup(PROBLEMS, problem) if isinstance(problem, str) else problem
    method = lookup(METHODS, method) if isinstance(method, str) else method
    _check(problem, method, h, steps, every, watch)
    newton = _uses_newton(method, solver)
    y = _initial_state(problem, y0)
    t = float(problem.span[0] if t0 is None else t0)
    observed = tuple(problem.invariants) if invariants else ()
    samples = steps // every + 1
    times, states = np.empty(samples), np.empty((samples, problem.dimension))
    values, drift = np.empty((samples, len(observed))), np.zeros(len(observed))
    times[0], states[0] = t, y
    values[0] = [float(problem.evaluate(problem.invariants[name], t, y)) for name in observed]
    run = _compiled(problem, method, observed, newton, compensated)
    final, sweeps, last = y.copy(), 0, 0
    carry: dict[str, Floats] = {}
    while last < steps:
        first, last = last, min(last + CHUNK, steps)
        outcome, reached, used = run(
            final, t, h, first, last, every, watch, carry,
            values[0], *(kept[first // every :] for kept in (times, states, values)), drift,
        )  # fmt: skip
        _raise_for(outcome, reached, problem, method, t, h, newton)
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


def _check(problem: Problem, method: Method, h: float, steps: int, every: int, watch: int) -> None:
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


def _initial_state(problem: Problem, y0: ArrayLike | None) -> Floats:
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


def _uses_newton(method: Method, solver: str) -> bool:
    if solver not in ("fixed_point", "newton"):
        raise InputError(f"expected solver 'fixed_point' or 'newton', got {solver!r}.")
    implicit = isinstance(method, RungeKutta | PartitionedRungeKutta) and not method.explicit
    return solver == "newton" and implicit


def _compiled(
    problem: Problem,
    method: Method,
    observed: tuple[str, ...],
    newton: bool,
    compensated: bool,
    tolerance: float = 0.0,
) -> Any:
    """The compiled loop, or with a warning the interpreted one when a function cannot be compiled."""
    from numba.core.errors import NumbaError

    from geoflow.integrators.compiled import load
    from geoflow.integrators.loops import carry_size, loop_source

    needed = "compensated" if compensated else "tolerance" if tolerance else ""
    try:
        source, constants = loop_source(
            problem, method, bool(observed), newton, compensated, tolerance
        )
    except TranslationError as reason:
        _not_compiled(problem, str(reason), needed)
        return _interpreted(problem, method, observed, newton)
    module = load(source, f"{problem.name or 'problem'}_{method.name or 'method'}")
    size = carry_size(problem, method, compensated)

    def run(
        final: Floats,
        t0: float,
        h: float,
        first: int,
        last: int,
        every: int,
        watch: int,
        carry: dict,
        *rest: Floats,
    ) -> Any:
        kept = carry.setdefault("carry", np.zeros(size))
        try:
            return module.run(
                final, t0, float(h), first, last, every, watch, kept, *rest, *constants.values()
            )
        except NumbaError as reason:
            _not_compiled(problem, str(reason).splitlines()[0], needed)
            slow = _interpreted(problem, method, observed, newton)
            return slow(final, t0, h, first, last, every, watch, carry, *rest)

    return run


def _not_compiled(problem: Problem, reason: str, needed: str) -> None:
    if needed:
        raise InputError(
            f"`{needed}` needs a compiled loop, and problem {problem.name!r} is interpreted: {reason}."
        )
    warnings.warn(
        f"problem {problem.name!r} is interpreted, hundreds of times slower than compiled: {reason}. "
        "Write its functions over components, with numbers, loops and geoflow.problems.elementary alone.",
        stacklevel=4,
    )


def _interpreted(problem: Problem, method: Method, observed: tuple[str, ...], newton: bool) -> Any:
    """The reference step in a Python loop, with the same arguments and results as the compiled one."""
    from geoflow.integrators.loops import FINISHED, NOT_CONVERGED, OVERFLOW

    phi = newton_step(method, problem) if newton else one_step(method, problem)

    def run(
        final: Floats, t0: float, h: float, first: int, last: int, every: int, watch: int, _carry: dict,
        start: Floats, times: Floats, states: Floats, values: Floats, drift: Floats,
    ) -> tuple[int, int, int]:  # fmt: skip
        y = final.copy()
        for n in range(first, last):
            try:
                y = phi(t0 + n * h, y, h)
            except SolveError:
                return NOT_CONVERGED, n, 0
            t = t0 + (n + 1) * h
            if not np.abs(y).sum() < 1e300:
                return OVERFLOW, n + 1, 0
            if (n + 1) % watch and (n + 1) % every and n + 1 < last:
                continue
            now = [float(problem.evaluate(problem.invariants[name], t, y)) for name in observed]
            drift[:] = np.maximum(drift, np.abs(np.array(now) - start))
            if (n + 1) % every == 0:
                sample = (n + 1) // every - first // every
                times[sample], states[sample], values[sample] = t, y, now
        final[:] = y
        return FINISHED, last, 0

    return run


def _raise_for(
    outcome: int, step: int, problem: Problem, method: Method, t0: float, h: float, newton: bool
) -> None:
    from geoflow.integrators.loops import NOT_CONVERGED, OVERFLOW

    where = f"{method.name or 'the method'} on {problem.name or 'the problem'} with h = {h:.4g}"
    if outcome == OVERFLOW:
        error = SolveError(
            f"{where}: the state overflowed before t = {t0 + step * h:.6g} (step {step}); try a smaller h."
        )
    elif outcome == NOT_CONVERGED:
        solver = "Newton's method" if newton else "the fixed-point iteration"
        remedy = "an explicit method" if newton else "solver='newton'"
        error = SolveError(
            f"{where}: {solver} for the stages did not converge at t = {t0 + step * h:.6g} "
            f"(step {step}); try a smaller h or {remedy}."
        )
        error.step = step
    else:
        return
    raise error
