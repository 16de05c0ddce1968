"""How an error grows over a run: not at all, as a random walk, linearly, quadratically; and runs that break down.

Of an ensemble the floor, the random walk and the drift are told apart.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoflow.ground import Floats, SolveError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.measure.orders import fit_line
from geoflow.problems import Problem

FITTED = 100  # exponents are those of the last two decades
RESAMPLED = 2000
WEIGHED = 8


def growth(error: Floats) -> float:
    """Largest error in the last tenth of a run over the largest in its first tenth."""
    tenth = max(len(error) // 10, 1)
    first, last = float(error[: tenth + 1].max()), float(error[-tenth:].max())
    return last / first if first else 1.0 if last == 0 else np.inf


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


def growth_of(steps: NDArray[np.int64], error: Floats, weights: Floats) -> dict[str, float]:
    """Facts about signed errors, shape (members, places), at increasing numbers of steps.

    weights: (resamples, members), how much each member counts in each resample of the ensemble.

    rms: root mean square at the end; exponent with low and high, a 95 % bootstrap interval over the members: the power
    of the steps with which it grows; floor, walk, drift: the square roots of the three parts of the mean square at the
    end, rms^2 = a + b n + c n^2; drift_low and drift_high, a bootstrap interval; z: |mean| / (standard error) over the
    members at the end, above 3 with probability 0.4 % if the errors have no preferred side and 48 members.
    """
    squares = np.maximum(error**2, np.finfo(float).tiny)
    exponent = fit_exponent(steps, squares.mean(axis=0))
    low, high = np.quantile(fit_exponent(steps, weights @ squares), [0.025, 0.975])
    floor, walk, drift = split(steps, squares.mean(axis=0))
    drifts = [split(steps, one)[2] for one in weights[: RESAMPLED // 4] @ squares]
    drift_low, drift_high = np.quantile(drifts, [0.025, 0.975])
    last = error[:, -1]
    return {
        "rms": float(np.sqrt(squares[:, -1].mean())),
        "exponent": float(exponent), "low": float(low), "high": float(high),
        "floor": floor, "walk": walk,
        "drift": drift, "drift_low": float(drift_low), "drift_high": float(drift_high),
        "z": float(abs(last.mean()) / (last.std(ddof=1) / np.sqrt(len(last)))),
    }  # fmt: skip


def split(steps: NDArray[np.int64], mean_square: Floats) -> tuple[float, float, float]:
    """sqrt(a), sqrt(b n) and sqrt(c n^2) at the end of the fit a + b n + c n^2 with a, b, c >= 0.

    A mean square of some members is uncertain in proportion to itself, so that each is weighed by the fit, in turns.
    """
    from scipy.optimize import nnls

    share = steps / steps[-1]
    terms = np.stack([np.ones_like(share), share, share**2], axis=1)
    scaled = mean_square / mean_square[-1]
    fit, parts = scaled, np.zeros(3)
    for _ in range(WEIGHED):
        parts, _ = nnls(terms / fit[:, None], scaled / fit)
        fit = terms @ parts
    floor, walk, drift = np.sqrt(parts * mean_square[-1])
    return float(floor), float(walk), float(drift)


def fit_exponent(steps: NDArray[np.int64], mean_square: Floats) -> Floats:
    """The power of the steps with which the root of `mean_square` (..., places) grows at the end of the run."""
    fitted = steps >= steps[-1] / FITTED
    x = np.log(steps[fitted])
    x = x - x.mean()
    return np.asarray(np.log(mean_square[..., fitted]) / 2 @ x / (x @ x))
