"""Mathematical pendulum, free and driven."""

import numpy as np

from geoflow.problems.elementary import cos, sin
from geoflow.problems.problem import Problem, textbook


@textbook
def pendulum(momentum: float = 1.5) -> Problem:
    """q' = p, p' = -sin q, from H(q, p) = p^2/2 - cos q (HLW I.1.3).

    Starts at q = 0 with the given momentum: it oscillates below 2 and rotates above 2. With Jacobi's functions
    of parameter m = (momentum/2)^2 < 1: sin(q/2) = (momentum/2) sn(t, m), p = momentum cn(t, m).
    """

    def hamiltonian(q, p):
        return p[0] ** 2 / 2 - cos(q[0])

    def velocity(p):
        return (p[0],)

    def force(q):
        return (-sin(q[0]),)

    def exact(t: float) -> np.ndarray:
        from scipy.special import ellipj

        k = momentum / 2
        if abs(k) <= 1:
            sn, cn, _, _ = ellipj(t, k * k)
            return np.array([2 * np.arcsin(k * sn), momentum * cn])
        _, _, dn, amplitude = ellipj(k * t, 1 / (k * k))
        return np.array([2 * amplitude, momentum * dn])

    return Problem(
        y0=np.array([0.0, momentum]), span=(0.0, 10.0), reference="HLW", velocity=velocity,
        force=force, hamiltonian=hamiltonian, invariants={"energy": hamiltonian}, exact=exact,
    )  # fmt: skip


@textbook
def driven_pendulum(strength: float = 0.5, frequency: float = 1.3) -> Problem:
    """q' = p, p' = -sin q + strength cos(frequency t): a non-autonomous Hamiltonian system without an invariant.

    H(q, p, t) = p^2/2 - cos q - strength q cos(frequency t) (Guckenheimer1983). The field splits into the linear
    force -q of frequency one and the slow force q - sin q + strength cos(frequency t).
    """

    def hamiltonian(t, q, p):
        return p[0] ** 2 / 2 - cos(q[0]) - strength * q[0] * cos(frequency * t)

    def velocity(p):
        return (p[0],)

    def force(t, q):
        return (-sin(q[0]) + strength * cos(frequency * t),)

    def slow_force(t, q):
        return (q[0] - sin(q[0]) + strength * cos(frequency * t),)

    return Problem(
        y0=np.array([0.5, 0.5]), span=(0.0, 10.0), reference="Guckenheimer1983", velocity=velocity,
        force=force, hamiltonian=hamiltonian,
        offers={"frequencies": (1.0,), "slow_force": slow_force},
    )  # fmt: skip
