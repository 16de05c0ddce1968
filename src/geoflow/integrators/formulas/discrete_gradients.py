"""Discrete gradients: H is preserved, or decreases on a gradient flow, for every step size (HLW V.5).

A discrete gradient g(y, z) has g(y, z)^T (z - y) = H(z) - H(y) and g(y, y) = grad H(y). The step
z = y + h B((y + z)/2) g(y, z) then gives H(z) - H(y) = h g^T B g: zero for skew-symmetric B, at most zero for B = -I.
Each function returns h B g, shape (d,).
"""

from typing import Any

from geoflow.integrators.families import Number
from geoflow.integrators.tableaus import gauss


def unit_quadrature(points: int) -> dict[str, tuple[Number, ...]]:
    """Gauss quadrature on [0, 1]; 8 points are exact for H of degree 16, otherwise the error is O(h^17) per step."""
    rule = gauss(points)
    return {"nodes": rule.c, "weights": rule.b}


def average_vector_field(
    t: Any, y: Any, z: Any, h: Any, eps: Any, *, gradient: Any, poisson: Any, nodes: Any,
    weights: Any,
) -> Any:  # fmt: skip
    """Average vector field: g = integral of grad H(y + s (z - y)) over s in [0, 1] (QuispelMcLaren2008)."""
    g = 0 * y
    for i in range(len(nodes)):
        g = g + weights[i] * gradient(t, y + nodes[i] * (z - y))
    return h * (poisson(t, (y + z) / 2) @ g)


def gonzalez(t: Any, y: Any, z: Any, h: Any, eps: Any, *, gradient: Any, hamiltonian: Any, poisson: Any) -> Any:
    """g = grad H(m) + (H(z) - H(y) - grad H(m)^T (z - y)) (z - y) / |z - y|^2 at m = (y + z)/2 (Gonzalez1996)."""
    middle, move = (y + z) / 2, z - y
    g = gradient(t, middle)
    length = move @ move
    if length > 0:
        missing = hamiltonian(t, z) - hamiltonian(t, y) - g @ move
        g = g + (missing / length) * move
    return h * (poisson(t, middle) @ g)


def itoh_abe(t: Any, y: Any, z: Any, h: Any, eps: Any, *, hamiltonian: Any, poisson: Any) -> Any:
    """g_k = (H(z_1..z_k, y_(k+1)..y_d) - H(z_1..z_(k-1), y_k..y_d)) / (z_k - y_k), without a gradient (ItohAbe1988).

    If z_k - y_k is too small, the quotient is replaced by its limit, a central difference at the midpoint.
    """
    g, x = 0 * y, y + 0 * y
    for k in range(len(y)):
        wide = eps ** (1 / 3) * (1 + abs(y[k]))
        before, middle = hamiltonian(t, x), (y[k] + z[k]) / 2
        if abs(z[k] - y[k]) > wide * wide:
            x[k] = z[k]
            g[k] = (hamiltonian(t, x) - before) / (z[k] - y[k])
        else:
            x[k] = middle - wide
            below = hamiltonian(t, x)
            x[k] = middle + wide
            g[k] = (hamiltonian(t, x) - below) / (2 * wide)
            x[k] = z[k]
    return h * (poisson(t, (y + z) / 2) @ g)
