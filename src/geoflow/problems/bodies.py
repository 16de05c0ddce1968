"""Energy of pair interactions and total momenta for systems of n bodies.

A state contains the coordinates body by body, d per body. Each problem has its own force, because calling a common
pair force would slow down an implicit loop by some percent; energies are evaluated rarely.
"""

from collections.abc import Callable
from typing import Any

from geoflow.ground import Floats

Function = Callable[..., Any]


def pair_energy(n: int, d: int, mass: Floats, potential: Function) -> Function:
    """Energy (q, p) -> sum_i (|p_i|^2 / (2 m_i) + sum_(j<i) `potential`(|q_i - q_j|^2, m_i, m_j))."""

    def energy(q, p):
        total = 0.0
        for i in range(n):
            p2 = 0.0
            for k in range(d):
                p2 += p[d * i + k] ** 2
            total += p2 / (2 * mass[i])
            for j in range(i):
                r2 = 0.0
                for k in range(d):
                    r2 += (q[d * i + k] - q[d * j + k]) * (q[d * i + k] - q[d * j + k])
                total += potential(r2, mass[i], mass[j])
        return total

    return energy


def momentum(n: int, d: int, k: int) -> Function:
    """Component k of the total momentum sum_i p_i."""

    def total(q, p):
        P = 0.0
        for i in range(n):
            P += p[d * i + k]
        return P

    return total


def angular_momentum(n: int, d: int, j: int, k: int) -> Function:
    """Total angular momentum sum_i q_ij p_ik - q_ik p_ij."""

    def total(q, p):
        L = 0.0
        for i in range(n):
            L += q[d * i + j] * p[d * i + k] - q[d * i + k] * p[d * i + j]
        return L

    return total


def plane_momenta(n: int) -> dict[str, Function]:
    """momentum_x, momentum_y and angular_momentum of n bodies in the plane."""
    linear = {f"momentum_{x}": momentum(n, 2, k) for k, x in enumerate("xy")}
    return {**linear, "angular_momentum": angular_momentum(n, 2, 0, 1)}


def angular_momenta(n: int) -> dict[str, Function]:
    """The components of sum_i q_i x p_i of n bodies in space, by name."""
    return {f"angular_momentum_{x}": angular_momentum(n, 3, (k + 1) % 3, (k + 2) % 3) for k, x in enumerate("xyz")}
