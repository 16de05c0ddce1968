"""Mathematical pendulum, free, driven, and beside a spring."""

import numpy as np

from geoflow.problems.elementary import cos, sin
from geoflow.problems.problem import Problem, textbook, unit_masses


@textbook
def pendulum(momentum: float = 1.5) -> Problem:
    """q' = p, p' = -sin q, from H(q, p) = p^2/2 - cos q (HLW I.1.3).

    Starts at q = 0 with the given momentum: it oscillates below 2 and rotates above 2. With Jacobi's functions
    of parameter m = (momentum/2)^2 < 1: sin(q/2) = (momentum/2) sn(t, m), p = momentum cn(t, m).
    """

    def hamiltonian(q, p):
        return p[0] ** 2 / 2 - cos(q[0])

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
        y0=np.array([0.0, momentum]), span=(0.0, 10.0), reference="HLW", velocity=unit_masses,
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

    def force(t, q):
        return (-sin(q[0]) + strength * cos(frequency * t),)

    def slow_force(t, q):
        return (q[0] - sin(q[0]) + strength * cos(frequency * t),)

    return Problem(
        y0=np.array([0.5, 0.5]), span=(0.0, 10.0), reference="Guckenheimer1983", velocity=unit_masses,
        force=force, hamiltonian=hamiltonian,
        offers={"frequencies": (1.0,), "slow_force": slow_force},
    )  # fmt: skip


@textbook
def spring_and_pendulum() -> Problem:
    """q1' = p1, q2' = p2, p1' = -q1, p2' = sin q2, from H(q, p) = |p|^2/2 + q1^2/2 + cos q2 (MurariCode2025).

    The angle q2 is counted from the top, where it starts close by; the two parts do not touch each other.
    """

    def hamiltonian(q, p):
        return (p[0] ** 2 + p[1] ** 2 + q[0] ** 2) / 2 + cos(q[1])

    def force(q):
        return -q[0], sin(q[1])

    return Problem(
        y0=np.array([1.0, 0.5, 0.0, 0.0]), span=(0.0, 500.0), reference="MurariCode2025",
        velocity=unit_masses, force=force, hamiltonian=hamiltonian, invariants={"energy": hamiltonian},
    )  # fmt: skip
