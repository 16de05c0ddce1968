"""Smooth ramps in given directions: a worst case for explicit methods in the plane."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.potentials.potential import Kinks, Potential, sum_of_ridges


def ramps(
    angles: Sequence[float] = (15.0, 77.0, 133.0), offsets: Sequence[float] = (0.0, 0.0, 0.0), width: float = 0.01
) -> Potential:
    """V(x) = sum_k g(a_k^T x - o_k) in the plane, a_k in the directions `angles`, in degrees.

    g'' rises linearly from 0 at s = -width to 1 at s = width: g is 0 to the left and a parabola to the right, twice
    continuously differentiable. The matrix A is scaled to norm one. All ramps rise towards (1, 1): far in this
    direction the Hessian is A^T A, so L = |A|^2 = 1, and far in the opposite direction it is 0, so mu = 0. The default
    ramps are constructed for the explicit midpoint rule: the first half of its step leaves one ramp and enters another,
    the middle one drives it, and the curvatures at x and at the midpoint do not commute. The method therefore expands
    for every h, since V is homogeneous up to the width: far out, any h reaches from one piece to the next (after
    DahlquistJeltsch1979).
    """
    turned = np.radians(np.asarray(angles, dtype=float))
    A = np.stack([np.cos(turned), np.sin(turned)], axis=1)
    if len(offsets) != len(angles) or width <= 0 or (A.sum(axis=1) <= 0).any():
        raise InputError(
            "ramps needs an offset for each angle, angles between -45 and 135 degrees and a positive width, "
            f"got {list(angles)}, {list(offsets)} and {width!r}."
        )
    A /= np.linalg.norm(A, 2)

    def curvature(s: Floats) -> Floats:
        return np.clip((s / width + 1) / 2, 0, 1)

    def slope(s: Floats) -> Floats:
        return width * curvature(s) ** 2 + np.maximum(s - width, 0)

    def g(s: Floats) -> Floats:
        beyond = np.maximum(s - width, 0)
        return 2 * width**2 * curvature(s) ** 3 / 3 + width * beyond + beyond**2 / 2

    b = -np.asarray(offsets, dtype=float)
    rest = -(1 + max(0.0, float(np.max((b + width) / A.sum(axis=1))))) * np.ones(2)
    known: dict[str, Any] = {"minimiser": rest, "reference": "DahlquistJeltsch1979"}
    kinks = Kinks(A, -b, sharp=True)
    return sum_of_ridges("ramps", A, b, g, slope, curvature, kinks=kinks, **known)
