"""How an error grows over a run: not at all, as a random walk, linearly, quadratically."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def growth(error: Floats) -> float:
    """Largest error in the last tenth of a run over the largest in its first tenth."""
    tenth = max(len(error) // 10, 1)
    return float(error[-tenth:].max() / error[: tenth + 1].max())
