"""Harmonic oscillator."""

import numpy as np

from geoflow.problems.elementary import cos, sin
from geoflow.problems.problem import Problem, textbook, unit_masses


@textbook
def harmonic_oscillator(omega: float = 1.0, amplitude: float = 1.0) -> Problem:
    """q' = p, p' = -omega^2 q, from H(q, p) = p^2/2 + omega^2 q^2/2 (HLW I.1).

    Starts at rest at q = amplitude: q(t) = amplitude cos(omega t).
    """

    def hamiltonian(q, p):
        return p[0] ** 2 / 2 + omega**2 * q[0] ** 2 / 2

    def force(q):
        return (-(omega**2) * q[0],)

    def exact(t: float) -> np.ndarray:
        return amplitude * np.array([cos(omega * t), -omega * sin(omega * t)])

    return Problem(
        y0=np.array([amplitude, 0.0]), span=(0.0, 40.0), reference="HLW", velocity=unit_masses,
        force=force, hamiltonian=hamiltonian, invariants={"energy": hamiltonian}, exact=exact,
    )  # fmt: skip
