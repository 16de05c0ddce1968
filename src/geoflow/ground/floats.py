"""The type of most arrays in geoflow, and the validation of numbers and arrays."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoflow.ground.errors import InputError

Floats = NDArray[np.float64]
REAL = (int, float, np.integer, np.floating)  # a tuple, because `int | float` would be evaluated again in every call


def is_finite(number: Any) -> bool:
    """Whether `number` is a finite real number of Python or NumPy, and not a bool."""
    try:
        return isinstance(number, REAL) and not isinstance(number, bool) and math.isfinite(number)
    except OverflowError:  # an integer that no float can hold
        return False


def real_array(given: Any, wanted: str) -> Floats:
    """Return a float copy of finite numbers.

    Raises InputError for entries that are masked or not finite, and for imaginary parts and gradients.
    """
    if getattr(given, "requires_grad", False):
        raise InputError(
            f"expected {wanted}, got a torch tensor that requires gradients, which compiled loops do not propagate; "
            "try one_step(method, problem)(t, y, h) of geoflow.integrators.step, which does, or y0.detach()."
        )
    try:
        values = np.asarray(given)
        text = values.dtype.kind == "O" and any(isinstance(x, str | bytes) for x in values.flat)
        if values.dtype.kind in "iufO" and not text and not np.ma.is_masked(given):
            copy = np.array(values, dtype=np.float64)
            if np.isfinite(copy).all():
                return copy
    except (TypeError, ValueError, RuntimeError, OverflowError):
        pass
    raise InputError(f"expected {wanted}, got {given!r}.")
