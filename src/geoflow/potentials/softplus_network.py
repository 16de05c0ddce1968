"""Potential whose explicit Euler step is a network layer, x -> x - h A^T sigma(A x + b)."""

from typing import Any

import numpy as np

from geoflow.ground import InputError
from geoflow.potentials.potential import Floats, Kinks, Potential, differences, random_matrix, sum_of_ridges


def softplus_network(
    dimension: int = 2, neurons: int = 4, leak: float = 0.1, weights: str = "random", seed: int = 0
) -> Potential:
    """V(x) = 1^T g(A x + b) with g' = sigma the LeakyReLU (Murari2025).

    g(s) = s^2 / 2 for s > 0 and leak s^2 / 2 for s < 0.
    A is a random matrix of norm one and b is Gaussian. All rows a_k of A satisfy a_k^T (1, ..., 1) > 0, so that far
    along +(1, ..., 1) all neurons are active and the Hessian is A^T A, and far along -(1, ..., 1) none is active and
    the Hessian is leak A^T A. Hence L = |A|^2 = 1 and mu = leak lambda_min(A^T A), both attained. With leak = 0 (ReLU)
    V vanishes far along -(1, ..., 1), and `minimiser` is the first such point of that ray.
    weights = "differences": A x consists of x_1 and x_(i+1) - x_i, divided by the norm of the matrix (as many neurons
    as components). A is regular, so that both cases occur again; A^T diag(g'') A is diagonally dominant.
    """
    if not 0 <= leak <= 1:
        raise InputError(f"softplus_network needs 0 <= leak <= 1, got {leak!r}.")
    if weights not in ("random", "differences"):
        raise InputError(f"softplus_network needs weights 'random' or 'differences', got {weights!r}.")
    if weights == "differences":
        neurons, A = dimension, differences(dimension)
        A /= np.linalg.norm(A, 2)
    else:
        A = random_matrix(neurons, dimension, seed)
        A *= np.sign(A.sum(axis=1))[:, None]
    b = np.random.default_rng([seed, 1]).standard_normal(neurons)

    def curvature(s: Floats) -> Floats:
        return np.where(s > 0, 1.0, leak)

    def g(s: Floats) -> Floats:
        return curvature(s) * s * s / 2

    def slope(s: Floats) -> Floats:
        return curvature(s) * s

    known: dict[str, Any] = {} if leak > 0 else {"minimiser": _where_all_rest(A, b)}
    known |= {"mu": leak * float(np.linalg.eigvalsh(A.T @ A)[0]), "kinks": Kinks(A, -b, sharp=True)}
    known |= {"reference": "Murari2025", "smooth": False}
    return sum_of_ridges("softplus_network", A, b, g, slope, curvature, **known)


def _where_all_rest(A: Floats, b: Floats) -> Floats:
    """A point with A x + b <= 0: on the ray along -(1, ..., 1), or the solution of A x = -b if A is square."""
    if (A.sum(axis=1) <= 0).any():
        return np.asarray(np.linalg.solve(A, -b))
    return -max(0.0, float(np.max(b / A.sum(axis=1)))) * np.ones(A.shape[1])
