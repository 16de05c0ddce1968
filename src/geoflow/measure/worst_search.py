"""Search for the potential with the largest expansion of a step.

The unknowns are the gradients and values of V at the stages of two steps, which start at +-delta / 2; the constraints
are the interpolation conditions, which guarantee that such a V exists. A local optimiser (SLSQP, with exact
derivatives) starts from many random points (`search`), or once from the solution of the semidefinite program, projected
to a few dimensions (`rounded`). The potential is then built from the data and two steps are computed, so that the
reported factor is attained and bounds the worst case of `geoflow.theory.performance` from below.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from geoflow.ground import Floats, InputError, SolveError
from geoflow.integrators.families import RungeKutta
from geoflow.measure.gradient_step import flow_step
from geoflow.potentials import Potential, gradient_field
from geoflow.potentials.interpolant import interpolant
from geoflow.theory.two_steps import two_steps

ITERATIONS = 300
DESCENT = 1e-13  # stopping tolerance of SLSQP for the decrease per iteration
UNLIKELY = 1e-3  # relative violation of the constraints above which a result is discarded


@dataclass(frozen=True, eq=False)
class Found:
    """Result of a search. factor: the ratio |phi(y) - phi(z)| / |y - z| of two computed steps, NaN if none succeeded;
    potential: V with L = 1; starts: (d, 2), the columns y and z; stages: (2 s, d), all stage points.
    """

    factor: float
    potential: Potential | None
    starts: Floats
    stages: Floats


class _Climb:
    """Optimisation problem in the unknowns: rows m_i, d_i of shape (2 s, d), then values (2 s,)."""

    def __init__(self, method: RungeKutta, hL: float, dimension: int) -> None:
        steps = two_steps(method, hL)
        self.n, self.d = 2 * steps.stages, dimension
        self.delta = np.eye(1, dimension)
        self.steps, self.weights = steps, steps.end[1:]
        i, self.j = np.nonzero(~np.eye(self.n, dtype=bool))
        self.moved = steps.points[i] - steps.points[self.j]  # rows of coefficients of (delta, unknowns)
        self.turned = steps.gradients[i] - steps.gradients[self.j]
        self.raised = np.eye(self.n)[i] - np.eye(self.n)[self.j]

    def nothing(self) -> Found:
        """Initial result, before the first optimisation."""
        starts = np.stack([self.delta[0] / 2, -self.delta[0] / 2], axis=1)
        return Found(math.nan, None, starts, np.zeros((self.n, self.d)))

    def basis(self, unknowns: Floats) -> Floats:
        """Vectors delta and unknowns, shape (2 s + 1, d)."""
        return np.vstack([self.delta, unknowns[: self.n * self.d].reshape(self.n, self.d)])

    def data(self, unknowns: Floats) -> tuple[Floats, Floats, Floats]:
        """Points (2 s, d), gradients (2 s, d), values (2 s,)."""
        basis = self.basis(unknowns)
        return self.steps.points @ basis, self.steps.gradients @ basis, unknowns[self.n * self.d :]

    def objective(self, unknowns: Floats) -> tuple[float, Floats]:
        """Objective -|end|^2 and its derivative."""
        end = self.steps.end @ self.basis(unknowns)
        slope = np.outer(self.weights, -2 * end).ravel()
        return -float(end @ end), np.concatenate([slope, np.zeros(self.n)])

    def conditions(self, unknowns: Floats) -> Floats:
        """Constraints f_i - f_j - <g_j, x_i - x_j> - |g_i - g_j|^2 / 2 >= 0 for all i != j."""
        dx, dg, g = self._differences(unknowns)
        values = unknowns[self.n * self.d :]
        return self.raised @ values - (g * dx).sum(axis=1) - (dg * dg).sum(axis=1) / 2

    def slopes(self, unknowns: Floats) -> Floats:
        """Derivative of `conditions`."""
        dx, dg, g = self._differences(unknowns)
        by_vectors = (
            self.steps.gradients[self.j][:, 1:, None] * dx[:, None]
            + self.moved[:, 1:, None] * g[:, None]
            + self.turned[:, 1:, None] * dg[:, None]
        )
        return np.hstack([-by_vectors.reshape(len(self.j), -1), self.raised])

    def guess(self, hL: float, random: np.random.Generator) -> Floats:
        """Random starting point: mean gradients of various sizes around 1 / h, differences of the size of delta."""
        size = np.ones((self.n, self.d))
        size[: self.n // 2] = 10 ** random.uniform(-1, 1) / min(hL, 1)
        vectors = size * random.standard_normal((self.n, self.d))
        return np.concatenate([vectors.ravel(), random.standard_normal(self.n)])

    def _differences(self, unknowns: Floats) -> tuple[Floats, Floats, Floats]:
        basis = self.basis(unknowns)
        return self.moved @ basis, self.turned @ basis, (self.steps.gradients @ basis)[self.j]


def search(method: RungeKutta, hL: float, dimension: int, restarts: int, seed: int) -> Found:
    """Search for the largest expansion over all 1-smooth convex V on R^dimension and points at distance one."""
    if not hL > 0 or dimension < 1 or restarts < 1:
        raise InputError(f"expected h L > 0 and at least one dimension and restart, got {hL}, {dimension}, {restarts}.")
    climb, random = _Climb(method, hL, dimension), np.random.default_rng(seed)
    best = climb.nothing()
    for _ in range(restarts):
        best = _better(method, hL, climb, climb.guess(hL, random), best)
    return best


def rounded(method: RungeKutta, hL: float, dimension: int, gram: Floats, values: Floats) -> Found:
    """Optimise once on R^dimension from the data of `geoflow.theory.performance.small_data`.

    The Gram matrix belongs to vectors in R^(2 s + 1). They are projected onto the largest principal axes and rotated
    so that delta is along the first axis.
    """
    climb = _Climb(method, hL, dimension)
    sizes, axes = np.linalg.eigh(gram)
    largest = slice(None, -dimension - 1, -1)
    kept = axes[:, largest] * np.sqrt(np.maximum(sizes[largest], 0))
    # The first column of Q is the direction of delta up to its sign.
    turn = np.linalg.qr(kept[:1].T, mode="complete").Q
    vectors = (kept @ turn)[1:] * np.sign(kept[0] @ turn[:, 0])
    return _better(method, hL, climb, np.concatenate([vectors.ravel(), values]), climb.nothing())


def _better(method: RungeKutta, hL: float, climb: _Climb, guess: Floats, best: Found) -> Found:
    """Optimise from `guess`; return the result if its factor exceeds that of `best`, otherwise `best`."""
    end = minimize(
        climb.objective,
        guess,
        jac=True,
        method="SLSQP",
        constraints=[{"type": "ineq", "fun": climb.conditions, "jac": climb.slopes}],
        options={"maxiter": ITERATIONS, "ftol": DESCENT},
    )
    if math.sqrt(-end.fun) <= best.factor or not np.isfinite(end.x).all():
        return best
    if climb.conditions(end.x).min() <= -UNLIKELY * max(1.0, np.abs(end.x).max()):
        return best
    points, gradients, values = climb.data(end.x)
    V = interpolant(points, gradients, values)
    factor = taken(method, V, hL, best.starts)
    return best if factor <= best.factor else Found(factor, V, best.starts, points)


def taken(method: RungeKutta, V: Potential, h: float, starts: Floats) -> float:
    """Ratio |phi_h(y) - phi_h(z)| / |y - z|, y and z the columns of `starts`; NaN if a stage cannot be solved."""
    try:
        ends = flow_step(method, gradient_field(V), h, starts)
    except SolveError:
        return math.nan
    return float(np.linalg.norm(ends[:, 0] - ends[:, 1]) / np.linalg.norm(starts[:, 0] - starts[:, 1]))
