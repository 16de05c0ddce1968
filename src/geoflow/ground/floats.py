"""The type of most arrays in geoflow."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
