"""Seven argon atoms in a plane, near the configuration of minimal energy."""

import numpy as np

from geoflow.problems.bodies import pair_energy, plane_momenta
from geoflow.problems.elementary import zeros_like
from geoflow.problems.problem import Problem, textbook

# HLW I.4, table 4.1, in nm and nm/ns: first the atom at the centre, then the surrounding ones.
POSITIONS = ((0.00, 0.00), (0.02, 0.39), (0.34, 0.17), (0.36, -0.21), (-0.02, -0.40), (-0.35, -0.16), (-0.31, 0.21))
VELOCITIES = ((-30, -20), (50, -90), (-70, -60), (90, 40), (80, 90), (-40, 100), (-80, -60))
BOLTZMANN = 1.380658e-23  # J/K
MASS = 66.34e-27 / BOLTZMANN  # kg, and m/s is nm/ns: K (ns/nm)^2
DEPTH, DIAMETER = 119.8, 0.341  # K and nm


@textbook
def argon_crystal() -> Problem:
    """H(q, p) = sum_i |p_i|^2/(2 m) + sum_(j<i) 4 eps ((s/r_ij)^12 - (s/r_ij)^6) (HLW I.4).

    eps = 119.8 K and s = 0.341 nm: energies are divided by Boltzmann's constant. As in HLW, the initial energy is
    -1260.2 K and the initial temperature, sum_i |p_i|^2 / (2 m) / 7, 22.72 K. Typical step sizes are 10 fs = 1e-5 ns.
    """
    n, m, eps, s2 = len(POSITIONS), MASS, DEPTH, DIAMETER**2

    def potential(r2, m_i, m_j):
        w = (s2 / r2) ** 3
        return 4 * eps * (w * w - w)

    def velocity(p):
        return p / m

    def force(q):
        F = zeros_like(q)
        for i in range(n):
            for j in range(i):
                dx, dy = q[2 * i] - q[2 * j], q[2 * i + 1] - q[2 * j + 1]
                r2 = dx * dx + dy * dy
                w = (s2 / r2) ** 3
                push = 24 * eps * (2 * w * w - w) / r2
                F[2 * i] += push * dx
                F[2 * i + 1] += push * dy
                F[2 * j] -= push * dx
                F[2 * j + 1] -= push * dy
        return F

    hamiltonian = pair_energy(n, 2, np.full(n, m), potential)
    return Problem(
        y0=np.concatenate([np.array(POSITIONS).ravel(), m * np.array(VELOCITIES).ravel()]),
        span=(0.0, 0.02), reference="HLW", velocity=velocity, force=force, hamiltonian=hamiltonian,
        invariants={"energy": hamiltonian, **plane_momenta(n)},
        units={"t": "ns", "q": "nm", "p": "K ns/nm"},
    )  # fmt: skip
