"""Measured order: error over a problem's time span as a function of h, and the first two terms of its expansion."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoflow.ground import Floats, SolveError
from geoflow.integrators import Method
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.problems import Problem

EPS = float(np.finfo(float).eps)

# A run enters the fit if its relative error is below CEILING, so that the expansion in h holds, and above
# PLATEAU sqrt(steps) eps, the level of round-off (a random walk over the steps). Of these, the finest are used.
CEILING, PLATEAU, FINEST = 1e-2, 100.0, 6
ROUND_OFF = 3.0  # round-off is of size ROUND_OFF sqrt(steps) eps
EXPANDED = 1e-3  # relative size of the omitted terms of the expansion

# Errors are evaluated at several times, because at a single one the leading error term may vanish.
SAMPLES = 8


@dataclass(frozen=True)
class Fit:
    """Measured order with its uncertainty range low to high; `points` is the number of errors in the fit."""

    order: float
    low: float
    high: float
    points: int


def reference_states(problem: Problem) -> Floats:
    """Reference states at 1/8, 2/8, ..., 1 of the span, shape (8, d): exact, or by SciPy's most accurate DOP853."""
    times = np.linspace(*problem.span, SAMPLES + 1)
    if problem.exact is not None:
        return np.array([problem.exact(t) for t in times[1:]])
    from scipy.integrate import solve_ivp

    states, f = [problem.y0], problem.vector_field
    for span in pairwise(times):  # one solve per interval, because the interpolant is less accurate than the steps
        piece = solve_ivp(f, span, states[-1], method="DOP853", rtol=2.3e-14, atol=1e-16)
        states.append(piece.y[:, -1])
    return np.array(states[1:])


def run_against(exact: Floats, problem: Problem, method: Method, steps: int) -> dict[str, Any]:
    """Return h, steps, relative error at the eighths of the span (NaN if the run fails) and evaluations."""
    h = (problem.span[1] - problem.span[0]) / steps
    try:
        run = integrate(problem, method, h=h, steps=steps, every=steps // SAMPLES, invariants=False)
    except SolveError:
        return {"h": h, "steps": steps, "error": np.nan, "evaluations": np.nan}
    distance = np.linalg.norm(run.y[1:] - exact, axis=1).max()
    error = float(distance / np.linalg.norm(exact, axis=1).max())
    return {"h": h, "steps": steps, "error": error, "evaluations": float(evaluations(run))}


def evaluations(run: Trajectory) -> int:
    """Number of field evaluations in a run (force evaluations for a splitting)."""
    return (run.steps if run.method.explicit else run.iterations) * run.method.stages


def round_off(steps: NDArray[np.int64]) -> Floats:
    """Uncertainty of relative errors due to round-off in a run of `steps` steps and in the reference."""
    return np.asarray(ROUND_OFF * np.sqrt(steps) * EPS)


def enters_fit(error: Floats, steps: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Mask of the runs, ordered from coarse to fine, that enter the fit (see the rule at the top of this module)."""
    usable = (error < CEILING) & (error > PLATEAU * np.sqrt(steps) * EPS)
    # Once an error is on the round-off plateau, all finer runs are on it too, even if they are above it by chance.
    below = np.flatnonzero(error <= PLATEAU * np.sqrt(steps) * EPS)
    if below.size:
        usable[below[0] :] = False
    usable[np.flatnonzero(usable)[:-FINEST]] = False
    return usable


def fit_line(x: Any, y: Any) -> float:
    """Slope of log y against log x by least squares; NaN for fewer than three points."""
    if len(x) < 3:
        return math.nan
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def fit_order(h: Any, error: Any, noise: Any = 0.0) -> Fit:
    """Fit the order p in log error = log C + p log h + c h^k by weighted least squares over runs from coarse to fine.

    The next term of the error expansion has the power k = 1, or 2 for a symmetric method. Both models and the straight
    line are fitted; the order is taken from the fit with the smallest residual variance. noise: absolute uncertainty of
    each error; more uncertain errors have smaller weights. The residuals are not independent random errors but omitted
    terms of the expansion, so the range is not a confidence interval. Its half width is the sum of the largest distance
    to the fits with each k, with and without the coarsest run, of the half width from the residuals (Student's t at
    95 %), and of the largest effect of `noise`. With three runs, the order is the slope of the finer two, +- the
    difference of the two slopes; with fewer runs it is NaN.
    """
    h, error = np.asarray(h, dtype=float), np.asarray(error, dtype=float)
    n = len(h)
    if n < 3:
        return Fit(np.nan, np.nan, np.nan, n)
    if n == 3:
        coarse, fine = np.diff(np.log(error)) / np.diff(np.log(h))
        return Fit(fine, fine - abs(fine - coarse), fine + abs(fine - coarse), n)
    noise = np.broadcast_to(noise, n) / error
    fits = [_expansion(h, error, noise, k) for k in (0, 1, 2)]
    order, _, scatter = min(fits, key=lambda fit: fit[1])
    others = [fit[0] for fit in fits[1:]]
    if n > 4:
        others += [_expansion(h[1:], error[1:], noise[1:], k)[0] for k in (1, 2)]
    width = scatter + max(abs(other - order) for other in others)
    return Fit(order, order - width, order + width, n)


def _expansion(h: Floats, error: Floats, noise: Floats, k: int) -> tuple[float, float, float]:
    """Fit with the next term h^k, or without (k = 0); returns p, residual variance, half width of p."""
    from scipy.stats import t

    terms = [np.ones_like(h), np.log(h), (h / h.max()) ** k]
    A = np.stack(terms if k else terms[:2], axis=1)
    sizes = noise + EXPANDED  # size of the omitted terms
    inverse = np.linalg.pinv(A / sizes[:, None])
    found = inverse @ (np.log(error) / sizes)
    free = len(h) - A.shape[1]
    variance = float((((A @ found - np.log(error)) / sizes) ** 2).sum()) / free
    spread = float(t.ppf(0.975, free)) * math.sqrt(variance) * np.linalg.norm(inverse[1])
    return float(found[1]), variance, float(spread + np.abs(inverse[1] / sizes) @ noise)


def evaluations_for(accuracy: float, runs: pd.DataFrame) -> float:
    """Number of evaluations at which the error, interpolated linearly in logarithms, first falls to `accuracy`."""
    runs = runs[runs["error"] > 0].sort_values("evaluations")
    error, evaluations = runs["error"].to_numpy(), runs["evaluations"].to_numpy()
    reached = np.flatnonzero(error <= accuracy)
    if not reached.size:
        return math.inf
    if (k := reached[0]) == 0:
        return float(evaluations[0])
    share = math.log(accuracy / error[k - 1]) / math.log(error[k] / error[k - 1])
    return float(evaluations[k - 1] * (evaluations[k] / evaluations[k - 1]) ** share)
