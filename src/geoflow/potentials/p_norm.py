"""The p-th power of a p-norm, smoothed to have bounded curvature."""

from typing import Any

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.potentials.potential import Kinks, Potential, random_matrix, sum_of_ridges


def p_norm(dimension: int = 2, terms: int = 4, p: float = 1.5, threshold: float = 0.1, seed: int = 0) -> Potential:
    """V(x) = sum_k g(a_k^T x), g a smoothing of |s|^p / p, a_k the rows of a random A of norm one.

    The curvature of |s|^p / p is unbounded, at s = 0 for p < 2 and at infinity for p > 2, so there is no L. Hence
    g(s) = ((s^2 + t^2)^(p/2) - t^p) / p for 1 <= p <= 2 with threshold t: g'' = (s^2 + t^2)^(p/2 - 2)
    (t^2 + (p - 1) s^2) is largest at s = 0: L = t^(p - 2). For p > 2 g is continued by its Taylor polynomial of degree
    two beyond |s| = 1/t: L = (p - 1) t^(2 - p). The infimum of g'' is 0 unless p = 2: mu = 0 (BoydVandenberghe2004).
    """
    if p < 1 or threshold <= 0:
        raise InputError(f"p_norm needs p >= 1 and a positive threshold, got {p!r} and {threshold!r}.")
    A = random_matrix(terms, dimension, seed)
    g, slope, curvature = _steep(p, 1 / threshold) if p > 2 else _flat(p, threshold)
    squares = np.linalg.eigvalsh(A.T @ A)
    L = float(squares[-1]) * ((p - 1) if p > 2 else 1.0) * threshold ** -abs(p - 2)
    known: dict[str, Any] = {"L": L, "mu": float(squares[0]) if p == 2 else 0.0, "reference": "BoydVandenberghe2004"}
    known |= {"minimiser": np.zeros(dimension), "kinks": Kinks(A, np.zeros(terms))}
    return sum_of_ridges("p_norm", A, np.zeros(terms), g, slope, curvature, **known)


def _flat(p: float, t: float) -> tuple:
    """Functions g, g', g'' for p <= 2, smoothed near zero."""

    def power(s: Floats, exponent: float) -> Floats:
        return (s * s + t * t) ** exponent

    return (
        lambda s: (power(s, p / 2) - t**p) / p,
        lambda s: s * power(s, p / 2 - 1),
        lambda s: power(s, p / 2 - 2) * (t * t + (p - 1) * s * s),
    )


def _steep(p: float, reach: float) -> tuple:
    """Functions g, g', g'' for p > 2, continued by a parabola beyond `reach`."""

    def g(s: Floats) -> Floats:
        near, beyond = np.minimum(abs(s), reach), np.maximum(abs(s) - reach, 0)
        return near**p / p + near ** (p - 1) * beyond + (p - 1) * near ** (p - 2) * beyond**2 / 2

    def slope(s: Floats) -> Floats:
        near, beyond = np.minimum(abs(s), reach), np.maximum(abs(s) - reach, 0)
        return np.sign(s) * (near ** (p - 1) + (p - 1) * near ** (p - 2) * beyond)

    def curvature(s: Floats) -> Floats:
        return (p - 1) * np.minimum(abs(s), reach) ** (p - 2)

    return g, slope, curvature
