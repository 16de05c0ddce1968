"""The smooth convex potential through given points, gradients and values."""

from itertools import combinations

import numpy as np

from geoflow.ground import Floats, InputError
from geoflow.potentials.potential import Potential

INDEPENDENT = 1e-9  # flatter simplices are skipped, because the minimum lies on one of their faces


def interpolant(points: Floats, gradients: Floats, values: Floats, L: float = 1.0) -> Potential:
    """V(x) = min over convex weights a of L |x - sum_i a_i w_i|^2 / 2 + sum_i a_i v_i (TaylorHendrickxGlineur2017).

    With w_i = x_i - g_i / L and v_i = f_i - |g_i|^2 / (2 L). V is the Moreau envelope of a convex polyhedral function
    and therefore convex and L-smooth for any data. V(x_i) = f_i and grad V(x_i) = g_i for all i if and only if
    f_i >= f_j + g_j^T (x_i - x_j) + |g_i - g_j|^2 / (2 L) for all i and j. L is attained far away, mu = 0 on faces.
    points, gradients: shape (n, d); values: (n,). The minimum is searched over all supports of at most d + 1 points.
    """
    n, d = points.shape
    if gradients.shape != (n, d) or values.shape != (n,):
        raise InputError(
            f"expected points and gradients of one shape (n, d) and n values, got {points.shape}, "
            f"{gradients.shape} and {values.shape}."
        )
    w = points - gradients / L
    v = values - (gradients**2).sum(axis=1) / (2 * L)
    faces = [_Face(w[list(s)], v[list(s)], L) for k in range(d + 1) for s in combinations(range(n), k + 1)]
    faces = [face for face in faces if face.independent]

    def nearest(x: Floats) -> tuple[Floats, Floats, Floats]:
        """Value (N,), nearest point (d, N) and index of the face (N,) for the columns of x."""
        columns = x.reshape(d, -1)
        found = [face(columns) for face in faces]
        heights = np.array([height for height, _ in found])
        best = heights.argmin(axis=0)
        near = np.array([point for _, point in found])[best, :, np.arange(columns.shape[1])].T
        return heights.min(axis=0), near, best

    def value(x: Floats) -> Floats:
        return nearest(x)[0].reshape(x.shape[1:])

    def gradient(x: Floats) -> Floats:
        return L * (x - nearest(x)[1].reshape(x.shape))

    def hessian(x: Floats) -> Floats:
        flat = np.array([L * (np.eye(d) - faces[k].projector) for k in nearest(x)[2]])
        return flat.reshape(x.shape[1:] + (d, d))

    lowest = w[v.argmin()]
    return Potential(
        name="interpolant",
        dimension=d,
        value=value,
        gradient=gradient,
        hessian=hessian,
        L=L,
        mu=0.0,
        minimiser=lowest,
        reference="TaylorHendrickxGlineur2017",
        smooth=False,
    )


class _Face:
    """Minimum over weights that are supported on k + 1 affinely independent points."""

    def __init__(self, w: Floats, v: Floats, L: float) -> None:
        self.origin, self.base, self.L = w[0], v[0], L
        self.edges, self.rise = (w[1:] - w[0]).T, v[1:] - v[0]  # (d, k), (k,)
        self.independent, d = True, len(self.origin)
        self.inverse, self.projector = np.zeros((0, d)), np.zeros((d, d))
        if len(v) > 1:
            sizes = np.linalg.svd(self.edges, compute_uv=False)
            self.independent = bool(len(sizes) == len(v) - 1 and sizes[-1] > INDEPENDENT * (1e-300 + np.abs(w).max()))
        if len(v) > 1 and self.independent:
            self.inverse = np.linalg.pinv(self.edges)
            self.projector = self.edges @ self.inverse

    def __call__(self, x: Floats) -> tuple[Floats, Floats]:
        """Return (height, point) for x of shape (d, N); the height is infinite if a weight is negative."""
        away = x - self.origin[:, None]
        normal = self.inverse @ self.inverse.T @ self.rise / self.L  # (E^T E)^-1 (v - v_0) / L
        weights = self.inverse @ away - normal[:, None]
        reached = self.edges @ weights
        height = self.L * ((away - reached) ** 2).sum(axis=0) / 2 + self.base + self.rise @ weights
        allowed = (weights >= -1e-12).all(axis=0) & (weights.sum(axis=0) <= 1 + 1e-12)
        return np.where(allowed, height, np.inf), reached + self.origin[:, None]
