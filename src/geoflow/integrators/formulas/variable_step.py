"""Stormer-Verlet with variable steps, for a state (q, p, t, rho) that contains the time and the step density.

A step of size h in the fictitious time advances t by h/rho. The field of such a problem is (v(p)/rho, F(q)/rho, 1/rho,
G(q, p)), where G is the time derivative of the density; `density` in its `offers` is rho on the exact solution.
"""

from typing import Any


def _verlet(t: Any, y: Any, dt: Any, *, clocked_field: Any) -> Any:
    """Kick, drift, kick over a physical time dt; the density is constant."""
    n = (len(y) - 2) // 2
    rho, z = y[2 * n + 1], y + 0 * y
    z[n : 2 * n] = z[n : 2 * n] + dt / 2 * rho * clocked_field(t, z)[n : 2 * n]
    z[:n] = z[:n] + dt * rho * clocked_field(t, z)[:n]
    z[2 * n] = z[2 * n] + dt
    z[n : 2 * n] = z[n : 2 * n] + dt / 2 * rho * clocked_field(t, z)[n : 2 * n]
    return z


def reversible_verlet(t: Any, y: Any, h: Any, eps: Any, *, clocked_field: Any) -> Any:
    """rho_(1/2) = rho_0 + h/2 G(y_0), a Verlet step of h/rho_(1/2), rho_1 = rho_(1/2) + h/2 G(y_1) (HLW VIII.3.2).

    The density is integrated instead of being computed from the state, which makes the step symmetric and explicit. If
    it changes sign, time would run backward, and the step fails.
    """
    rho = y[len(y) - 1] + h / 2 * clocked_field(t, y)[len(y) - 1]
    z = _verlet(t, y, h / rho, clocked_field=clocked_field)
    z[len(y) - 1] = rho + h / 2 * clocked_field(t, z)[len(y) - 1]
    forward = rho * y[len(y) - 1] > 0 and rho * z[len(y) - 1] > 0
    return z, 5 if forward else -1


def naive_adaptive_verlet(t: Any, y: Any, h: Any, eps: Any, *, clocked_field: Any, density: Any) -> Any:
    """A Verlet step of size h/rho(y_0), which depends only on the initial state: not symmetric (HLW VIII.1).

    As a function of t the solution is of order two, but t is only of order one in the fictitious time.
    """
    z = _verlet(t, y, h / density(t, y), clocked_field=clocked_field)
    z[len(y) - 1] = density(t, z)
    return z, 4
