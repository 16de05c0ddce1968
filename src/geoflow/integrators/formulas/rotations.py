"""Steps by rotations: the Boris method for charged particles, and Lie group methods on so(3) (HLW IV.8)."""

from typing import Any

import numpy as np

from geoflow.problems.elementary import sin, sqrt


def cross(a: Any, b: Any) -> Any:
    """Vector product a x b in R^3."""
    c = 0 * b
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        c[k] = a[i] * b[j] - a[j] * b[i]
    return c


def boris(t: Any, y: Any, h: Any, eps: Any, *, magnetic_field: Any, electric_field: Any) -> Any:
    """Boris method for x'' = x' x B(t, x) + E(t, x), y = (x, v) (Boris1970).

    Half a drift, half a push by E, a rotation about B, and back. The rotation v+ - v- = h/2 (v+ + v-) x B preserves |v|
    exactly; the step is symmetric and volume-preserving.
    """
    x, v = y[:3] + h / 2 * y[3:], y[3:]
    middle = np.concatenate((x, v))
    E = electric_field(t + h / 2, middle)
    s = h / 2 * magnetic_field(t + h / 2, middle)
    v = v + h / 2 * E
    v = v + 2 / (1 + s @ s) * cross(v + cross(v, s), s)
    v = v + h / 2 * E
    return np.concatenate((x + h / 2 * v, v)), 1


def rotated(u: Any, y: Any) -> Any:
    """Rodrigues formula exp(u) y = y + sin(r)/r u x y + (1 - cos r)/r^2 u x (u x y), r = |u|."""
    r = sqrt(u @ u)
    if r == 0:
        return y + 0 * y
    turned = cross(u, y)
    return y + sin(r) / r * turned + 2 * (sin(r / 2) / r) ** 2 * cross(u, turned)


def dexp_inverse(u: Any, v: Any) -> Any:
    """Inverse of d exp up to the fourth power of u: v - u x v / 2 + u x (u x v) / 12."""
    bracket = cross(u, v)
    return v - bracket / 2 + cross(u, bracket) / 12


def lie_euler(t: Any, y: Any, h: Any, eps: Any, *, rotation: Any) -> Any:
    """Lie-Euler method y_1 = exp(h a(y)) y for y' = a(y) x y; every step is a rotation."""
    return rotated(h * rotation(t, y), y), 1


def rkmk_4(t: Any, y: Any, h: Any, eps: Any, *, rotation: Any) -> Any:
    """The classical Runge-Kutta method for u' = dexp^-1_u a(exp(u) y), then y_1 = exp(u_1) y (MuntheKaas1998)."""
    k_1 = rotation(t, y)
    u = h / 2 * k_1
    k_2 = dexp_inverse(u, rotation(t + h / 2, rotated(u, y)))
    u = h / 2 * k_2
    k_3 = dexp_inverse(u, rotation(t + h / 2, rotated(u, y)))
    u = h * k_3
    k_4 = dexp_inverse(u, rotation(t + h, rotated(u, y)))
    return rotated(h / 6 * (k_1 + 2 * k_2 + 2 * k_3 + k_4), y), 4
