"""The smallest step at which a method expands on a field, by an evolution strategy from many starts.

At a step size h = z / L the largest singular value of the step's exact derivative is its Lipschitz constant. Wanted is
the smallest z with |D phi_h(x)| > 1 for some x. A start is the minimiser, a point of a cloud around it, or a point from
which the stages of one step lie on both sides of some kinks: methods expand earliest where few stages see a large
curvature and the others see none. From the best starts lineages of pairs (x, z) go on, as in evolution strategies with
self-adaptive steps (BeyerSchwefel2002): each round has some changed copies of each pair, and the best one replaces it.
A pair that does not expand goes uphill at its z; one that expands goes to smaller z. No gradient is needed, so that the
Hessian may jump. What is found has happened, so that z is an upper bound of the true one; the set of steps that expand
counts from the smallest one on (monotone envelope).
"""

import math
from dataclasses import dataclass

import numpy as np

from geoflow.ground import Floats
from geoflow.integrators import RungeKutta
from geoflow.measure.bends import Bends, between, least_squares
from geoflow.measure.expansion import TOLERANCE, Norm, ratios_at, sample, spectral
from geoflow.potentials import MonotoneField

CHILDREN, ROUNDS = 8, 90
HALVED = range(12, ROUNDS, 12)  # rounds after which the better half goes on, twice
PATIENCE, GAIN = 24, 2e-4  # the search ends when so many rounds gain less, relative
LINEAGES = 50  # at most
CLIMBERS = 0.5  # lineages that begin below the smallest step that expands, relative to the others
AROUND = np.array([0.5, 0.8, 1.0, 1.3, 2.0])
FLAT = 1e-6
NOT_EXPANDING = 1e6  # more than any h L
SMALLEST_JUMP = 1e-5  # relative, of z
OWN, GLOBAL, AGAIN, NEARER, STAY, ACROSS = range(6)  # how a copy is changed
SHARES = (0.25, 0.15, 0.15, 0.2, 0.05, 0.2)


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
    """z (n,), points (d, n), their expansion, and the sizes of change: of the point, of z (relative), and the last
    change (d, n)."""

    z: Floats
    x: Floats
    found: Floats
    size: Floats
    jump: Floats
    move: Floats

    def at(self, k: Floats) -> "Lineages":
        return Lineages(self.z[k], self.x[:, k], self.found[k], self.size[k], self.jump[k], self.move[:, k])

    def replaced(self, new: "Lineages", where: Floats) -> "Lineages":
        pairs = zip(vars(new).values(), vars(self).values(), strict=True)
        return Lineages(*(np.where(where, a, b) for a, b in pairs))


