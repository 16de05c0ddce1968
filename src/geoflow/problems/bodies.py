"""What systems of n bodies share: the energy of pairs in the plane, the sums of momenta over all bodies.

A state holds the coordinates body by body. Forces stay with each problem: a law that is called costs an implicit loop
some percent, an energy is looked at rarely.
"""

from collections.abc import Callable
from typing import Any

Function = Callable[..., Any]


def plane_energy(n: int, mass: float, potential: Function) -> Function:
    """(q, p) -> sum_i (|p_i|^2 / (2 mass) + sum_(j<i) `potential`(|q_i - q_j|^2))."""

    def energy(q, p):
        total = 0.0
        for i in range(n):
            total += (p[2 * i] ** 2 + p[2 * i + 1] ** 2) / (2 * mass)
            for j in range(i):
                dx, dy = q[2 * i] - q[2 * j], q[2 * i + 1] - q[2 * j + 1]
                total += potential(dx * dx + dy * dy)
        return total

    return energy


def plane_momenta(n: int) -> dict[str, Function]:
    """momentum_x, momentum_y and angular_momentum of n bodies in the plane."""

    def momentum_x(q, p):
        total = 0.0
        for i in range(n):
            total += p[2 * i]
        return total

    def momentum_y(q, p):
        total = 0.0
        for i in range(n):
            total += p[2 * i + 1]
        return total

    def angular_momentum(q, p):
        L = 0.0
        for i in range(n):
            L += q[2 * i] * p[2 * i + 1] - q[2 * i + 1] * p[2 * i]
        return L

    return {"momentum_x": momentum_x, "momentum_y": momentum_y, "angular_momentum": angular_momentum}


def angular_momenta(n: int) -> dict[str, Function]:
    """The components of sum_i q_i x p_i of n bodies in space, by name."""

    def angular_momentum_x(q, p):
        L = 0.0
        for i in range(n):
            L += q[3 * i + 1] * p[3 * i + 2] - q[3 * i + 2] * p[3 * i + 1]
        return L

    def angular_momentum_y(q, p):
        L = 0.0
        for i in range(n):
            L += q[3 * i + 2] * p[3 * i] - q[3 * i] * p[3 * i + 2]
        return L

    def angular_momentum_z(q, p):
        L = 0.0
        for i in range(n):
            L += q[3 * i] * p[3 * i + 1] - q[3 * i + 1] * p[3 * i]
        return L

    return {
        "angular_momentum_x": angular_momentum_x,
        "angular_momentum_y": angular_momentum_y,
        "angular_momentum_z": angular_momentum_z,
    }
