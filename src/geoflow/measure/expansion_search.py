"""The smallest step at which a method expands on a field, by ascent from many starts.

At a step size h = z / L the largest singular value of the step's exact derivative is its Lipschitz constant. Wanted is
the smallest z with |D phi_h(x)| > 1 for some x. A start is the minimiser, a point of a cloud around it, or a point near
the intersection of some kinks, as far from it as a step moves: there the stages of one step lie on different pieces of
a piecewise linear gradient. Where the Hessian is continuous, x goes uphill at fixed z by a quasi-Newton method, then z
down to where the expansion is one, in turns. Where it jumps, the derivative of a step is constant on each piece, and
uphill means nothing: lineages of points and z move on to pieces that expand at a smaller z, in jumps of random length.
What is found has happened, so that z is an upper bound of the true one; the set of steps that expand counts from the
smallest one on (monotone envelope).
"""

import math
from dataclasses import dataclass

import numpy as np

from geoflow.ground import Floats
from geoflow.integrators import RungeKutta
from geoflow.measure.ascent import ascend
from geoflow.measure.bends import Bends, least_squares
from geoflow.measure.expansion import TOLERANCE, Norm, ratios_at, sample, spectral
from geoflow.potentials import MonotoneField

CHILDREN, ROUNDS = 8, 40
AROUND = np.array([0.5, 0.8, 1.0, 1.3, 2.0])
TURNS = 6
FLAT = 1e-3
DROPS = np.geomspace(3e-5, 0.7, 16)  # relative, of z
SMALLEST_JUMP = 1e-5  # relative, of z
OWN, GLOBAL, AGAIN, GUIDED, STAY = range(5)
MOVES = (0.3, 0.2, 0.15, 0.25, 0.1)


@dataclass(frozen=True)
class First:
    """step: the smallest h L found to expand, not a number if none is; at_most: it is the smallest one tried.

    ratios: the largest expansion found at each step of the grid; x: a point that expands at `step`.
    """

    step: float
    at_most: bool
    ratios: Floats
    x: Floats


@dataclass(frozen=True)
class Lineages:
    """z (n,), points (d, n), and the sizes of change: of the point, of z (relative), and the last change (d, n)."""

    z: Floats
    x: Floats
    size: Floats
    jump: Floats
    move: Floats

    def at(self, k: Floats) -> "Lineages":
        return Lineages(self.z[k], self.x[:, k], self.size[k], self.jump[k], self.move[:, k])

    def replaced(self, new: "Lineages", where: Floats) -> "Lineages":
        pairs = zip(vars(new).values(), vars(self).values(), strict=True)
        return Lineages(*(np.where(where, a, b) for a, b in pairs))


