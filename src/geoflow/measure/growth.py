"""Growth of errors over a run: bounded, random walk, linear or quadratic; and runs that break down.

For an ensemble of runs, the constant part, the random walk and the drift are separated.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoflow.ground import Floats, SolveError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.measure.orders import fit_line
from geoflow.problems import Problem

FITTED = 100  # exponents are fitted over the last two decades
RESAMPLED = 2000
WEIGHED = 8


def growth(error: Floats) -> float:
    """Ratio of the largest error in the last tenth of a run to the largest in its first tenth."""
    tenth = max(len(error) // 10, 1)
    first, last = float(error[: tenth + 1].max()), float(error[-tenth:].max())
    return last / first if first else 1.0 if last == 0 else np.inf


def exponent(t: Floats, error: Floats, after: float, below: float) -> float:
    """Exponent r of the fit C t^r to the running maximum of the error, for t >= `after` and values up to `below`.

    The running maximum does not decrease, so r >= 0: close to 0 for bounded errors, 1 for a linear drift. NaN if fewer
    than three points remain, for example if the error reaches the size of the solution immediately.
    """
    largest = np.maximum.accumulate(error)
    fitted = (t >= after) & (largest > 0) & (largest <= below)
    return fit_line(t[fitted], largest[fitted])


def as_far_as_it_goes(problem: Problem, name: str, h: float, steps: int, every: int, y0: Any = None) -> Trajectory:
    """Integrate up to the first step whose stages cannot be solved, or the first sample at which an invariant is NaN
    (such as the logarithm of a negative population)."""
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
    """Statistics of signed errors, shape (members, samples), at increasing numbers of steps.

    weights: (resamples, members), the weight of each member in each bootstrap resample of the ensemble.

    rms: root mean square at the end; exponent: power of the steps with which it grows, with the 95 % bootstrap interval
    low, high over the members; floor, walk, drift: square roots of the three parts of the mean square at the end,
    rms^2 = a + b n + c n^2; drift_low, drift_high: bootstrap interval; z: |mean| / (standard error) over the members at
    the end, above 3 with probability 0.4 % for 48 members and errors of mean zero.
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
    """Parts sqrt(a), sqrt(b n) and sqrt(c n^2) at the end of the fit a + b n + c n^2 with a, b, c >= 0.

    The uncertainty of a mean square is proportional to its value, so the weights are computed iteratively from the fit.
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
    """Power of the steps with which the root of `mean_square` (..., samples) grows at the end of the run."""
    fitted = steps >= steps[-1] / FITTED
    x = np.log(steps[fitted])
    x = x - x.mean()
    return np.asarray(np.log(mean_square[..., fitted]) / 2 @ x / (x @ x))
