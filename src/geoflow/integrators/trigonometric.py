"""Trigonometric integrators for q'' = -omega^2 q + g(t, q): exact when g = 0, whatever h omega (HLW XIII.2)."""

from typing import Any

from geoflow.problems.elementary import cos, sin


def sinc(x: Any) -> Any:
    """sin(x)/x, 1 at 0."""
    return sin(x) / x if x != 0 else 1 + x


def gautschi_filter(x: Any) -> Any:
    """psi(x) = sinc(x/2)^2, with phi = 1: exact for a constant g.

    In D q, D p with D^2 = sinc/psi at h omega the kicks are gradients: conjugate to a symplectic step while sinc > 0.
    """
    return sinc(x / 2) ** 2


def deuflhard_filter(x: Any) -> Any:
    """psi(x) = sinc(x), with phi = 1: the trapezoidal rule for g, symplectic."""
    return sinc(x)


def trigonometric(
    t: Any, y: Any, h: Any, eps: Any, *, frequencies: Any, slow_force: Any, psi: Any
) -> Any:
    """q_1 = cos(h omega) q + h sinc(h omega) p + h^2/2 psi g(q),
    p_1 = -omega sin(h omega) q + cos(h omega) p + h/2 (psi_0 g(q) + psi_1 g(q_1)),
    with psi = psi(h omega), psi_1 = psi/sinc and psi_0 = cos psi_1, which makes it symmetric (HLW XIII.2.2).
    """
    n = len(y) // 2
    y_1, g = y + 0 * y, slow_force(t, y)
    for k in range(n):
        x = h * frequencies[k]
        q, p = y[k], y[n + k]
        filtered = psi(x) / sinc(x)
        y_1[k] = cos(x) * q + h * sinc(x) * p + h * h / 2 * psi(x) * g[k]
        y_1[n + k] = -frequencies[k] * sin(x) * q + cos(x) * p + h / 2 * cos(x) * filtered * g[k]
    g_1 = slow_force(t + h, y_1)
    for k in range(n):
        x = h * frequencies[k]
        y_1[n + k] = y_1[n + k] + h / 2 * psi(x) / sinc(x) * g_1[k]
    return y_1, 2
