"""Effect of rounded coefficients on quadratic invariants (HairerMcLachlanRazakarivony2008)."""

from fractions import Fraction

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.integrators.families import RungeKutta
from geoflow.problems import Problem

SAMPLES = 1024  # quadrature points per period; converged for the periodic integrand


def coefficient_defect(method: RungeKutta) -> Floats:
    """Defect b_i b_j - b_i a_ij - b_j a_ji of the float64 coefficients, computed exactly and rounded, shape (s, s).

    It vanishes for the exact coefficients of a symplectic method (HLW VI.4.1).
    """
    A = np.array([[Fraction(float(a)) for a in row] for row in method.A])
    b = np.array([Fraction(float(x)) for x in method.b])
    half = b[:, None] * A
    return (np.outer(b, b) - half - half.T).astype(np.float64)


def angular_momentum_drift(problem: Problem, method: RungeKutta, h: float) -> float:
    """Mean relative change of L = q_1 p_2 - q_2 p_1 in a step along an exact Kepler orbit, to leading order in h.

    A Runge-Kutta step changes y^T C y by h^2 sum_ij m_ij k_i^T C k_j, m the `coefficient_defect` and k_i the slopes at
    the stages (HLW IV.2.2), here y'(t + c_i h). Raises InputError for a problem other than Kepler's.
    """
    if problem.name != "kepler" or problem.exact is None:
        raise InputError(f"angular_momentum_drift is about problem 'kepler', got {problem.name!r}.")
    nodes = h * np.array([float(c) for c in method.c])
    times = 2 * np.pi * np.arange(SAMPLES) / SAMPLES
    states = np.array([[problem.exact(t + shift) for shift in nodes] for t in times])
    y = np.moveaxis(states, -1, 0)
    k = problem.vector_field(0.0, y)  # (4, SAMPLES, S)
    products = [
        (k[a][:, :, None] * k[b][:, None, :] + k[b][:, :, None] * k[a][:, None, :]) / 2 for a, b in ((0, 3), (1, 2))
    ]
    change = h**2 * np.einsum("ij,tij->t", coefficient_defect(method), products[0] - products[1])
    L = problem.evaluate(problem.invariants["angular_momentum"], 0.0, problem.y0)
    return float(change.mean() / abs(L))
