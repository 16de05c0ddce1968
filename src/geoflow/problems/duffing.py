"""Duffing oscillator: a hardening or softening spring, or a double well."""

import numpy as np

from geoflow.problems.problem import Problem, textbook, unit_masses


@textbook
def duffing(alpha: float = 1.0, beta: float = 1.0, amplitude: float = 1.0) -> Problem:
    """q'' = -alpha q - beta q^3, from H(q, p) = p^2/2 + alpha q^2/2 + beta q^4/4 (Guckenheimer1983, section 2.2).

    Starts at rest at q = amplitude. With w^2 = alpha + beta amplitude^2 > 0, an outer turning point, and Jacobi's
    functions of parameter m = beta amplitude^2 / (2 w^2): q(t) = amplitude cn(w t, m). alpha = -1 has two wells.
    """
    w2 = alpha + beta * amplitude**2

    def hamiltonian(q, p):
        return p[0] ** 2 / 2 + alpha * q[0] ** 2 / 2 + beta * q[0] ** 4 / 4

    def force(q):
        return (-alpha * q[0] - beta * q[0] ** 3,)

    def exact(t: float) -> np.ndarray:
        from scipy.special import ellipj

        w = np.sqrt(w2)
        m = beta * amplitude**2 / (2 * w2)
        # For a parameter outside [0, 1], cn is a quotient of functions with a parameter inside.
        if m < 0:
            k = np.sqrt(1 - m)
            sn, cn, dn, _ = ellipj(k * w * t, m / (m - 1))
            q, slope = cn / dn, -sn / (k * dn**2)
        elif m > 1:
            sn, cn, dn, _ = ellipj(np.sqrt(m) * w * t, 1 / m)
            q, slope = dn, -sn * cn / np.sqrt(m)
        else:
            sn, cn, dn, _ = ellipj(w * t, m)
            q, slope = cn, -sn * dn
        return amplitude * np.array([q, w * slope])

    return Problem(
        y0=np.array([amplitude, 0.0]), span=(0.0, 10.0), reference="Guckenheimer1983",
        velocity=unit_masses, force=force, hamiltonian=hamiltonian, invariants={"energy": hamiltonian},
        exact=exact if w2 > 0 else None,
    )  # fmt: skip