class Search:
    """The search for one method and field; equal seeds find equal points."""

    def __init__(self, method: RungeKutta, F: MonotoneField, points: int, seed: int, norm: Norm = spectral) -> None:
        self.method, self.F, self.points, self.norm = method, F, points, norm
        self.random = np.random.default_rng([seed, 2])
        self.lineages = min(max(points // 6, 4), LINEAGES)
        self.cloud = np.concatenate([F.zero[:, None], sample(F, points - 1, seed)], axis=1)
        self.bends = Bends(F, points, self.random)

    def ratios(self, z: Floats, x: Floats) -> Floats:
        """The expansion at each column of x with its own z = h L."""
        return ratios_at(self.method, self.F, z, x, self.norm)

    def first(self, grid: Floats, ascent: bool = True) -> First:
        """The smallest step that expands, between the ends of the increasing `grid`; or without `ascent`."""
        z, x, found = self._survey(grid)
        best = np.array([found[z == level].max() for level in grid])
        return self._lowest(z, x, found, best, grid[0], ascent=ascent)

    def earlier(self, z: float, below: float, smallest: float) -> First:
        """The smallest step found, from starts at steps around z; the search ends at `below`."""
        levels = np.unique(np.maximum(z * AROUND, smallest))
        z_all, x, found = self._survey(levels, len(levels))
        return self._lowest(z_all, x, found, found, smallest, stop=below)

    def _lowest(
        self, z: Floats, x: Floats, found: Floats, best: Floats, smallest: float, stop: float = 0.0, ascent: bool = True
    ) -> First:
        """The lowest end of the lineages that begin at some of the points; `best`: what is known of the steps."""
        if ascent and self._cost(z, found).min() > smallest:
            z, x, found = self._evolve(z, x, found, smallest, stop)
        k = int(self._cost(z, found).argmin())
        if not found[k] > 1 + TOLERANCE:
            return First(math.nan, False, best, self.F.zero)
        return First(float(z[k]), bool(z[k] <= smallest), best, x[:, k])

    def _cost(self, z: Floats, found: Floats) -> Floats:
        """z where a step expands; elsewhere more than any z, the less the larger its expansion is.

        Where F is flat, as far away from the zero of some fields, the expansion is one at every step, and the way
        uphill leads nowhere: such points come last.
        """
        uphill = np.where((found > 1 - FLAT) | np.isnan(found), 0.0, found)
        return np.where(found > 1 + TOLERANCE, z, NOT_EXPANDING * (2 - uphill))

    def _survey(self, levels: Floats, shares: int = 1) -> tuple[Floats, Floats, Floats]:
        """z, x and expansion of the starts at each level: of all of them, or of one of `shares` equal shares."""
        x = [self._starts(level)[:, k % shares :: shares] for k, level in enumerate(levels)]
        z = np.repeat(levels, [part.shape[1] for part in x])
        together = np.concatenate(x, axis=1)
        return z, together, self.ratios(z, together)

    def _starts(self, z: float) -> Floats:
        """The cloud, and as many points near kinks, at distances of about h |F|."""
        return np.concatenate([self.cloud, self.bends.around(self.method, z / self.F.L)], axis=1)

    def _parents(self, z: Floats, found: Floats) -> Floats:
        """The points that expand at the smallest steps, and from each smaller step those of the largest expansion."""
        cost = self._cost(z, found)
        low = np.argsort(cost, kind="stable")[: self.lineages]
        smaller = np.flatnonzero((z < z[low[0]]) | (cost[low[0]] >= NOT_EXPANDING))
        order = smaller[np.lexsort((cost[smaller], z[smaller]))]
        counts = np.unique(z[order], return_counts=True)[1]
        rank = np.concatenate([[], *(np.arange(n) for n in counts)])
        return np.unique(np.concatenate([low, order[rank < CLIMBERS * self.lineages / max(len(counts), 1)]]))

    def _evolve(
        self, z: Floats, x: Floats, found: Floats, smallest: float, stop: float = 0.0
    ) -> tuple[Floats, Floats, Floats]:
        """Lineages of points, uphill until they expand, then at ever smaller z, to `smallest` or to at most `stop`."""
        k = self._parents(z, found)
        z, x, found = z[k], x[:, k], found[k]
        lines = Lineages(z, x, found, 0.1 * self._reach(z, x), np.full(len(z), 0.05), np.zeros_like(x))
        history: list[float] = [math.inf] * PATIENCE
        for turn in range(ROUNDS):
            cost = self._cost(lines.z, lines.found)
            history.append(cost.min())
            if history[-1] <= max(smallest, stop) or history[-1] > (1 - GAIN) * history[-PATIENCE:][0]:
                break
            if turn in HALVED:
                half = np.argsort(cost, kind="stable")[: max(len(cost) // 2, 1)]
                lines, cost = lines.at(np.tile(half, 2)), np.tile(cost[half], 2)
            new = self._children(lines.at(np.repeat(np.arange(len(cost)), CHILDREN)), smallest)
            costs = self._cost(new.z, new.found)
            child = costs.reshape(-1, CHILDREN).argmin(axis=1) + np.arange(len(cost)) * CHILDREN
            lines = lines.replaced(new.at(child), costs[child] <= cost)
        return lines.z, lines.x, lines.found

    def _children(self, old: "Lineages", smallest: float) -> "Lineages":
        """One changed copy of each, with its own sizes of change, so that good ones are inherited; at a smaller z if
        the old one expands."""
        random, n = self.random, len(old.z)
        kind = random.choice(6, size=n, p=SHARES)
        reach = self._reach(old.z, old.x)
        size = np.where(
            kind == GLOBAL, reach * 10 ** random.uniform(-3, 0, n), old.size * np.exp(random.standard_normal(n))
        )
        jump = np.where(
            random.random(n) < 0.3,
            10 ** random.uniform(math.log10(SMALLEST_JUMP), math.log10(0.5), n),
            np.minimum(old.jump * np.exp(random.standard_normal(n)), 0.5),
        )
        jump = np.where(old.found > 1 + TOLERANCE, jump, 0)
        z = np.maximum(old.z * (1 - jump), smallest)
        move = size * random.standard_normal(old.x.shape)
        move = np.where(kind == STAY, 0.0, move)
        move = np.where(kind == AGAIN, old.move * np.exp(random.standard_normal(n)), move)
        x = old.x + move
        if m := len(self.F.kinks.offsets):
            nearer, across = kind == NEARER, kind == ACROSS
            x[:, nearer] = self._nearer(old.x[:, nearer], old.z[nearer], z[nearer])
            one = np.eye(m)[random.integers(m, size=across.sum())]
            x[:, across] = between(self.method, self.F, z[across] / self.F.L, old.x[:, across], one, random)
        return Lineages(z, x, self.ratios(z, x), size, np.maximum(jump, SMALLEST_JUMP), x - old.x)

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
