"""Monotone fields F, x' = -F(x): gradients of convex potentials, and with a skew part that is no gradient.

(F(x) - F(y))^T (x - y) >= mu |x - y|^2 makes the flow contract with rate mu. What the theorems on methods ask is more:
F is cocoercive, (F(x) - F(y))^T (x - y) >= beta |F(x) - F(y)|^2. A gradient has beta = 1/L by the theorem of
Baillon and Haddad (BaillonHaddad1977); any other L-Lipschitz monotone field need not have any beta > 0.
"""

from dataclasses import dataclass

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.potentials.potential import NO_KINKS, Function, Kinks, Potential


@dataclass(frozen=True, eq=False)
class MonotoneField:
    """F: R^d -> R^d with constants that hold; for a gradient they are the best ones.

    value: (d,) -> (d,), jacobian: (d,) -> (d, d); for N points (d, N) -> (d, N), (N, d, d). `L` is a Lipschitz
    constant, `mu` of strong monotonicity, `cocoercivity` is beta; `zero` is a point near F = 0. `centre` and `spread`:
    F(x) - centre x has the Lipschitz constant `spread`, which is small where a gradient has curvatures in [mu, L].
    `kinks` are those of the potential.
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
    """F = grad V; its Hessian has the eigenvalues mu to L, so it is (L + mu)/2 I up to (L - mu)/2."""
    return MonotoneField(
        V.name, V.dimension, V.gradient, V.hessian, V.L, V.mu, 1 / V.L, V.minimiser,
        (V.L + V.mu) / 2 * np.eye(V.dimension), (V.L - V.mu) / 2, V.kinks,
    )  # fmt: skip


def with_skew(V: Potential, strength: float) -> MonotoneField:
    """F(x) = grad V(x) + S (x - x*), S skew of norm `strength`, which turns neighbouring components; x* the minimiser.

    (F(x) - F(y))^T (x - y) is that of grad V, so mu stays. |F(x) - F(y)| <= (L + w) |x - y| with w the strength. With
    dg, dx the differences of grad V and x: |dg| <= sqrt(L dg^T dx) and |dx| <= sqrt(dg^T dx / mu), so
    |F(x) - F(y)|^2 <= (sqrt(L) + w / sqrt(mu))^2 dg^T dx: beta is one over that factor, and 0 when mu = 0.
    """
    if strength < 0 or V.dimension < 2:
        raise InputError(
            "a skew part needs a strength that is not negative and at least two components, got "
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
