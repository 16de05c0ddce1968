"""Chain of alternating soft nonlinear and stiff linear springs."""

import numpy as np

from geoflow.problems.elementary import zeros_like
from geoflow.problems.problem import Problem, textbook


@textbook
def fput(m: int = 3, omega: float = 50.0) -> Problem:
    """Fermi-Pasta-Ulam-Tsingou chain with m stiff springs of frequency omega (HLW I.5.1), in scaled displacements q_i
    and expansions q_(m+i) of the stiff springs.

    H = |p|^2/2 + omega^2/2 sum_i q_(m+i)^2 + ((q_1 - q_(m+1))^4 + sum_i (q_(i+1) - q_(m+i+1) - q_i - q_(m+i))^4
    + (q_m + q_(2m))^4) / 4.
    """

    def hamiltonian(q, p):
        energy = ((q[0] - q[m]) ** 4 + (q[m - 1] + q[2 * m - 1]) ** 4) / 4
        for i in range(m - 1):
            energy += (q[i + 1] - q[m + i + 1] - q[i] - q[m + i]) ** 4 / 4
        for i in range(m):
            energy += omega**2 * q[m + i] ** 2 / 2
        for i in range(2 * m):
            energy += p[i] ** 2 / 2
        return energy

    def velocity(p):
        v = zeros_like(p)
        for i in range(2 * m):
            v[i] = p[i]
        return v

    def springs(stiffness):
        def force(q):
            F, s = zeros_like(q), zeros_like(q)  # s[i] pulls at both ends of the soft spring i
            s[0], s[m] = (q[0] - q[m]) ** 3, -((q[m - 1] + q[2 * m - 1]) ** 3)
            for i in range(m - 1):
                s[i + 1] = (q[i + 1] - q[m + i + 1] - q[i] - q[m + i]) ** 3
            for i in range(m):
                F[i] = s[i + 1] - s[i]
                F[m + i] = s[i + 1] + s[i] - stiffness * q[m + i]
            return F

        return force

    y0 = np.zeros(4 * m)
    y0[0], y0[m], y0[2 * m], y0[3 * m] = 1.0, 1 / omega, 1.0, 1.0
    return Problem(
        y0=y0, span=(0.0, 200.0), reference="HLW", velocity=velocity, force=springs(omega**2),
        hamiltonian=hamiltonian, invariants={"energy": hamiltonian},
        offers={"frequencies": (0.0,) * m + (omega,) * m, "slow_force": springs(0.0)},
    )  # fmt: skip
