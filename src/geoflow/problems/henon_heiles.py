"""Motion of a star about the centre of a galaxy."""

import numpy as np

from geoflow.problems.problem import Problem, textbook


@textbook
def henon_heiles() -> Problem:
    """H(q, p) = (p1^2 + p2^2 + q1^2 + q2^2)/2 + q1^2 q2 - q2^3/3 (HLW I.3; HenonHeiles1964).

    Starts at energy 0.136, below the escape energy 1/6, among chaotic and regular orbits.
    """

    def hamiltonian(q, p):
        return (
            (p[0] ** 2 + p[1] ** 2 + q[0] ** 2 + q[1] ** 2) / 2 + q[0] ** 2 * q[1] - q[1] ** 3 / 3
        )

    def velocity(p):
        return p[0], p[1]

    def force(q):
        return -q[0] - 2 * q[0] * q[1], -q[1] - q[0] ** 2 + q[1] ** 2

    return Problem(
        y0=np.array([0.0, 0.3, 0.4, 0.2]),
        span=(0.0, 10.0),
        reference="HenonHeiles1964",
        velocity=velocity,
        force=force,
        hamiltonian=hamiltonian,
        invariants={"energy": hamiltonian},
        offers={"quadratic": True},
    )
