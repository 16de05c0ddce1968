"""Double pendulum: a non-separable Hamiltonian."""

import numpy as np

from geoflow.problems.elementary import cos, sin
from geoflow.problems.problem import Problem, textbook


@textbook
def double_pendulum(
    m1: float = 1.0, m2: float = 1.0, l1: float = 1.0, l2: float = 1.0, gravity: float = 1.0
) -> Problem:
    """Two points on massless rods, q their angles from the vertical (LandauLifshitz1976, section 5, problem 1).

    H(q, p) = N(q, p) / (2 l1^2 l2^2 m2 M(q)) - (m1 + m2) gravity l1 cos q1 - m2 gravity l2 cos q2 with
    N = m2 l2^2 p1^2 - 2 m2 l1 l2 p1 p2 cos(q1 - q2) + (m1 + m2) l1^2 p2^2 and M = m1 + m2 sin(q1 - q2)^2.
    """
    total = m1 + m2

    def hamiltonian(q, p):
        c, s = cos(q[0] - q[1]), sin(q[0] - q[1])
        N = m2 * l2**2 * p[0] ** 2 - 2 * m2 * l1 * l2 * p[0] * p[1] * c + total * l1**2 * p[1] ** 2
        kinetic = N / (2 * l1**2 * l2**2 * m2 * (m1 + m2 * s**2))
        return kinetic - total * gravity * l1 * cos(q[0]) - m2 * gravity * l2 * cos(q[1])

    def field(q, p):
        c, s = cos(q[0] - q[1]), sin(q[0] - q[1])
        M = m1 + m2 * s**2
        w1 = (l2 * p[0] - l1 * p[1] * c) / (l1**2 * l2 * M)
        w2 = (total * l1 * p[1] - m2 * l2 * p[0] * c) / (l1 * l2**2 * m2 * M)
        N = m2 * l2**2 * p[0] ** 2 - 2 * m2 * l1 * l2 * p[0] * p[1] * c + total * l1**2 * p[1] ** 2
        # dT/dq1 = -dT/dq2, through the cosine in N and through M.
        slope = s * (p[0] * p[1] - c * N / (l1 * l2 * M)) / (l1 * l2 * M)
        return (w1, w2, -slope - total * gravity * l1 * sin(q[0]), slope - m2 * gravity * l2 * sin(q[1]))

    return Problem(
        y0=np.array([1.0, 1.5, 0.0, 0.0]), span=(0.0, 10.0), reference="LandauLifshitz1976",
        field=field, hamiltonian=hamiltonian, invariants={"energy": hamiltonian},
        units={"q": "radian"},
    )  # fmt: skip
