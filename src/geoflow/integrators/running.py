"""The loop over the steps, compiled or (with a warning) interpreted, and its failures as exceptions."""

import warnings
from typing import Any

import numpy as np

from geoflow.ground import Floats, InputError, SolveError
from geoflow.integrators.compiler.loops import carry_size, loop_source
from geoflow.integrators.compiler.memory import prepared
from geoflow.integrators.compiler.values import TranslationError
from geoflow.integrators.compiler.writer import FINISHED, NOT_CONVERGED, OVERFLOW
from geoflow.integrators.families import Method
from geoflow.integrators.step import one_step
from geoflow.problems import Problem


def compiled_loop(
    problem: Problem, method: Method, observed: tuple[str, ...], newton: bool, compensated: bool, tolerance: float = 0.0
) -> Any:
    """Return the compiled loop; if a function cannot be compiled, warn and return the interpreted loop."""
    needed = "compensated" if compensated else "tolerance" if tolerance else ""
    try:
        made = prepared(loop_source, problem, method, bool(observed), newton, compensated, tolerance)
    except TranslationError as reason:
        _report_interpreted(problem, str(reason), needed)
        return _interpreted_loop(problem, method, observed, newton)
    assert made is not None
    (loop, constants), size = made, carry_size(problem, method, compensated)

    def run(
        final: Floats, t0: float, h: float, first: int, last: int, every: int, monitor: int, carry: dict,
        *rest: Floats,
    ) -> Any:  # fmt: skip
        kept = carry.setdefault("carry", np.zeros(size))
        return loop.run(final, t0, h, first, last, every, monitor, kept, *rest, *constants)

    return run


def _report_interpreted(problem: Problem, reason: str, needed: str) -> None:
    if needed:
        raise InputError(f"`{needed}` needs a compiled loop, and problem {problem.name!r} is interpreted: {reason}.")
    warnings.warn(
        f"problem {problem.name!r} is interpreted, hundreds of times slower than compiled: {reason}. "
        "Write its functions over components, using only numbers, loops and geoflow.problems.elementary.",
        stacklevel=4,
    )


def _interpreted_loop(problem: Problem, method: Method, observed: tuple[str, ...], newton: bool) -> Any:
    """Return a Python loop over the reference step, with the arguments and results of the compiled loop."""
    phi = one_step(method, problem, newton)

    def run(
        final: Floats, t0: float, h: float, first: int, last: int, every: int, monitor: int, _carry: dict,
        start: Floats, times: Floats, states: Floats, values: Floats, drift: Floats,
    ) -> tuple[int, int, int]:  # fmt: skip
        y = final.copy()
        for n in range(first, last):
            t = t0 + (n + 1) * h
            try:
                y = phi(t0 + n * h, y, h)
                if not np.abs(y).sum() < 1e300:
                    return OVERFLOW, n + 1, 0
                if (n + 1) % monitor and (n + 1) % every and n + 1 < last:
                    continue
                found = [problem.evaluate(problem.invariants[name], t, y) for name in observed]
                if any(map(np.iscomplexobj, (y, *found))):
                    raise TypeError("expected real numbers, got complex ones")
                now = [float(value) for value in found]
            except SolveError:
                return NOT_CONVERGED, n, 0
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
                raise InputError(
                    f"the functions of {problem.label} failed in the step to t = {t:.6g}: {said}"
                ) from error
            drift[:] = np.maximum(drift, np.abs(np.array(now) - start))
            if (n + 1) % every == 0:
                sample = (n + 1) // every - first // every
                times[sample], states[sample], values[sample] = t, y, now
        final[:] = y
        return FINISHED, last, 0

    return run


def raise_for(outcome: int, step: int, problem: Problem, method: Method, t0: float, h: float, newton: bool) -> None:
    """Raise SolveError with the step number if the outcome of the loop is not FINISHED."""
    if outcome == FINISHED:
        return
    where = f"at t = {t0 + step * h:.6g} (step {step}); try a smaller h"
    if outcome == OVERFLOW:
        what = f"the state overflowed {where.replace('at', 'before', 1)}."
    elif not method.iterates:
        what = f"the equations of the step were not solved {where}."
    elif newton:
        what = f"Newton's method for the stages did not converge {where} or an explicit method."
    else:
        what = f"the fixed-point iteration for the stages did not converge {where} or solver='newton'."
    who = f"{method.name or 'the method'} on {problem.name or 'the problem'} with h = {h:.4g}"
    error = SolveError(f"{who}: {what}")
    error.step = step if outcome == NOT_CONVERGED else None
    raise error
