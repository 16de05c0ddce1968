"""How an error grows over a run: not at all, as a random walk, linearly, quadratically."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def growth(error: Floats) -> float:
    """Largest error in the last tenth of a run over the largest in its first tenth."""
    tenth = max(len(error) // 10, 1)
    return float(error[-tenth:].max() / error[: tenth + 1].max())


def drift_exponent(t: Floats, error: Floats, decades: float = 1.5, windows: int = 12) -> float:
    """k in error ~ t^k: slope of the largest errors of `windows` windows, equal in log t, over the last `decades`.

    0 when the error is bounded, 1 for a linear drift. An error that oscillates is seen by its size alone.
    """
    edges = t[-1] * np.geomspace(10**-decades, 1, windows + 1)
    largest = [error[(t > a) & (t <= b)].max() for a, b in pairwise(edges)]
    return float(np.polyfit(np.log(edges[1:]), np.log(largest), 1)[0])
