"""Lotka-Volterra equations: a non-canonical Poisson system."""

import numpy as np

from geoflow.problems.elementary import exp, log
from geoflow.problems.problem import Problem, textbook


@textbook
def lotka_volterra(direction: float = 1.0) -> Problem:
    """u' = u (v - 2), v' = v (1 - u), with the invariant log u - u + 2 log v - v (HLW I.1.1).

    For constant v, or constant u, the exact flow is an exponential; symplectic Euler composes these two flows. The
    right-hand side is multiplied by `direction`; -1 reverses time (MurariCode2025).
    """

    def field(y):
        return direction * y[0] * (y[1] - 2), direction * y[1] * (1 - y[0])

    def invariant(y):
        return log(y[0]) - y[0] + 2 * log(y[1]) - y[1]

    def gradient(y):
        return 1 / y[0] - 1, 2 / y[1] - 1

    def poisson(y):
        return (0, -direction * y[0] * y[1]), (direction * y[0] * y[1], 0)

    def grow_u(h, y):
        return y[0] * exp(direction * h * (y[1] - 2)), y[1]

    def grow_v(h, y):
        return y[0], y[1] * exp(direction * h * (1 - y[0]))

    return Problem(
        y0=np.array([2.0, 2.0]), span=(0.0, 20.0), reference="HLW", field=field,
        invariants={"energy": invariant}, flows={"A": grow_u, "B": grow_v},
        offers={"gradient": gradient, "poisson": poisson, "quadratic": True},
    )  # fmt: skip
