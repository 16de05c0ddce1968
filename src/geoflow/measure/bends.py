"""Points near the kinks of a field: there the stages of one step lie on different pieces of its values."""

import numpy as np

from geoflow.ground import Floats
from geoflow.integrators import RungeKutta
from geoflow.measure.expansion import sample
from geoflow.measure.gradient_step import stages
from geoflow.potentials import MonotoneField

DAMPING = 1e-9
FARTHEST = 1e6  # where bends of any width are sharp against the length of a step
SHIFTS = 3  # of kinks to between stages
PROJECTIONS = 3  # onto kinks that depend on the point


class Bends:
    """Points near the intersections of one to d kinks of F; none of a field without kinks.

    A point of the intersection, at distances from 0.1 to 30 or to FARTHEST of the zero of F, for about half of them
    with a flow that is tangential to one of the kinks. From there by a random vector of about the length h |F| or less,
    and then so that the kinks lie between stages of the step, which depend on the method.
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
        self.x, self.met = x, met
        self.slopes = F.value(x)

    def around(self, method: RungeKutta, h: float) -> Floats:
        """Shape (d, points)."""
        points, random = self.x.shape[1], self.random
        if not points:
            return self.x
        size = self._sizes(h)
        # Independent distances from each kink: those of a random vector are alike where normals are nearly parallel.
        beside = self.met * (size * random.standard_normal(self.met.T.shape)).T
        apart = least_squares(self.met[..., None] * self.F.kinks.normals, beside).T
        x = self.x + np.where(random.random(points) < 0.5, size * random.standard_normal(self.x.shape), apart)
        x = np.where(random.random(points) < 0.3, self.x, x)
        for _ in range(SHIFTS):
            x = np.where(random.random(points) < 0.7, between(method, self.F, h, x, self.met, random), x)
        return x

    def _sizes(self, h: float) -> Floats:
        """Distances from the kinks: h |F| or less, or any where F vanishes there, because F is then homogeneous."""
        points, random = self.x.shape[1], self.random
        moved = h * np.linalg.norm(self.slopes, axis=0) * 10 ** random.uniform(-1.5, 0.5, points)
        moved *= np.minimum(h * self.F.L, 1) ** random.uniform(0, 1, points)
        part = np.linalg.norm(self.x - self.F.zero[:, None], axis=0) * 10 ** random.uniform(-4, -1, points)
        return np.where(random.random(points) < 0.3, part, moved)


def between(
    method: RungeKutta, F: MonotoneField, h: float | Floats, x: Floats, met: Floats, random: np.random.Generator
) -> Floats:
    """Each column of x moved so that the kinks `met` (N, m) lie between two stages of its step, chosen at random.

    The stages are taken to move with x. In half of the columns they are the same two for all kinks, or one stage, which
    then lies at the intersection.
    """
    normals, offsets = F.kinks.normals, F.kinks.offsets
    beyond = np.einsum("kd,sdn->snk", normals, stages(method, F, h, x)) - offsets
    s, n, m = beyond.shape
    alike = random.random((n, 1)) < 0.5
    i, j = (np.where(alike, random.integers(s, size=(n, 1)), random.integers(s, size=(n, m))) for _ in range(2))
    j = np.where(alike & (random.random((n, 1)) < 0.5), i, j)
    rows, kinks = np.indices((n, m))
    part = random.uniform(-0.1, 1.1, (n, m))
    target = met * (part * beyond[i, rows, kinks] + (1 - part) * beyond[j, rows, kinks])
    return x - least_squares(met[..., None] * normals, target).T


def least_squares(rows: Floats, right: Floats) -> Floats:
    """The shortest solutions of rows @ x = right, least squares, slightly damped; (N, m, d), (N, m) -> (N, d)."""
    gram = np.swapaxes(rows, 1, 2) @ rows
    gram += DAMPING * np.eye(rows.shape[2])
    return np.asarray(np.linalg.solve(gram, np.swapaxes(rows, 1, 2) @ right[..., None])[..., 0])
