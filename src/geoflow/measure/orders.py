"""Measured order: the error over a problem's span against h, and the line through it."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoflow.ground.arrays import Floats
from geoflow.ground.errors import SolveError
from geoflow.integrators import Method
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.problems import Problem

EPS = float(np.finfo(float).eps)


# A run enters the fit when its relative error lies below CEILING (where the expansion in h holds) and
# above PLATEAU sqrt(steps) eps (where round-off, a random walk over the steps, hides it); of those, the finest.
CEILING, PLATEAU, FINEST = 1e-2, 100.0, 6


# Looked at in several points of the span: at a single one the leading error term may vanish by chance.
SAMPLES = 8


@dataclass(frozen=True)
class Fit:
    """Slope of log(error) against log(h) by least squares, with its 95 % confidence interval."""

    order: float
    low: float
    high: float
    points: int


def reference_states(problem: Problem) -> Floats:
    """y at 1/8, 2/8, ..., 1 of the span, shape (8, d): exact, or by SciPy's DOP853 at its smallest tolerance."""
    times = np.linspace(*problem.span, SAMPLES + 1)
    if problem.exact is not None:
        return np.array([problem.exact(t) for t in times[1:]])
    from scipy.integrate import solve_ivp

    states = [problem.y0]
    for start, end in pairwise(
        times
    ):  # from point to point: its interpolant is less accurate than its steps
        piece = solve_ivp(
            problem.vector_field,
            (start, end),
            states[-1],
            method="DOP853",
            rtol=2.3e-14,
            atol=1e-16,
        )
        states.append(piece.y[:, -1])
    return np.array(states[1:])


def run_against(exact: Floats, problem: Problem, method: Method, steps: int) -> dict[str, Any]:
    """h, steps, relative error at the eighths of the span, evaluations; no error of a run that breaks down."""
    h = (problem.span[1] - problem.span[0]) / steps
    try:
        run = integrate(problem, method, h=h, steps=steps, every=steps // SAMPLES, invariants=False)
    except SolveError:
        return {"h": h, "steps": steps, "error": np.nan, "evaluations": np.nan}
    distance = np.linalg.norm(run.y[1:] - exact, axis=1).max()
    error = float(distance / np.linalg.norm(exact, axis=1).max())
    return {"h": h, "steps": steps, "error": error, "evaluations": float(evaluations(run))}


def evaluations(run: Trajectory) -> int:
    """Evaluations of the field in a run (of the force, for a splitting)."""
    method = run.method
    if not method.explicit:
        return run.sweeps * method.stages
    return run.steps * method.stages


def enters_fit(error: Floats, steps: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which runs, ordered from coarse to fine, enter the fit (the rule stands at the top of this module)."""
    usable = (error < CEILING) & (error > PLATEAU * np.sqrt(steps) * EPS)
    # Once an error is on the plateau, a finer run that is above it by chance is on it too.
    below = np.flatnonzero(error <= PLATEAU * np.sqrt(steps) * EPS)
    if below.size:
        usable[below[0] :] = False
    usable[np.flatnonzero(usable)[:-FINEST]] = False
    return usable


def fit_order(h: Any, error: Any) -> Fit:
    """The fit; with fewer than three points nothing is known (NaN)."""
    from scipy.stats import linregress, t

    if len(h) < 3:
        return Fit(np.nan, np.nan, np.nan, len(h))
    line = linregress(np.log(h), np.log(error))
    spread = line.stderr * t.ppf(0.975, len(h) - 2)
    return Fit(line.slope, line.slope - spread, line.slope + spread, len(h))


def evaluations_for(accuracy: float, runs: pd.DataFrame) -> float:
    """Where the line through (evaluations, error), both logarithmic, first comes down to `accuracy`."""
    runs = runs[runs["error"] > 0].sort_values("evaluations")
    error, evaluations = runs["error"].to_numpy(), runs["evaluations"].to_numpy()
    reached = [k for k in range(len(error)) if error[k] <= accuracy]
    if not reached:
        return math.inf
    k = reached[0]
    if k == 0:
        return float(evaluations[0])
    share = math.log(accuracy / error[k - 1]) / math.log(error[k] / error[k - 1])
    return float(evaluations[k - 1] * (evaluations[k] / evaluations[k - 1]) ** share)
