"""How an error grows over a run: not at all, as a random walk, linearly, quadratically."""

import numpy as np

from geoflow.ground import Floats
from geoflow.measure.orders import fit_line


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
