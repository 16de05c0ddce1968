"""Henon-Heiles problem: motion of a star about the centre of a galaxy."""

import numpy as np

from geoflow.problems.problem import Problem, textbook, unit_masses


@textbook
def henon_heiles() -> Problem:
    """H(q, p) = (p1^2 + p2^2 + q1^2 + q2^2)/2 + q1^2 q2 - q2^3/3 (HLW I.3; HenonHeiles1964).

    The initial energy is 0.136, below the escape energy 1/6; chaotic and regular orbits coexist.
    """

    def hamiltonian(q, p):
        return (p[0] ** 2 + p[1] ** 2 + q[0] ** 2 + q[1] ** 2) / 2 + q[0] ** 2 * q[1] - q[1] ** 3 / 3

    def force(q):
        return -q[0] - 2 * q[0] * q[1], -q[1] - q[0] ** 2 + q[1] ** 2

    return Problem(
        y0=np.array([0.0, 0.3, 0.4, 0.2]), span=(0.0, 10.0), reference="HenonHeiles1964",
        velocity=unit_masses, force=force, hamiltonian=hamiltonian, invariants={"energy": hamiltonian},
        offers={"quadratic": True},
    )  # fmt: skip


@textbook
def henon_heiles_tangent() -> Problem:
    """Henon-Heiles problem with tangent vector: q'' = F(q), v'' = F'(q) v, in positions (q, v) and momenta (p, w).

    The variational equation splits like the problem. A splitting of both therefore multiplies (v, w) by the Jacobian of
    each numerical step (SkokosGerlach2010). The problem is not Hamiltonian in these coordinates and therefore not in
    the table. Its invariants are H(q, p) and H'(q, p)(v, w).
    """

    def first_variation(q, p):
        force_1, force_2 = -q[0] - 2 * q[0] * q[1], -q[1] - q[0] ** 2 + q[1] ** 2
        return p[0] * p[2] + p[1] * p[3] - force_1 * q[2] - force_2 * q[3]

    def force(q):
        return (
            -q[0] - 2 * q[0] * q[1],
            -q[1] - q[0] ** 2 + q[1] ** 2,
            -(1 + 2 * q[1]) * q[2] - 2 * q[0] * q[3],
            -2 * q[0] * q[2] - (1 - 2 * q[1]) * q[3],
        )

    return Problem(
        y0=np.array([0.0, 0.3, 1.0, 0.0, 0.4, 0.2, 0.0, 0.0]), span=(0.0, 10.0),
        reference="SkokosGerlach2010", velocity=unit_masses, force=force,
        invariants={"energy": henon_heiles().invariants["energy"], "first_variation": first_variation},
    )  # fmt: skip
