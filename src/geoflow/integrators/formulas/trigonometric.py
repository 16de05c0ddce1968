"""Trigonometric integrators for q'' = -omega^2 q + g(t, q), exact if g = 0 for every h omega (HLW XIII.2).

A method is a pair of filters of x = h omega: psi multiplies the force, phi the positions at which it is evaluated.
In the variables D q, D p with D^2 = sinc phi/psi the kicks are gradients. The method is therefore symplectic if
psi = sinc phi, and conjugate to a symplectic method if D^2 > 0.
"""

from typing import Any

from geoflow.integrators.families.formula import Formula, Step
from geoflow.problems.elementary import cos, sin


def sinc(x: Any) -> Any:
    """sinc(x) = sin(x)/x, with sinc(0) = 1."""
    return sin(x) / x if x != 0 else 1 + x


def one(x: Any) -> Any:
    """Trivial filter, 1 for every x."""
    return 1 + 0 * x


def sinc_squared(x: Any) -> Any:
    """Filter psi = sinc^2 of Hairer and Lubich."""
    return sinc(x) ** 2


def sinc_cubed(x: Any) -> Any:
    """Filter psi = sinc^3 of Grimm and Hochbruck, with phi = sinc."""
    return sinc(x) ** 3


def gautschi_filter(x: Any) -> Any:
    """Gautschi's filter psi(x) = sinc(x/2)^2, which with phi = 1 is exact for constant g."""
    return sinc(x / 2) ** 2


def hochbruck_lubich_filter(x: Any) -> Any:
    """Filter phi(x) = sinc(x) (1 + sin(x/2)^2 / 3) of Hochbruck and Lubich, with Gautschi's psi."""
    return sinc(x) * (1 + sin(x / 2) ** 2 / 3)


def trigonometric(t: Any, y: Any, h: Any, eps: Any, *, frequencies: Any, slow_force: Any, psi: Any, phi: Any) -> Any:
    """One step of a symmetric trigonometric method (HLW XIII.2.2), psi_1 = psi/sinc, psi_0 = cos psi_1:
    q_1 = cos(h omega) q + h sinc(h omega) p + h^2/2 psi g(phi q),
    p_1 = -omega sin(h omega) q + cos(h omega) p + h/2 (psi_0 g(phi q) + psi_1 g(phi q_1)).
    """
    n = len(y) // 2
    y_1, z = y + 0 * y, y + 0 * y
    for k in range(n):
        z[k] = phi(h * frequencies[k]) * y[k]
    g = slow_force(t, z)
    for k in range(n):
        x = h * frequencies[k]
        q, p = y[k], y[n + k]
        filtered = psi(x) / sinc(x)
        y_1[k] = cos(x) * q + h * sinc(x) * p + h * h / 2 * psi(x) * g[k]
        y_1[n + k] = -frequencies[k] * sin(x) * q + cos(x) * p + h / 2 * cos(x) * filtered * g[k]
        z[k] = phi(x) * y_1[k]
    g_1 = slow_force(t + h, z)
    for k in range(n):
        x = h * frequencies[k]
        y_1[n + k] = y_1[n + k] + h / 2 * psi(x) / sinc(x) * g_1[k]
    return y_1, 2


def imex(t: Any, y: Any, h: Any, eps: Any, *, frequencies: Any, slow_force: Any) -> Any:
    """IMEX method: half a kick by g, the implicit midpoint rule for the stiff springs, half a kick (SternGrinspun2009).

    The midpoint rule rotates by the angle 2 arctan(h omega/2) < pi, so that there is no resonance.
    """
    n = len(y) // 2
    y_1, g = y + 0 * y, slow_force(t, y)
    for k in range(n):
        omega = frequencies[k]
        q, p, scale = y[k], y[n + k] + h / 2 * g[k], 1 + (h * omega) ** 2 / 4
        y_1[k] = ((2 - scale) * q + h * p) / scale
        y_1[n + k] = ((2 - scale) * p - h * omega**2 * q) / scale
    g_1 = slow_force(t + h, y_1)
    for k in range(n):
        y_1[n + k] = y_1[n + k] + h / 2 * g_1[k]
    return y_1, 2


def trigonometric_method(psi: Step, phi: Step, reference: str, symplectic: bool = False) -> Formula:
    """Build the method of order two with even filters that are 1 at 0; it is `symplectic` if psi = sinc phi."""
    structure = "symplectic" if symplectic else "conjugate_symplectic"
    return Formula(
        trigonometric,
        order=2,
        reference=reference,
        inner={"psi": psi, "phi": phi},
        proved={"symmetric": "HLW", structure: "HLW"},
    )
