"""Logistic regression on small random data."""

from typing import Any

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.potentials.potential import Kinks, Potential, sum_of_ridges


def logistic(dimension: int = 2, samples: int = 20, ridge: float = 0.0, seed: int = 0) -> Potential:
    """V(x) = (1/n) sum_k log(1 + exp(-y_k z_k^T x)) + ridge |x|^2 / 2 (Nesterov2018).

    The data z_k are Gaussian; about three in four labels y_k = +-1 agree with a random linear rule. With sigma the
    logistic function the Hessian is Z^T diag(sigma (1 - sigma)) Z / n + ridge I, and sigma (1 - sigma) <= 1/4 with
    equality for all k at x = 0: L = |Z|^2 / (4 n) + ridge. Along almost every ray it tends to 0: mu = ridge.
    """
    if ridge < 0:
        raise InputError(f"logistic needs a nonnegative ridge, got {ridge!r}.")
    random = np.random.default_rng(seed)
    Z = random.standard_normal((samples, dimension))
    labels = np.sign(Z @ random.standard_normal(dimension) + 1.5 * random.standard_normal(samples))
    # The factor 1/n is included in the functions of the margins y_k z_k^T x.
    A = labels[:, None] * Z

    def g(s: Floats) -> Floats:
        return np.logaddexp(0, -s) / samples

    def slope(s: Floats) -> Floats:
        return -(1 - np.tanh(s / 2)) / (2 * samples)

    def curvature(s: Floats) -> Floats:
        return (1 - np.tanh(s / 2) ** 2) / (4 * samples)

    L, zero = float(np.linalg.norm(Z, 2) ** 2 / (4 * samples) + ridge), np.zeros(samples)
    known: dict[str, Any] = {"L": L, "mu": ridge, "reference": "Nesterov2018", "kinks": Kinks(A, zero)}
    return sum_of_ridges("logistic", A, zero, g, slope, curvature, ridge, **known)
