"""Projection of any method onto the manifold of constant invariants, standard and symmetric."""

from typing import Any

import numpy as np

from geoflow.ground import InputError
from geoflow.integrators.families import Method
from geoflow.integrators.families.formula import Formula
from geoflow.integrators.formulas.equations import eliminated


def directions(t: Any, y: Any, *, invariants: Any) -> Any:
    """Gradients of the invariants as rows, shape (m, d), by central differences.

    They only define the direction of projection: with any smooth function of y the order, the symmetry and the
    invariants are preserved, so the width is chosen to reduce round-off.
    """
    G = np.zeros((len(invariants(t, y)), len(y)), y.dtype)
    for k in range(len(y)):
        ahead, behind = y + 0 * y, y + 0 * y
        shift = 1e-5 * (1 + abs(y[k]))
        ahead[k], behind[k] = y[k] + shift, y[k] - shift
        G[:, k] = (invariants(t, ahead) - invariants(t, behind)) / (2 * shift)
    return G


def projected(t: Any, y: Any, h: Any, eps: Any, *, base: Any, invariants: Any) -> Any:
    """Standard projection y_1 = z + G(z)^T mu, z = Phi_h(y), with mu such that I(y_1) = I(y) (HLW IV.4.2)."""
    z, used = base(t, y, h, eps)
    wanted, G = invariants(t, y), directions(t, z, invariants=invariants)
    scale = 1 + np.abs(y).max()
    previous = 1e300 * scale
    for _ in range(50):
        gap = wanted - invariants(t, z)
        move = eliminated(G @ G.T, gap) @ G
        z = z + move
        delta = np.abs(move).max()
        if delta <= eps * scale or (delta <= 1000 * eps * scale and delta >= previous):
            return z, used
        if not delta < 1e100:
            break
        previous = delta
    return z, -1


def symmetrically_projected(t: Any, y: Any, h: Any, eps: Any, *, base: Any, invariants: Any) -> Any:
    """Symmetric projection y_1 = Phi_h(y + G(y)^T mu) + G(y_1)^T mu, I(y_1) = I(y) (HLW V.4.1; Hairer2000).

    mu and y_1 are iterated together, with 2 G G^T as approximate derivative of I(y_1) with respect to mu.
    """
    wanted, G = invariants(t, y), directions(t, y, invariants=invariants)
    scale = 1 + np.abs(y).max()
    previous = 1e300 * scale
    z, mu, total = y.copy(), 0 * wanted, 0
    for _ in range(200):
        ahead, used = base(t, y + mu @ G, h, eps)
        if used < 0:
            break
        total += used
        G_1 = directions(t, z, invariants=invariants)
        last, z = z, ahead + mu @ G_1
        change = eliminated(2 * (G_1 @ G_1.T), wanted - invariants(t, z))
        mu = mu + change
        delta = max(np.abs(z - last).max(), np.abs(change @ G_1).max())
        if delta <= eps * scale or (delta <= 1000 * eps * scale and delta >= previous):
            return z, total
        if not delta < 1e100:
            break
        previous = delta
    return z, -1


def projection(
    base: Method, reference: str = "HLW", symmetric: bool = False, invariants: tuple[str, ...] = ()
) -> Formula:
    """Project `base`, a method with coefficients, onto the named invariants, by default onto all."""
    if not base.coefficients:
        raise InputError(f"expected a method with coefficients to project, got {base.name!r}; try 'rk4'.")
    explicit = base.explicit and not symmetric
    return Formula(
        symmetrically_projected if symmetric else projected,
        base.order,
        reference,
        base.stages if explicit else 1,
        explicit,
        base=base,
        invariants=invariants,
        proved={"symmetric": "Hairer2000"} if symmetric else {},
    )
