"""Huber potential: quadratic near its minimiser, linear far away, with a kink in the gradient."""

from typing import Any

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.potentials.potential import Kinks, Potential, random_matrix, sum_of_ridges


def huber(dimension: int = 2, terms: int = 4, threshold: float = 1.0, seed: int = 0) -> Potential:
    """V(x) = sum_k g(a_k^T x), g quadratic up to the threshold and linear beyond (Huber1964).

    g(s) = s^2 / 2 for |s| <= threshold, else threshold (|s| - threshold / 2).
    The rows a_k are those of a random A of norm one. g' = clip(s, -threshold, threshold) is
    Lipschitz with constant one. Near x = 0 the Hessian is A^T A: L = |A|^2 = 1. Far along almost
    every ray it is 0: mu = 0.
    """
    if threshold <= 0:
        raise InputError(f"huber needs a positive threshold, got {threshold!r}.")
    A = random_matrix(terms, dimension, seed)

    def g(s: Floats) -> Floats:
        return np.where(abs(s) <= threshold, s * s / 2, threshold * (abs(s) - threshold / 2))

    def slope(s: Floats) -> Floats:
        return np.clip(s, -threshold, threshold)

    def curvature(s: Floats) -> Floats:
        return (abs(s) < threshold).astype(float)

    kinks = Kinks(np.vstack([A, A]), np.repeat([threshold, -threshold], terms), sharp=True)
    known: dict[str, Any] = {"minimiser": np.zeros(dimension), "reference": "Huber1964", "smooth": False}
    return sum_of_ridges("huber", A, np.zeros(terms), g, slope, curvature, kinks=kinks, **known)
