"""Elementary functions for problems, for floats, complex numbers, mpmath numbers and torch tensors.

The compiled loops replace these functions by those of the system's mathematical library.
"""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np


def _elementary(name: str) -> Callable[[Any], Any]:
    over_numpy, over_mpmath = getattr(np, name), getattr(mpmath, name)

    def function(x: Any) -> Any:
        if isinstance(x, np.ndarray) and x.dtype.kind == "O":
            found = (getattr(e, name)() if hasattr(e, name) else over_mpmath(e) for e in x.ravel())
            return np.fromiter(found, object).reshape(x.shape)
        if isinstance(x, mpmath.mpf | mpmath.mpc):
            return over_mpmath(x)
        return getattr(x, name)() if hasattr(x, name) else over_numpy(x)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"{name}(x), elementwise."
    return function


sin, cos, tan = _elementary("sin"), _elementary("cos"), _elementary("tan")
sinh, cosh, tanh = _elementary("sinh"), _elementary("cosh"), _elementary("tanh")
exp, log, sqrt = _elementary("exp"), _elementary("log"), _elementary("sqrt")


def zeros_like(x: Any) -> Any:
    """Zeros of the shape and type of x, to be filled by a loop."""
    return x.new_zeros(x.shape) if type(x).__module__ == "torch" else np.zeros_like(x)
