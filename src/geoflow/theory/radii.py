"""Two radii of a Runge-Kutta method: of circle contractivity and of absolute monotonicity.

The first determines the step sizes for which a method is non-expansive in the Euclidean norm, the
second those for any norm or convex functional. Both are computed from the irreducible tableau.
"""

import math

import mpmath
import numpy as np

from geoflow.integrators.families import Method, RungeKutta
from geoflow.integrators.formulas.equations import factorise_lu, solve_lu
from geoflow.theory.reduction import Number, Tableau, irreducible, of_tableaus, to_mpf
from geoflow.theory.stability import stability_values

UNBOUNDED = 2**40


def algebraically_stable(method: Method) -> bool | None:
    """Whether b > 0 and M = B A + A^T B - b b^T >= 0 for the irreducible tableau (BurrageButcher1979, Crouzeix1979).

    For an irreducible method this is equivalent to B-stability (HairerWanner1996, IV.12). None for a different family.
    """
    radius = contractivity_radius(method)
    return None if radius is None else radius == math.inf


@of_tableaus
def contractivity_radius(method: RungeKutta) -> float:
    """Largest r with B A + A^T B - b b^T + B / r >= 0 and all b > 0 (DahlquistJeltsch1979).

    One step is non-expansive for h <= 2 r / L on the gradient flow of every convex potential with
    an L-Lipschitz gradient. r = 0 if a weight of the irreducible tableau is zero or negative: then no step
    size has this property. r is infinite if the method is algebraically stable. None for a different family.
    """
    t = irreducible(method)
    if any(weight <= t.tolerance for weight in t.b):
        return 0.0
    lowest = min(mpmath.eigsy(_scaled_algebraic_matrix(t), eigvals_only=True))
    # At least 1e-30 even for rational tableaus, because the eigenvalues are computed with 60 digits.
    return math.inf if lowest >= -max(t.tolerance, 1e-30) else float(-1 / lowest)


def _scaled_algebraic_matrix(t: Tableau) -> mpmath.matrix:
    """Scaled matrix B^(-1/2) (B A + A^T B - b b^T) B^(-1/2)."""
    root = [mpmath.sqrt(to_mpf(weight)) for weight in t.b]
    s = range(t.stages)
    M = t.b[:, None] * t.A + (t.b[:, None] * t.A).T - np.outer(t.b, t.b)
    return mpmath.matrix([[to_mpf(M[i, j]) / (root[i] * root[j]) for j in s] for i in s])


@of_tableaus
def ssp_coefficient(method: RungeKutta) -> float:
    """Radius of absolute monotonicity of an explicit or implicit method (Kraaijevanger1991).

    With K = [[A, 0], [b^T, 0]]: the largest r such that K (I + r K)^-1 >= 0 and (I + r K)^-1 1 >= 0 elementwise. These
    r form an interval, whose end is found by bisection; 2^40 counts as infinite. None for a different family.
    """
    t = irreducible(method)
    good, bad = t.b[0] * 0, t.b[0] * 0 + 1
    while _absolutely_monotonic(t, bad):
        good, bad = bad, 2 * bad
        if bad > UNBOUNDED:
            return math.inf
    for _ in range(60):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if _absolutely_monotonic(t, middle) else (good, middle)
    return float(good)


def _absolutely_monotonic(t: Tableau, r: Number) -> bool:
    s = t.stages
    K = np.full((s + 1, s + 1), t.b[0] * 0, dtype=object)
    K[:s, :s], K[s, :s] = t.A, t.b
    ones = np.full((s + 1, 1), K[0, s] + 1, dtype=object)
    M, pivots, columns = np.eye(s + 1, dtype=int) * ones + K * r, np.zeros(s + 1, int), np.vstack([K.T, ones.T])
    if not factorise_lu(M, pivots):
        return False
    for column in columns:
        solve_lu(M, pivots, column)
    return all(x >= -t.tolerance for x in columns.ravel())


SPECTRUM = 4001  # number of values of h lambda at which |R| is evaluated


def linear_factor(method: RungeKutta, hL: float, mu: float = 0.0) -> float:
    """Worst case over quadratic potentials: max |R(-h lambda)| over lambda in [mu, L]."""
    z = -hL * np.linspace(mu, 1, SPECTRUM)
    return float(np.abs(stability_values(method, z)).max())


FREQUENCIES = np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 2000)])


def half_plane_factor(method: RungeKutta, x: float) -> float:
    """sup |R(z)| over Re z <= -x for an A-stable method, attained on Re z = -x by the maximum principle."""
    z = -x + 1j * FREQUENCIES
    return float(np.abs(stability_values(method, z)).max())
