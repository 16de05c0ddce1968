"""Sun and the five outer planets (including Pluto), as in HLW I.2.4."""

import numpy as np

from geoflow.problems.bodies import angular_momenta, pair_energy
from geoflow.problems.elementary import sqrt, zeros_like
from geoflow.problems.problem import Problem, textbook

BODIES = ("Sun", "Jupiter", "Saturn", "Uranus", "Neptune", "Pluto")
# The mass of the Sun includes the inner planets; G in AU^3 / (solar mass day^2).
GRAVITY = 2.95912208286e-4
MASSES = (
    1.00000597682, 0.000954786104043, 0.000285583733151, 0.0000437273164546, 0.0000517759138449,
    1 / 1.3e8,
)  # fmt: skip
POSITIONS = (
    (0.0, 0.0, 0.0),
    (-3.5023653, -3.8169847, -1.5507963),
    (9.0755314, -3.0458353, -1.6483708),
    (8.3101420, -16.2901086, -7.2521278),
    (11.4707666, -25.7294829, -10.8169456),
    (-15.5387357, -25.2225594, -3.1902382),
)
VELOCITIES = (
    (0.0, 0.0, 0.0),
    (0.00565429, -0.00412490, -0.00190589),
    (0.00168318, 0.00483525, 0.00192462),
    (0.00354178, 0.00137102, 0.00055029),
    (0.00288930, 0.00114527, 0.00039677),
    (0.00276725, -0.00170702, -0.00136504),
)


@textbook
def outer_solar_system() -> Problem:
    """H(q, p) = sum_i |p_i|^2 / (2 m_i) - G sum_(j<i) m_i m_j / |q_i - q_j|, data of 5 September 1994 (HLW I.2.4).

    Positions (AU) body by body, Sun first, then momenta (solar masses AU/day); time in days.
    """
    G, m, n = GRAVITY, np.array(MASSES), len(MASSES)

    def potential(r2, m_i, m_j):
        return -G * m_i * m_j / sqrt(r2)

    def velocity(p):
        v = zeros_like(p)
        for i in range(n):
            for k in range(3):
                v[3 * i + k] = p[3 * i + k] / m[i]
        return v

    def force(q):
        F = zeros_like(q)
        for i in range(n):
            for j in range(i):
                dx = q[3 * i] - q[3 * j]
                dy = q[3 * i + 1] - q[3 * j + 1]
                dz = q[3 * i + 2] - q[3 * j + 2]
                r2 = dx * dx + dy * dy + dz * dz
                g = G * m[i] * m[j] / (r2 * sqrt(r2))
                F[3 * i] -= g * dx
                F[3 * i + 1] -= g * dy
                F[3 * i + 2] -= g * dz
                F[3 * j] += g * dx
                F[3 * j + 1] += g * dy
                F[3 * j + 2] += g * dz
        return F

    hamiltonian = pair_energy(n, 3, m, potential)
    momenta = m[:, None] * np.array(VELOCITIES)
    return Problem(
        y0=np.concatenate([np.array(POSITIONS).ravel(), momenta.ravel()]), span=(0.0, 200_000.0),
        reference="HLW", velocity=velocity, force=force, hamiltonian=hamiltonian,
        invariants={"energy": hamiltonian, **angular_momenta(n)},
        units={"t": "day", "q": "AU", "p": "solar mass AU/day"},
    )  # fmt: skip
