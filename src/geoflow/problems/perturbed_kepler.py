"""Kepler problem with a perturbation that rotates the ellipse."""

import dataclasses

from geoflow.problems.elementary import sqrt
from geoflow.problems.kepler import kepler
from geoflow.problems.kepler_flow import kepler_coefficients
from geoflow.problems.problem import Problem, textbook


@textbook
def perturbed_kepler(eccentricity: float = 0.6, epsilon: float = 0.005) -> Problem:
    """H(q, p) = |p|^2/2 - 1/|q| - epsilon/(2 |q|^3) in the plane (HLW I.2.3).

    The initial values are those of the Kepler problem. The perihelion advances by 3 pi epsilon / (1 - e^2)^2 per
    revolution, to first order in epsilon.
    """

    def hamiltonian(q, p):
        r = sqrt(q[0] ** 2 + q[1] ** 2)
        return (p[0] ** 2 + p[1] ** 2) / 2 - 1 / r - epsilon / (2 * r**3)

    def force(q):
        r2 = q[0] ** 2 + q[1] ** 2
        pull = (1 + 1.5 * epsilon / r2) / (r2 * sqrt(r2))
        return -pull * q[0], -pull * q[1]

    still = kepler(eccentricity=eccentricity)
    invariants = {**still.invariants, "energy": hamiltonian}
    return dataclasses.replace(still, force=force, hamiltonian=hamiltonian, invariants=invariants, exact=None)


@textbook
def perturbed_kepler_split(eccentricity: float = 0.6, epsilon: float = 0.005) -> Problem:
    """The perturbed Kepler problem split as H = A + epsilon B (WisdomHolman1991).

    A = |p|^2/2 - 1/|q| is a drift along ellipses, epsilon B = -epsilon/(2 |q|^3) a kick. The error of a step is
    proportional to epsilon.
    """
    whole = perturbed_kepler(eccentricity=eccentricity, epsilon=epsilon)

    def field(q, p):
        r2 = q[0] ** 2 + q[1] ** 2
        pull = (1 + 1.5 * epsilon / r2) / (r2 * sqrt(r2))
        return p[0], p[1], -pull * q[0], -pull * q[1]

    def drift(h, q, p):
        r, u = sqrt(q[0] ** 2 + q[1] ** 2), q[0] * p[0] + q[1] * p[1]
        F, g, f, G = kepler_coefficients(h, 1.0, r, u, p[0] ** 2 + p[1] ** 2)
        return (
            q[0] + (F * q[0] + g * p[0]),
            q[1] + (F * q[1] + g * p[1]),
            p[0] + (f * q[0] + G * p[0]),
            p[1] + (f * q[1] + G * p[1]),
        )

    def kick(h, q, p):
        r2 = q[0] ** 2 + q[1] ** 2
        pull = 1.5 * epsilon / (r2 * r2 * sqrt(r2))
        return q[0], q[1], p[0] - h * pull * q[0], p[1] - h * pull * q[1]

    return dataclasses.replace(whole, velocity=None, force=None, field=field, flows={"A": drift, "B": kick})
