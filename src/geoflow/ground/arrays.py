"""The type of almost every array here."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
