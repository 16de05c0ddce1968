"""Log-cosh potential: quadratic near its minimiser, linear far away, smooth between."""

from typing import Any

import numpy as np

from geoflow.ground import Floats
from geoflow.potentials.potential import Kinks, Potential, random_matrix, sum_of_ridges


def log_cosh(dimension: int = 2, terms: int = 4, seed: int = 0) -> Potential:
    """V(x) = sum_k log cosh(a_k^T x), the rows a_k of a random A of norm one (Green1990).

    g = log cosh has g'' = 1 - tanh^2 in (0, 1], so the Hessian A^T diag(g'') A is at most A^T A, attained at x = 0:
    L = |A|^2 = 1. Along almost every ray all g'' tend to 0: mu = 0, not attained.
    """
    A = random_matrix(terms, dimension, seed)

    def g(s: Floats) -> Floats:
        return np.logaddexp(s, -s) - np.log(2)

    def curvature(s: Floats) -> Floats:
        return 1 - np.tanh(s) ** 2

    known: dict[str, Any] = {"minimiser": np.zeros(dimension), "reference": "Green1990"}
    kinks = Kinks(A, np.zeros(terms))
    return sum_of_ridges("log_cosh", A, np.zeros(terms), g, np.tanh, curvature, kinks=kinks, **known)
