"""Denoising of a signal: least squares with a smoothed total variation."""

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.potentials.potential import Kinks, Potential, differences, minimiser


def total_variation(
    dimension: int = 6, weight: float = 0.5, smoothing: float = 0.3, noise: float = 0.2, seed: int = 0
) -> Potential:
    """V(x) = |x - s|^2 / 2 + w sum_i sqrt((x_(i+1) - x_i)^2 + e^2), s a noisy step (RudinOsherFatemi1992).

    w is the weight, e the smoothing. The Hessian is I + w D^T diag(e^2 / (d_i^2 + e^2)^(3/2)) D with d = D x the
    differences. It is at most I + (w / e) D^T D, with equality at every constant x, so L = 1 + (w / e) |D|^2, |D|^2 =
    2 + 2 cos(pi / n). A constant vector is in the kernel of D: mu = 1. Without smoothing (e = 0) there is no finite L.
    """
    if dimension < 2 or weight < 0 or smoothing <= 0:
        raise InputError(
            "total_variation needs a dimension of at least 2, a nonnegative weight and a positive "
            f"smoothing, got {dimension!r}, {weight!r} and {smoothing!r}."
        )
    D = differences(dimension)[1:]
    step = (np.arange(dimension) >= dimension / 2).astype(float)
    signal = step + noise * np.random.default_rng(seed).standard_normal(dimension)

    squares = np.einsum("ki,kj->kij", D, D).reshape(len(D), -1)

    def length(d: Floats) -> Floats:
        return np.sqrt(d * d + smoothing**2)

    def away(x: Floats) -> Floats:
        return x - (signal if x.ndim == 1 else signal[:, None])

    def value(x: Floats) -> Floats:
        return (away(x) ** 2).sum(axis=0) / 2 + weight * length(D @ x).sum(axis=0)

    def gradient(x: Floats) -> Floats:
        d = D @ x
        return away(x) + weight * (D.T @ (d / length(d)))

    def hessian(x: Floats) -> Floats:
        curvature = weight * smoothing**2 / length(D @ x) ** 3
        return (curvature.T @ squares).reshape(x.shape[1:] + 2 * (dimension,)) + np.eye(dimension)

    return Potential(
        name="total_variation",
        dimension=dimension,
        value=value,
        gradient=gradient,
        hessian=hessian,
        L=1 + weight / smoothing * float(np.linalg.norm(D, 2) ** 2),
        mu=1.0,
        minimiser=minimiser(gradient, hessian, dimension),
        kinks=Kinks(D, np.zeros(dimension - 1)),
        reference="RudinOsherFatemi1992",
    )
