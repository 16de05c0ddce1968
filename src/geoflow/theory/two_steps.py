"""One step from two points in terms of linear algebra: every point and gradient is a row of coefficients.

The rows refer to the basis (delta, m_1, ..., m_s, d_1, ..., d_s): the starting points are +-delta / 2, the gradients at
the stages of the first step are m_i + d_i and those of the second m_i - d_i. The starting points have mean zero, since
the problem is invariant under translation, and L = 1, so that h stands for h L. Explicit and implicit methods are
treated alike: the stage equations are rows. Means and differences are separate variables, because the means in worst
cases at small h are larger by powers of 1 / h.
"""

from dataclasses import dataclass

import numpy as np

from geoflow.ground import Floats
from geoflow.integrators.families import RungeKutta


@dataclass(frozen=True, eq=False)
class TwoSteps:
    """points, gradients: rows of the 2 s stages, shape (2 s, 2 s + 1); start, end: rows of the differences."""

    stages: int
    hL: float
    points: Floats
    gradients: Floats
    start: Floats
    end: Floats


def two_steps(method: RungeKutta, hL: float) -> TwoSteps:
    """Build the rows of Y_i, Z_i = +-delta / 2 - h sum_j a_ij (m_j +- d_j) and end = delta - 2 h b^T d."""
    A, b, _ = method.as_floats()
    s = len(b)
    identity, half = np.eye(s), np.full((s, 1), 0.5)
    points = np.block([[half, -hL * A, -hL * A], [-half, -hL * A, hL * A]])
    zero = np.zeros((s, 1))
    gradients = np.block([[zero, identity, identity], [zero, identity, -identity]])
    start = np.eye(1, 2 * s + 1)[0]
    end = np.concatenate([[1], 0 * b, -2 * hL * b])
    return TwoSteps(s, hL, points, gradients, start, end)


def pair_form(dx: Floats, dg: Floats, g: Floats, mu: float = 0.0) -> Floats:
    """Symmetric matrix of <g_j, x_i - x_j> + |g_i - g_j|^2 / 2 + mu |x_i - x_j - (g_i - g_j)|^2 / (2 (1 - mu)).

    Data (x_i, g_i, f_i) are those of a 1-smooth mu-strongly convex function if and only if this is at most f_i - f_j
    for all i and j (TaylorHendrickxGlineur2017, theorem 4). dx, dg, g: rows of coefficients.
    """
    product = np.outer(g, dx)
    rest = dx - dg
    return (product + product.T + np.outer(dg, dg) + mu / (1 - mu) * np.outer(rest, rest)) / 2
