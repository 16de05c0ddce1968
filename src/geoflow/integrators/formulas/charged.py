"""Motion of a charged particle in magnetic and electric fields."""

from typing import Any

import numpy as np


def cross(a: Any, b: Any) -> Any:
    """a x b in R^3."""
    c = 0 * b
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        c[k] = a[i] * b[j] - a[j] * b[i]
    return c


def boris(t: Any, y: Any, h: Any, eps: Any, *, magnetic_field: Any, electric_field: Any) -> Any:
    """x'' = x' x B(t, x) + E(t, x), y = (x, v): half a drift, half a push, a rotation about B, and back (Boris1970).

    The rotation v+ - v- = h/2 (v+ + v-) x B keeps |v| exactly; the step is symmetric and keeps the volume.
    """
    x, v = y[:3] + h / 2 * y[3:], y[3:]
    middle = np.concatenate((x, v))
    E = electric_field(t + h / 2, middle)
    s = h / 2 * magnetic_field(t + h / 2, middle)
    v = v + h / 2 * E
    v = v + 2 / (1 + s @ s) * cross(v + cross(v, s), s)
    v = v + h / 2 * E
    return np.concatenate((x + h / 2 * v, v)), 1
