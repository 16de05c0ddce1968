"""Kahan's method for quadratic vector fields."""

from typing import Any

import numpy as np

from geoflow.integrators.formulas.equations import eliminated


def kahan(t: Any, y: Any, h: Any, eps: Any, *, quadratic_field: Any) -> Any:
    """y_1 = y + h (I - h/2 f'(y))^-1 f(y): linearly implicit, symmetric, birational (Kahan1993).

    For a quadratic f this is (y_1 - y)/h = 2 f((y + y_1)/2) - f(y)/2 - f(y_1)/2 (CelledoniMcLachlanOwrenQuispel2013),
    and a central difference is the derivative itself, whatever its width.
    """
    d = len(y)
    M = np.zeros((d, d), y.dtype)
    for k in range(d):
        ahead, behind = y + 0 * y, y + 0 * y
        ahead[k], behind[k] = y[k] + 1, y[k] - 1
        slope = (quadratic_field(t, ahead) - quadratic_field(t, behind)) / 2
        M[:, k] = -h / 2 * slope
        M[k, k] = M[k, k] + 1
    return y + h * eliminated(M, quadratic_field(t, y)), 2 * d + 1
