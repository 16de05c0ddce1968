"""How an error grows over a run: not at all, as a random walk, linearly, quadratically; and runs that break down."""

from typing import Any

import numpy as np

from geoflow.ground import Floats, SolveError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.measure.orders import fit_line
from geoflow.problems import Problem


def growth(error: Floats) -> float:
    """Largest error in the last tenth of a run over the largest in its first tenth."""
    tenth = max(len(error) // 10, 1)
    return float(error[-tenth:].max() / error[: tenth + 1].max())


def exponent(t: Floats, error: Floats, after: float, below: float) -> float:
    """r of the fit C t^r to the largest error so far, where t >= `after` and it is not yet above `below`.

    The largest error so far cannot fall, so r is never negative: bounded errors have an r near 0 from above, linear
    drifts 1. NaN when fewer than three points are left, as of a method that fails
    at once: an error of the size of the solution grows no more.
    """
    largest = np.maximum.accumulate(error)
    fitted = (t >= after) & (largest > 0) & (largest <= below)
    return fit_line(t[fitted], largest[fitted])


def as_far_as_it_goes(problem: Problem, name: str, h: float, steps: int, every: int, y0: Any = None) -> Trajectory:
    """The run, or its part before the first step whose stages could not be solved, or before the first sample at which
    an invariant is no number (the logarithm of fewer than no animals)."""
    method = METHODS[name]
    while True:
        try:
            run = integrate(problem, method, h=h, steps=steps, every=every, monitor=1, y0=y0)
        except SolveError as stopped:
            if not stopped.step:
                raise
            steps = stopped.step
            continue
        undefined = [np.flatnonzero(~np.isfinite(I)) for I in run.invariants.values()]
        first = min((int(where[0]) for where in undefined if where.size), default=len(run.t))
        if first == len(run.t):
            return run
        steps = (first - 1) * every
