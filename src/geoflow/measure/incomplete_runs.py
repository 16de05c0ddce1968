"""Runs that may break down on the way: as much of them as there is."""

from typing import Any

import numpy as np

from geoflow.ground import SolveError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.problems import Problem


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
