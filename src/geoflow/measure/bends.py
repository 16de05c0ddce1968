"""Points near the kinks of a field: there the stages of one step lie on different pieces of its values."""

import numpy as np

from geoflow.ground import Floats
from geoflow.measure.expansion import sample
from geoflow.potentials import MonotoneField

DAMPING = 1e-9
FARTHEST = 1e4  # where bends of any width are sharp against the length of a step
PROJECTIONS = 3  # onto kinks that depend on the point


class Bends:
    """Points near the intersections of one to d kinks of F; none of a field without kinks.

    A point of the intersection, at distances from 0.1 to 30 or to FARTHEST of the zero of F, for about half of them
    with a flow that is tangential to one of the kinks. From there either against the flow, by parts of h F, so that the
    stages of a step lie on both sides of each kink, or by a random vector of about the length h |F| or less.
    """

    def __init__(self, F: MonotoneField, points: int, random: np.random.Generator) -> None:
        self.F, self.random = F, random
        normals, offsets, d = F.kinks.normals, F.kinks.offsets, F.dimension
        m = len(offsets)
        self.x = np.zeros((d, 0))
        if not m:
            return
        near, far = points - points // 2, points // 2
        x = sample(F, near, int(random.integers(2**31)))
        x = np.concatenate([x, sample(F, far, int(random.integers(2**31)), FARTHEST)], axis=1)
        order = random.random((points, m)).argsort(axis=1)
        turned = random.random((points, 1)) < 0.5
        most = np.where(turned, min(max(d - 1, 1), m), min(d, m))
        met = (order < random.integers(1, most + 1)).astype(float)  # (points, m)
        tangent = (order == 0) * turned
        for _ in range(PROJECTIONS):
            beyond = met * (x.T @ normals.T - offsets)
            along = tangent * (F.value(x).T @ normals.T)
            changes = tangent[..., None] * (normals @ F.jacobian(x))
            rows = np.concatenate([met[..., None] * normals, changes], axis=1)
            x = x - least_squares(rows, np.concatenate([beyond, along], axis=1)).T
        self.x, self.met, self.rows = x, met, met[..., None] * normals
        self.slopes = F.value(x)

    def around(self, h: float) -> Floats:
        """Shape (d, points)."""
        points, random = self.x.shape[1], self.random
        if not points:
            return self.x
        # The stages move along -F: a kink is passed between two when it lies behind the point by a part of that.
        parts = random.uniform(-0.2, 1.2, self.met.shape) * self.met
        normal = parts * (self.slopes.T @ self.F.kinks.normals.T)
        behind = h * least_squares(self.rows, normal).T
        size = h * np.linalg.norm(self.slopes, axis=0) * 10 ** random.uniform(-1.5, 0.5, points)
        size *= np.minimum(h * self.F.L, 1) ** random.uniform(0, 1, points)
        away = size * random.standard_normal(self.x.shape)
        return self.x + np.where(random.random(points) < 0.5, behind, away)


def least_squares(rows: Floats, right: Floats) -> Floats:
    """The shortest solutions of rows @ x = right, least squares, slightly damped; (N, m, d), (N, m) -> (N, d)."""
    gram = np.swapaxes(rows, 1, 2) @ rows
    gram += DAMPING * np.eye(rows.shape[2])
    return np.asarray(np.linalg.solve(gram, np.swapaxes(rows, 1, 2) @ right[..., None])[..., 0])
