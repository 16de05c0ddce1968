"""One step from two points, as linear algebra: every point and gradient is a row of coefficients.

The rows refer to the basis (delta, g_1, ..., g_s, k_1, ..., k_s): the difference y_0 - z_0 of the two starts and the
gradients at the stages of the one step and of the other. The second start is the origin, which is no loss, and
L = 1, so that h stands for h L. Explicit and implicit methods are alike: the stage equations are rows.
"""

from dataclasses import dataclass

import numpy as np

from geoflow.integrators.families import Floats, RungeKutta


@dataclass(frozen=True, eq=False)
class TwoSteps:
    """points, gradients: the 2 s stages, shape (2 s, 2 s + 1); start, end: the differences before and after, (2 s + 1,)."""

    stages: int
    points: Floats
    gradients: Floats
    start: Floats
    end: Floats


def two_steps(method: RungeKutta, hL: float) -> TwoSteps:
    """Y_i = y_0 - h sum_j a_ij g_j, Z_i = -h sum_j a_ij k_j, end = delta - h sum_i b_i (g_i - k_i)."""
    A, b, _ = method.as_floats()
    s = len(b)
    points = np.zeros((2 * s, 2 * s + 1))
    points[:s, 0] = 1
    points[:, 1:] = -hL * np.kron(np.eye(2), A)
    gradients = np.eye(2 * s, 2 * s + 1, 1)
    start = np.eye(1, 2 * s + 1)[0]
    end = start - hL * np.concatenate([[0], b, -b])
    return TwoSteps(s, points, gradients, start, end)


def pair_form(dx: Floats, dg: Floats, g: Floats, mu: float = 0.0) -> Floats:
    """The symmetric matrix of <g_j, x_i - x_j> + |g_i - g_j|^2 / 2 + mu |x_i - x_j - (g_i - g_j)|^2 / (2 (1 - mu)).

    Data (x_i, g_i, f_i) are those of a 1-smooth mu-strongly convex function if and only if this is at most f_i - f_j
    for all i and j (TaylorHendrickxGlineur2017, theorem 4). dx, dg, g: rows of coefficients.
    """
    product = np.outer(g, dx)
    rest = dx - dg
    return (product + product.T + np.outer(dg, dg) + mu / (1 - mu) * np.outer(rest, rest)) / 2
