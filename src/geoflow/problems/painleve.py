"""The first Painleve equation, with time as a coordinate."""

import numpy as np

from geoflow.problems.problem import Problem, textbook


@textbook
def painleve(place: float = 0.2, momentum: float = 0.3) -> Problem:
    """x'' = 6 x^2 + t in extended phase space: q = (x, s), p = (v, e) with s' = 1 (Painleve1902, his first equation).

    H(q, p) = v^2/2 - 2 x^3 - x s + e, where the time is the coordinate s and e is its conjugate momentum. Methods that
    are defined only for y' = f(y), such as discrete gradients and Kahan's method, can thus be tested on a
    non-autonomous problem. The initial value of H is 0.
    """

    def hamiltonian(q, p):
        return p[0] ** 2 / 2 + p[1] - 2 * q[0] ** 3 - q[0] * q[1]

    def velocity(p):
        return p[0], 1.0

    def force(q):
        return 6 * q[0] ** 2 + q[1], q[0]

    return Problem(
        y0=np.array([place, 0.0, momentum, 2 * place**3 - momentum**2 / 2]), span=(0.0, 1.0),
        reference="Painleve1902", velocity=velocity, force=force, hamiltonian=hamiltonian,
        invariants={"energy": hamiltonian}, offers={"quadratic": True, "time": 1},
    )  # fmt: skip
