"""Runge-Kutta methods in the Lie algebra so(3): for y' = a(y) x y every step is a rotation (HLW IV.8)."""

from typing import Any

from geoflow.integrators.formulas.charged import cross
from geoflow.problems.elementary import sin, sqrt


def rotated(u: Any, y: Any) -> Any:
    """exp(u) y = y + sin(r)/r u x y + (1 - cos r)/r^2 u x (u x y), r = |u|: the formula of Rodrigues."""
    r = sqrt(u @ u)
    if r == 0:
        return y + 0 * y
    turned = cross(u, y)
    return y + sin(r) / r * turned + 2 * (sin(r / 2) / r) ** 2 * cross(u, turned)


def dexp_inverse(u: Any, v: Any) -> Any:
    """v - u x v / 2 + u x (u x v) / 12: the inverse of d exp up to the fourth power of u."""
    bracket = cross(u, v)
    return v - bracket / 2 + cross(u, bracket) / 12


def lie_euler(t: Any, y: Any, h: Any, eps: Any, *, rotation: Any) -> Any:
    """y_1 = exp(h a(y)) y."""
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
