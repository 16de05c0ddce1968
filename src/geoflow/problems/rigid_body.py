"""Free rigid body in body coordinates, with constant or time-dependent moments of inertia."""

import numpy as np

from geoflow.problems.elementary import cos, sin
from geoflow.problems.problem import Problem, textbook


@textbook
def rigid_body(I1: float = 2.0, I2: float = 1.0, I3: float = 2 / 3) -> Problem:
    """Euler's equations y1' = (1/I3 - 1/I2) y2 y3 and cyclic, y the angular momentum in the body (HLW VII.5).

    The energy sum_k y_k^2 / (2 I_k) and the Casimir |y|^2 / 2 are quadratic invariants. The flow of each term of the
    energy rotates y about an axis by the angle h y_k / I_k; a splitting into these flows preserves the Casimir.
    """

    def field(y):
        return ((1 / I3 - 1 / I2) * y[1] * y[2], (1 / I1 - 1 / I3) * y[2] * y[0], (1 / I2 - 1 / I1) * y[0] * y[1])

    def energy(y):
        return y[0] ** 2 / (2 * I1) + y[1] ** 2 / (2 * I2) + y[2] ** 2 / (2 * I3)

    def casimir(y):
        return (y[0] ** 2 + y[1] ** 2 + y[2] ** 2) / 2

    def gradient(y):
        return y[0] / I1, y[1] / I2, y[2] / I3

    def poisson(y):
        return (0, -y[2], y[1]), (y[2], 0, -y[0]), (-y[1], y[0], 0)

    def rotation(y):
        return -y[0] / I1, -y[1] / I2, -y[2] / I3

    def about_1(h, y):
        c, s = cos(h * y[0] / I1), sin(h * y[0] / I1)
        return y[0], c * y[1] + s * y[2], c * y[2] - s * y[1]

    def about_2(h, y):
        c, s = cos(h * y[1] / I2), sin(h * y[1] / I2)
        return c * y[0] - s * y[2], y[1], c * y[2] + s * y[0]

    def about_3(h, y):
        c, s = cos(h * y[2] / I3), sin(h * y[2] / I3)
        return c * y[0] + s * y[1], c * y[1] - s * y[0], y[2]

    return Problem(
        y0=np.array([np.cos(1.1), 0.0, np.sin(1.1)]), span=(0.0, 40.0), reference="HLW",
        field=field, invariants={"energy": energy, "casimir": casimir},
        flows={"A": about_1, "B": about_2, "C": about_3},
        offers={"gradient": gradient, "poisson": poisson, "rotation": rotation, "quadratic": True},
    )  # fmt: skip


@textbook
def breathing_body(breath: float = 0.4, frequency: float = 1.3) -> Problem:
    """y' = y x w, w_k = y_k / I_k(t): the free rigid body (HLW VII.5) with I_1 = 2 / (1 + breath sin(frequency t)).

    I_2 = 1 and I_3 = 2/3. There is no torque, so that |y|^2 / 2 is an invariant; the energy is not.
    """

    def field(t, y):
        a = (1 + breath * sin(frequency * t)) / 2
        return 0.5 * y[1] * y[2], (a - 1.5) * y[2] * y[0], (1 - a) * y[0] * y[1]

    def rotation(t, y):
        return -(1 + breath * sin(frequency * t)) / 2 * y[0], -y[1], -1.5 * y[2]

    return Problem(
        y0=np.array([np.cos(1.1), 0.2, np.sin(1.1)]), span=(0.0, 40.0), reference="HLW",
        field=field, invariants={"casimir": rigid_body().invariants["casimir"]}, offers={"rotation": rotation},
    )  # fmt: skip
