"""Restricted three-body problem: a satellite of the Earth and the Moon in the rotating frame."""

import numpy as np

from geoflow.problems.elementary import cos, sin, sqrt
from geoflow.problems.problem import Problem, textbook

# Arenstorf orbit with four loops, as printed in HairerNorsettWanner1993, II.0.
START, SPEED = 0.994, -2.00158510637908252240537862224
PERIOD = 17.0652165601579625588917206249


@textbook
def restricted_three_body(mu: float = 0.012277471) -> Problem:
    """H(q, p) = |p|^2/2 + q2 p1 - q1 p2 - (1 - mu)/r1 - mu/r2, p = q' + (-q2, q1) (HairerNorsettWanner1993, II.0).

    r1 and r2 are the distances from the Earth at (-mu, 0) and the Moon at (1 - mu, 0); -2 H is Jacobi's integral. The
    default is the Arenstorf orbit, which starts 0.006 from the Moon. It is unstable, and the span is its period. The
    drift A is free motion in the rotating frame, the kick B the attraction.
    """

    def hamiltonian(q, p):
        r1 = sqrt((q[0] + mu) ** 2 + q[1] ** 2)
        r2 = sqrt((q[0] - (1 - mu)) ** 2 + q[1] ** 2)
        kinetic = (p[0] ** 2 + p[1] ** 2) / 2 + q[1] * p[0] - q[0] * p[1]
        return kinetic - (1 - mu) / r1 - mu / r2

    def field(q, p):
        to_earth, to_moon = q[0] + mu, q[0] - (1 - mu)
        s1, s2 = to_earth**2 + q[1] ** 2, to_moon**2 + q[1] ** 2
        earth, moon = (1 - mu) / (s1 * sqrt(s1)), mu / (s2 * sqrt(s2))
        return (p[0] + q[1], p[1] - q[0], p[1] - earth * to_earth - moon * to_moon, -p[0] - (earth + moon) * q[1])

    def drift(h, q, p):
        c, s = cos(h), sin(h)
        x, y = q[0] + h * p[0], q[1] + h * p[1]
        return c * x + s * y, c * y - s * x, c * p[0] + s * p[1], c * p[1] - s * p[0]

    def kick(h, q, p):
        to_earth, to_moon = q[0] + mu, q[0] - (1 - mu)
        s1, s2 = to_earth**2 + q[1] ** 2, to_moon**2 + q[1] ** 2
        earth, moon = (1 - mu) / (s1 * sqrt(s1)), mu / (s2 * sqrt(s2))
        return (q[0], q[1], p[0] - h * (earth * to_earth + moon * to_moon), p[1] - h * (earth + moon) * q[1])

    return Problem(
        y0=np.array([START, 0.0, 0.0, SPEED + START]), span=(0.0, PERIOD),
        reference="HairerNorsettWanner1993", field=field, hamiltonian=hamiltonian,
        invariants={"energy": hamiltonian}, flows={"A": drift, "B": kick},
    )  # fmt: skip
