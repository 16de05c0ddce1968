"""Toda lattice: an integrable chain."""

import numpy as np

from geoflow.ground import InputError
from geoflow.problems.bodies import momentum
from geoflow.problems.elementary import exp, zeros_like
from geoflow.problems.problem import Problem, textbook, unit_masses


@textbook
def toda(n: int = 4) -> Problem:
    """n particles on a ring, H(q, p) = sum_i p_i^2/2 + exp(q_i - q_(i+1)), q_(n+1) = q_1 (Toda1967).

    The eigenvalues of the periodic Jacobi matrix L with diagonal b_i = -p_i/2 and off-diagonal
    a_i = exp((q_i - q_(i+1))/2)/2 are invariants (Flaschka1974). The invariants here are the momentum, the energy and
    det(L - k) for k = 0, ..., n - 3, as many as there are degrees of freedom.
    """
    if n < 3:
        raise InputError(f"toda needs a ring of n >= 3 particles, got {n}; try 4.")

    def hamiltonian(q, p):
        energy = 0.0
        for i in range(n):
            energy += p[i] ** 2 / 2 + exp(q[i] - q[(i + 1) % n])
        return energy

    def lax(k):
        def determinant(q, p):
            """det(L - k) = (-1)^n (tr prod_i ((k - b_i, -a_(i-1)^2), (1, 0)) - 2 prod_i a_i), prod_i a_i = 2^-n."""
            A, B, C, D = 1.0, 0.0, 0.0, 1.0
            for i in range(n):
                b, a2 = -p[i] / 2, exp(q[i - 1] - q[i]) / 4
                A, B, C, D = (k - b) * A - a2 * C, (k - b) * B - a2 * D, A, B
            return (-1) ** n * (A + D - 2 * 0.5**n)

        return determinant

    def force(q):
        F = zeros_like(q)
        for i in range(n):
            F[i] = exp(q[i - 1] - q[i]) - exp(q[i] - q[(i + 1) % n])
        return F

    # The first particle and the last momentum are perturbed, which excites every mode.
    y0 = np.zeros(2 * n)
    y0[0], y0[n], y0[2 * n - 1] = 1.0, 0.5, -1.0
    return Problem(
        y0=y0, span=(0.0, 20.0), reference="Toda1967", velocity=unit_masses, force=force,
        hamiltonian=hamiltonian,
        invariants={
            "energy": hamiltonian,
            "momentum": momentum(n, 1, 0),
            **{f"lax_{k}": lax(k) for k in range(n - 2)},
        },
    )  # fmt: skip


def lax_matrix(y: np.ndarray) -> np.ndarray:
    """Lax matrix L, shape (n, n), of the state (q, p), shape (2 n,)."""
    n = len(y) // 2
    q, p = y[:n], y[n:]
    a = np.exp((q - np.roll(q, -1)) / 2) / 2
    step = np.roll(np.eye(n), 1, axis=1)  # ones on the superdiagonal and in the corner
    return np.diag(-p / 2) + a[:, None] * step + (a[:, None] * step).T
