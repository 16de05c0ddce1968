"""Monotone fields F, x' = -F(x): gradients of convex potentials, also with an added skew-symmetric part.

If (F(x) - F(y))^T (x - y) >= mu |x - y|^2, the flow contracts with rate mu. The theorems on methods require more:
F must be cocoercive, (F(x) - F(y))^T (x - y) >= beta |F(x) - F(y)|^2. A gradient has beta = 1/L by the theorem of
Baillon and Haddad (BaillonHaddad1977); an L-Lipschitz monotone field that is not a gradient need not be cocoercive.
"""

from dataclasses import dataclass

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.potentials.potential import NO_KINKS, Function, Kinks, Potential


@dataclass(frozen=True, eq=False)
class MonotoneField:
    """F: R^d -> R^d with valid constants, which are optimal for a gradient.

    value: (d,) -> (d,), jacobian: (d,) -> (d, d); for N points (d, N) -> (d, N), (N, d, d). L: Lipschitz constant; mu:
    constant of strong monotonicity; cocoercivity: beta; zero: a point near F = 0. centre, spread: F(x) - centre x has
    the Lipschitz constant `spread`, which is (L - mu)/2 for a gradient. kinks: those of the potential.
    """

    name: str
    dimension: int
    value: Function
    jacobian: Function
    L: float
    mu: float
    cocoercivity: float
    zero: Floats
    centre: Floats
    spread: float
    kinks: Kinks = NO_KINKS


def gradient_field(V: Potential) -> MonotoneField:
    """F = grad V; the eigenvalues of the Hessian are in [mu, L], so it differs from (L + mu)/2 I by (L - mu)/2."""
    return MonotoneField(
        V.name, V.dimension, V.gradient, V.hessian, V.L, V.mu, 1 / V.L, V.minimiser,
        (V.L + V.mu) / 2 * np.eye(V.dimension), (V.L - V.mu) / 2, V.kinks,
    )  # fmt: skip


def with_skew(V: Potential, strength: float) -> MonotoneField:
    """F(x) = grad V(x) + S (x - x*), S skew-symmetric of norm `strength` on neighbouring components, x* the minimiser.

    (F(x) - F(y))^T (x - y) equals that of grad V, and so does mu. |F(x) - F(y)| <= (L + w) |x - y|, w = strength. With
    dg, dx the differences of grad V and x: |dg| <= sqrt(L dg^T dx) and |dx| <= sqrt(dg^T dx / mu), so
    |F(x) - F(y)|^2 <= (sqrt(L) + w / sqrt(mu))^2 dg^T dx: beta is one over that factor, and 0 when mu = 0.
    """
    if strength < 0 or V.dimension < 2:
        raise InputError(
            "a skew-symmetric part needs a nonnegative strength and at least two components, got "
            f"{strength!r} and {V.dimension}."
        )
    pairs = np.eye(V.dimension, k=1) * (np.arange(V.dimension) % 2 == 0)[:, None]
    S = strength * (pairs - pairs.T)
    rest = V.minimiser

    def value(x: Floats) -> Floats:
        return V.gradient(x) + S @ (x - (rest if x.ndim == 1 else rest[:, None]))

    def jacobian(x: Floats) -> Floats:
        return V.hessian(x) + S

    flat = strength / np.sqrt(V.mu) if V.mu > 0 else (np.inf if strength else 0.0)
    plain = gradient_field(V)
    return MonotoneField(
        f"{V.name}_skew" if strength else V.name, V.dimension, value, jacobian, V.L + strength, V.mu,
        float(1 / (np.sqrt(V.L) + flat) ** 2), rest, plain.centre + S, plain.spread, V.kinks,
    )  # fmt: skip
