"""Quadratic potential with a given spectrum."""

from collections.abc import Sequence

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.potentials.potential import Potential


def quadratic(spectrum: Sequence[float] = (1.0, 0.7, 0.3, 0.05), seed: int = 0) -> Potential:
    """V(x) = x^T H x / 2 with H = Q diag(spectrum) Q^T, Q a random orthogonal matrix (Nesterov2018).

    H is the Hessian everywhere, so L and mu are its largest and smallest eigenvalue.
    """
    if min(spectrum) < 0 or max(spectrum) <= 0:
        raise InputError(f"quadratic needs a spectrum of nonnegative numbers, not all zero, got {spectrum!r}.")
    d = len(spectrum)
    Q, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((d, d)))
    H = Q @ np.diag(spectrum) @ Q.T

    def value(x: Floats) -> Floats:
        return (x * (H @ x)).sum(axis=0) / 2

    def gradient(x: Floats) -> Floats:
        return H @ x

    def hessian(x: Floats) -> Floats:
        return np.broadcast_to(H, (*x.shape[1:], d, d))

    return Potential(
        name="quadratic",
        dimension=d,
        value=value,
        gradient=gradient,
        hessian=hessian,
        L=float(max(spectrum)),
        mu=float(min(spectrum)),
        minimiser=np.zeros(d),
        reference="Nesterov2018",
    )
