"""Kepler problem: two bodies in the plane."""

import numpy as np

from geoflow.ground import InputError
from geoflow.problems.elementary import sqrt
from geoflow.problems.problem import Problem, textbook, unit_masses


@textbook
def kepler(eccentricity: float = 0.6) -> Problem:
    """q'' = -q/|q|^3 in the plane, from H(q, p) = |p|^2/2 - 1/|q| (HLW I.2.2).

    Starts at the perihelion of an ellipse of semi-axis 1 and period 2 pi: q = (1 - e, 0), p = (0, sqrt((1+e)/(1-e))).
    The exact solution solves Kepler's equation E - e sin E = t.
    """
    e = eccentricity
    if not 0 <= e < 1:
        raise InputError(f"kepler needs an eccentricity in [0, 1), got {e}; try 0.6.")

    def hamiltonian(q, p):
        return (p[0] ** 2 + p[1] ** 2) / 2 - 1 / sqrt(q[0] ** 2 + q[1] ** 2)

    def angular_momentum(q, p):
        return q[0] * p[1] - q[1] * p[0]

    def force(q):
        r2 = q[0] ** 2 + q[1] ** 2
        r3 = r2 * sqrt(r2)
        return -q[0] / r3, -q[1] / r3

    def exact(t: float) -> np.ndarray:
        mean = np.remainder(t + np.pi, 2 * np.pi) - np.pi
        E = mean + e * np.sin(mean)
        for _ in range(60):
            E -= (E - e * np.sin(E) - mean) / (1 - e * np.cos(E))
        root, rate = np.sqrt(1 - e * e), 1 / (1 - e * np.cos(E))
        return np.array([np.cos(E) - e, root * np.sin(E), -np.sin(E) * rate, root * np.cos(E) * rate])

    return Problem(
        y0=np.array([1 - e, 0.0, 0.0, np.sqrt((1 + e) / (1 - e))]), span=(0.0, 10.0),
        reference="HLW", velocity=unit_masses, force=force, hamiltonian=hamiltonian,
        invariants={"energy": hamiltonian, "angular_momentum": angular_momentum}, exact=exact,
    )  # fmt: skip