class Search:
    """The search for one method and field; equal seeds find equal points."""

    def __init__(self, method: RungeKutta, F: MonotoneField, points: int, seed: int, norm: Norm = spectral) -> None:
        self.method, self.F, self.points, self.norm = method, F, points, norm
        self.random = np.random.default_rng([seed, 2])
        self.lineages, self.starts = min(max(points // 8, 4), 60), min(max(points // 30, 2), 12)
        self.cloud = np.concatenate([F.zero[:, None], sample(F, points - 1, seed)], axis=1)
        self.bends = Bends(F, points, self.random)

    def ratios(self, z: Floats, x: Floats) -> Floats:
        """The expansion at each column of x with its own z = h L."""
        return ratios_at(self.method, self.F, z, x, self.norm)

    def first(self, grid: Floats, ascent: bool = True) -> First:
        """The smallest step that expands, between the ends of the increasing `grid`; or without `ascent`."""
        z, x, found = self._survey(grid)
        best = np.array([found[z == level].max() for level in grid])
        if ascent and (not self.F.kinks.sharp or best.max() <= 1 + TOLERANCE):
            more = self._climb(z, x, found)
            best = np.maximum(best, [more[2][more[0] == level].max(initial=0) for level in grid])
            z, x, found = _joined((z, x, found), more)
        return self._lowest(z, x, found, best, grid[0])

    def earlier(self, z: float, below: float, smallest: float) -> First:
        """The smallest step found, from starts at steps around z; the search ends at `below`."""
        levels = np.unique(np.maximum(z * AROUND, smallest))
        z_all, x, found = self._survey(levels, len(levels))
        if not self.F.kinks.sharp:
            z_all, x, found = _joined((z_all, x, found), self._climb(z_all, x, found))
        return self._lowest(z_all, x, found, found, smallest, stop=below)

    def _lowest(self, z: Floats, x: Floats, found: Floats, best: Floats, smallest: float, stop: float = 0.0) -> First:
        """The lowest end of the descents from the points that expand; `best`: what is known of the steps."""
        expanding = found > 1 + TOLERANCE
        if not expanding.any():
            return First(math.nan, False, best, self.F.zero)
        z, x = z[expanding], x[:, expanding]
        if z.min() > smallest:
            z, x = self._descend(z, x, smallest, stop)
        k = int(z.argmin())
        return First(float(z[k]), bool(z[k] <= smallest), best, x[:, k])

    def _survey(self, levels: Floats, shares: int = 1) -> tuple[Floats, Floats, Floats]:
        """z, x and expansion of the starts at each level: of all of them, or of one of `shares` equal shares."""
        x = [self._starts(level)[:, k % shares :: shares] for k, level in enumerate(levels)]
        z = np.repeat(levels, [part.shape[1] for part in x])
        together = np.concatenate(x, axis=1)
        return z, together, self.ratios(z, together)

    def _starts(self, z: float) -> Floats:
        """The cloud, and as many points near kinks, at distances of about h |F|."""
        return np.concatenate([self.cloud, self.bends.around(z / self.F.L)], axis=1)

    def _climb(self, z: Floats, x: Floats, found: Floats, rounds: int = 8) -> tuple[Floats, Floats, Floats]:
        """Ascent of the expansion at fixed steps: at each, from the best starts and from some others.

        Where F is flat, as far away from the zero of some fields, the expansion is one at every step, and the way
        uphill leads nowhere: such starts come last.
        """
        flat = np.abs(found - 1) < FLAT
        chosen = []
        for keys in ((-found, flat), (self.random.random(len(z)),)):
            order = np.lexsort((*keys, z))
            rank = np.concatenate([np.arange(n) for n in np.unique(z, return_counts=True)[1]])
            chosen.append(order[rank < self.starts])
        k = np.unique(np.concatenate(chosen))
        z, x = z[k], self._uphill(z[k], x[:, k], rounds)
        return z, x, self.ratios(z, x)

    def _uphill(self, z: Floats, x: Floats, rounds: int) -> Floats:
        def f(many: Floats) -> Floats:
            return self.ratios(np.tile(z, many.shape[1] // len(z)), many)

        return ascend(f, x, 0.1 * self._reach(z, x), rounds)

    def _lower(self, z: Floats, x: Floats, smallest: float) -> Floats:
        """For each x that expands at z the smallest of a few steps below z at which it does."""
        tried = np.maximum(z * (1 - DROPS[:, None]), smallest)
        found = self.ratios(tried.ravel(), np.tile(x, len(DROPS))).reshape(tried.shape)
        return np.where(found > 1 + TOLERANCE, tried, z).min(axis=0)

    def _slide(self, z: Floats, x: Floats, smallest: float, stop: float) -> tuple[Floats, Floats]:
        """Uphill at fixed z, then down with z to where the expansion is one, in turns."""
        low = np.argsort(z, kind="stable")[: self.lineages // 2]
        any_ = self.random.permutation(len(z))[: self.lineages // 2]
        k = np.unique(np.concatenate([low, any_]))
        z, x = z[k], x[:, k]
        for _ in range(TURNS):
            before = z.min()
            x = self._uphill(z, x, 5)
            z = self._lower(z, x, smallest)
            if z.min() <= max(smallest, stop) or z.min() > (1 - 1e-4) * before:
                break
        return z, x

    def _descend(self, z: Floats, x: Floats, smallest: float, stop: float = 0.0) -> tuple[Floats, Floats]:
        """Lineages of points that expand, each at ever smaller z; the end is at `smallest`, or at or below `stop`."""
        if not self.F.kinks.sharp:
            return self._slide(z, x, smallest, stop)
        best = np.lexsort([self.random.random(len(z)), z])[: self.lineages]
        z, x = z[best], x[:, best]
        size = 0.1 * self._reach(z, x)
        lines = Lineages(z, x, size, np.full(len(z), 0.05), np.zeros_like(x))
        for k in range(ROUNDS):
            if lines.z.min() <= max(smallest, stop):
                break
            if k == ROUNDS // 2:  # from here on the better half, twice
                half = np.argsort(lines.z, kind="stable")[: max(len(lines.z) // 2, 1)]
                lines = lines.at(np.tile(half, 2))
            new = self._children(lines.at(np.repeat(np.arange(len(lines.z)), CHILDREN)), smallest)
            lower = np.where(self.ratios(new.z, new.x) > 1 + TOLERANCE, new.z, np.inf)
            child = lower.reshape(-1, CHILDREN).argmin(axis=1) + np.arange(len(lines.z)) * CHILDREN
            lines = lines.replaced(new.at(child), lower[child] < lines.z)
        return lines.z, lines.x

    def _children(self, old: "Lineages", smallest: float) -> "Lineages":
        """One changed copy of each, at a smaller z, with its own sizes of change, so that good ones are inherited."""
        random, n = self.random, len(old.z)
        kind = random.choice(5, size=n, p=MOVES)
        reach = self._reach(old.z, old.x)
        size = np.where(
            kind == GLOBAL, reach * 10 ** random.uniform(-3, 0, n), old.size * np.exp(random.standard_normal(n))
        )
        jump = np.where(
            random.random(n) < 0.3,
            10 ** random.uniform(math.log10(SMALLEST_JUMP), math.log10(0.5), n),
            np.minimum(old.jump * np.exp(random.standard_normal(n)), 0.5),
        )
        z = np.maximum(old.z * (1 - jump), smallest)
        move = size * random.standard_normal(old.x.shape)
        move = np.where(kind == STAY, 0.0, move)
        move = np.where(kind == AGAIN, old.move * np.exp(random.standard_normal(n)), move)
        x = old.x + move
        k = np.flatnonzero(kind == GUIDED)
        if k.size:
            x[:, k] = self._nearer(old.x[:, k], old.z[k], z[k])
        return Lineages(z, x, size, jump, x - old.x)

    def _reach(self, z: Floats, x: Floats) -> Floats:
        """The distance from the zero of F, or that by which a step moves, one of the two at random."""
        away = np.linalg.norm(x - self.F.zero[:, None], axis=0)
        moved = z / self.F.L * np.linalg.norm(self.F.value(x), axis=0)
        return np.where(self.random.random(len(z)) < 0.5, away, moved) + 1e-12

    def _nearer(self, x: Floats, z: Floats, lower: Floats) -> Floats:
        """Nearer to the kinks around each column, as the steps are shorter: their stages lie on the same pieces."""
        normals, offsets = self.F.kinks.normals, self.F.kinks.offsets
        moved = z / self.F.L * np.linalg.norm(self.F.value(x), axis=0)
        beyond = normals @ x - offsets[:, None]
        reached = np.abs(beyond) < 2 * moved * np.linalg.norm(normals, axis=1)[:, None]
        masked = normals * reached.T[..., None]  # (N, m, d)
        return x - (1 - lower / z) * least_squares(masked, (beyond * reached).T).T


def _joined(*parts: tuple[Floats, Floats, Floats]) -> tuple[Floats, Floats, Floats]:
    z, x, found = (np.concatenate(columns, axis=-1) for columns in zip(*parts, strict=True))
    return z, x, found
