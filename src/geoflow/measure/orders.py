"""Measured order: the error over a problem's span against h, and the first two terms of its expansion."""

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

# A run enters the fit when its relative error lies below CEILING (where the expansion in h holds) and
# above PLATEAU sqrt(steps) eps (where round-off, a random walk over the steps, hides it); of those, the finest.
CEILING, PLATEAU, FINEST = 1e-2, 100.0, 6
ROUND_OFF = 3.0  # times sqrt(steps) eps: the size of round-off
EXPANDED = 1e-3  # relative: about what an error is off by that is left out of the expansion

# Looked at in several points of the span: at a single one the leading error term may vanish by chance.
SAMPLES = 8


@dataclass(frozen=True)
class Fit:
    """The order that errors show, and the range low to high of what they allow; `points` is the number of errors."""

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

    states, f = [problem.y0], problem.vector_field
    for span in pairwise(times):  # from point to point: its interpolant is less accurate than its steps
        piece = solve_ivp(f, span, states[-1], method="DOP853", rtol=2.3e-14, atol=1e-16)
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
    return (run.steps if run.method.explicit else run.iterations) * run.method.stages


def round_off(steps: NDArray[np.int64]) -> Floats:
    """About how uncertain relative errors are: rounding in a run of so many steps, and in the reference."""
    return np.asarray(ROUND_OFF * np.sqrt(steps) * EPS)


def enters_fit(error: Floats, steps: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which runs, ordered from coarse to fine, enter the fit (the rule stands at the top of this module)."""
    usable = (error < CEILING) & (error > PLATEAU * np.sqrt(steps) * EPS)
    # Once an error is on the plateau, a finer run that is above it by chance is on it too.
    below = np.flatnonzero(error <= PLATEAU * np.sqrt(steps) * EPS)
    if below.size:
        usable[below[0] :] = False
    usable[np.flatnonzero(usable)[:-FINEST]] = False
    return usable


def fit_line(x: Any, y: Any) -> float:
    """Slope of log y against log x by least squares; with fewer than three points nothing is known (NaN)."""
    if len(x) < 3:
        return math.nan
    return float(np.polyfit(np.log(x), np.log(y), 1)[0])


def fit_order(h: Any, error: Any, noise: Any = 0.0) -> Fit:
    """The order p of log error = log C + p log h + c h^k, by weighted least squares over runs from coarse to fine.

    The next term of an error's expansion is of the power k = 1, or 2 for a symmetric method. Both are fitted, and the
    line alone; the order is that of the fit whose residuals have the smallest variance. An error that `noise` may
    change counts less. Residuals of an error curve are no independent accidents, but what is left out of the
    expansion, so the range is no confidence interval. Its half width is the largest distance to the fits with each k,
    with and without the coarsest run, and added to that what the residuals say by Student's t at 95 %, and what
    `noise`, an absolute uncertainty of each error, can do at most. With three runs, order and range are the slope of
    the finer two, +- the difference of the two slopes; with fewer nothing is known (NaN).
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
    """p with the next term h^k, or without (k = 0); variance of residuals; half width of p by them and the noise."""
    from scipy.stats import t

    terms = [np.ones_like(h), np.log(h), (h / h.max()) ** k]
    A = np.stack(terms if k else terms[:2], axis=1)
    sizes = noise + EXPANDED  # of what the terms leave out
    inverse = np.linalg.pinv(A / sizes[:, None])
    found = inverse @ (np.log(error) / sizes)
    free = len(h) - A.shape[1]
    variance = float((((A @ found - np.log(error)) / sizes) ** 2).sum()) / free
    spread = float(t.ppf(0.975, free)) * math.sqrt(variance) * np.linalg.norm(inverse[1])
    return float(found[1]), variance, float(spread + np.abs(inverse[1] / sizes) @ noise)


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
