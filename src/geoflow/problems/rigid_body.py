"""Free rigid body in body coordinates."""

import numpy as np

from geoflow.problems.problem import Problem, textbook


@textbook
def rigid_body(I1: float = 2.0, I2: float = 1.0, I3: float = 2 / 3) -> Problem:
    """Euler's equations y1' = (1/I3 - 1/I2) y2 y3 and cyclic, y the angular momentum in the body (HLW VII.5).

    The energy sum_k y_k^2 / (2 I_k) and the Casimir |y|^2 / 2 are quadratic invariants.
    """

    def field(y):
        return (
            (1 / I3 - 1 / I2) * y[1] * y[2],
            (1 / I1 - 1 / I3) * y[2] * y[0],
            (1 / I2 - 1 / I1) * y[0] * y[1],
        )

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

    return Problem(
        y0=np.array([np.cos(1.1), 0.0, np.sin(1.1)]),
        span=(0.0, 40.0),
        reference="HLW",
        field=field,
        invariants={"energy": energy, "casimir": casimir},
        offers={
            "gradient": gradient,
            "poisson": poisson,
            "rotation": rotation,
            "quadratic": True,
        },
    )
