"""Charged particle in a magnetic and an electric field, static or time-dependent."""

import numpy as np

from geoflow.problems.elementary import cos, sin, sqrt
from geoflow.problems.problem import Problem, textbook


@textbook
def charged_particle(strength: float = 0.01) -> Problem:
    """x' = v, v' = E(x) + v x B(x) with B = (0, 0, R), E = strength (x1, x2, 0) / R^3, R^2 = x1^2 + x2^2 (Qin2013).

    The motion is a fast gyration and a slow drift about the axis. Invariants are the energy |v|^2/2 + strength/R, the
    canonical angular momentum x1 v2 - x2 v1 + R^3/3 and, since there is no force along the axis, v3.
    """

    def magnetic_field(q):
        return 0.0, 0.0, sqrt(q[0] ** 2 + q[1] ** 2)

    def electric_field(q):
        R2 = q[0] ** 2 + q[1] ** 2
        push = strength / (R2 * sqrt(R2))
        return push * q[0], push * q[1], 0.0

    def field(q, p):
        R2 = q[0] ** 2 + q[1] ** 2
        R = sqrt(R2)
        push = strength / (R2 * R)
        return p[0], p[1], p[2], push * q[0] + p[1] * R, push * q[1] - p[0] * R, 0.0

    def energy(q, p):
        R = sqrt(q[0] ** 2 + q[1] ** 2)
        return (p[0] ** 2 + p[1] ** 2 + p[2] ** 2) / 2 + strength / R

    def angular_momentum(q, p):
        R2 = q[0] ** 2 + q[1] ** 2
        return q[0] * p[1] - q[1] * p[0] + R2 * sqrt(R2) / 3

    return Problem(
        y0=np.array([0.0, -1.0, 0.0, 0.1, 0.01, 0.05]), span=(0.0, 20.0), reference="Qin2013",
        field=field,
        invariants={
            "energy": energy,
            "angular_momentum": angular_momentum,
            "axial_velocity": axial_velocity,
        },
        offers={"magnetic_field": magnetic_field, "electric_field": electric_field},
    )  # fmt: skip


def axial_velocity(p):
    return p[2]


@textbook
def betatron(sway: float = 0.5, frequency: float = 1.3) -> Problem:
    """x' = v, v' = E + v x B with B = (0, 0, b R), b(t) = 1 + sway sin(frequency t), R^2 = x1^2 + x2^2 (Kerst1941).

    The changing field induces E = b' R/3 (x2, -x1, 0), which accelerates the particle about the axis. Invariants are
    the canonical angular momentum x1 v2 - x2 v1 + b R^3/3 and v3, but not the energy.
    """

    def magnetic_field(t, q):
        b = 1 + sway * sin(frequency * t)
        return 0.0, 0.0, b * sqrt(q[0] ** 2 + q[1] ** 2)

    def electric_field(t, q):
        push = sway * frequency * cos(frequency * t) * sqrt(q[0] ** 2 + q[1] ** 2) / 3
        return push * q[1], -push * q[0], 0.0

    def field(t, q, p):
        R = sqrt(q[0] ** 2 + q[1] ** 2)
        push = sway * frequency * cos(frequency * t) * R / 3
        turn = (1 + sway * sin(frequency * t)) * R
        return p[0], p[1], p[2], push * q[1] + turn * p[1], -push * q[0] - turn * p[0], 0.0

    def angular_momentum(t, q, p):
        R2 = q[0] ** 2 + q[1] ** 2
        b = 1 + sway * sin(frequency * t)
        return q[0] * p[1] - q[1] * p[0] + b * R2 * sqrt(R2) / 3

    return Problem(
        y0=np.array([0.0, -1.0, 0.0, 0.4, 0.1, 0.05]), span=(0.0, 20.0), reference="Kerst1941",
        field=field,
        invariants={"angular_momentum": angular_momentum, "axial_velocity": axial_velocity},
        offers={"magnetic_field": magnetic_field, "electric_field": electric_field},
    )  # fmt: skip
