"""Figure-eight solution of the three-body problem with equal masses."""

import numpy as np

from geoflow.problems.bodies import pair_energy, plane_momenta
from geoflow.problems.elementary import sqrt, zeros_like
from geoflow.problems.problem import Problem, textbook, unit_masses

# Simo's values in ChencinerMontgomery2000, to 20 digits: Newton's method on the symmetric isosceles configuration at
# a twelfth of the period, with mpmath's Taylor method.
PLACE = (0.97000435669733433994, -0.24308753153584886172)
VELOCITY = (-0.93240737144105230155, -0.86473146092102100596)
PERIOD = 6.32591398292621167759


@textbook
def figure_eight() -> Problem:
    """H(q, p) = sum_i |p_i|^2/2 - sum_(j<i) 1/|q_i - q_j| in the plane (ChencinerMontgomery2000).

    Initially the third body is in the middle of the other two. The span is one period, T = 6.3259139829...; after T/3
    each body is at the initial position of the next one. The orbit is stable.
    """

    def potential(r2, m_i, m_j):
        return -1 / sqrt(r2)

    def force(q):
        F = zeros_like(q)
        for i in range(3):
            for j in range(i):
                dx, dy = q[2 * i] - q[2 * j], q[2 * i + 1] - q[2 * j + 1]
                r2 = dx * dx + dy * dy
                pull = 1 / (r2 * sqrt(r2))
                F[2 * i] -= pull * dx
                F[2 * i + 1] -= pull * dy
                F[2 * j] += pull * dx
                F[2 * j + 1] += pull * dy
        return F

    hamiltonian = pair_energy(3, 2, np.ones(3), potential)
    (x, y), (u, v) = PLACE, VELOCITY
    return Problem(
        y0=np.array([x, y, -x, -y, 0.0, 0.0, -u / 2, -v / 2, -u / 2, -v / 2, u, v]),
        span=(0.0, PERIOD), reference="ChencinerMontgomery2000", velocity=unit_masses, force=force,
        hamiltonian=hamiltonian, invariants={"energy": hamiltonian, **plane_momenta(3)},
    )  # fmt: skip
