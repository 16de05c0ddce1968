"""The worst potential for a step, searched: data of a smooth convex function that are driven apart.

Unknown are the gradients and values of V at the stages of two steps; constraints are the interpolation conditions,
so that some V has them. A local method (SLSQP, with exact derivatives) climbs from many random starts. The potential is
then built from the best data and two steps are really taken: what is reported has happened, and bounds the
worst case of `geoflow.analysis.performance` from below.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from geoflow.analysis.contractivity import flow_step
from geoflow.analysis.two_steps import two_steps
from geoflow.errors import InputError, SolveError
from geoflow.integrators.families import Floats, RungeKutta
from geoflow.potentials.interpolant import interpolant
from geoflow.potentials.potential import Potential

ITERATIONS = 300
DESCENT = 1e-13  # SLSQP stops when a step gains less
UNLIKELY = 1e-6  # a violation of the conditions beyond which a climb is given up


@dataclass(frozen=True, eq=False)
class Found:
    """factor: the ratio |phi(y) - phi(z)| / |y - z| of two steps that were taken; NaN when no climb succeeded.

    potential: V with L = 1; starts: (d, 2), the columns y and z; stages: (2 s, d), all stage points.
    """

    factor: float
    potential: Potential | None
    starts: Floats
    stages: Floats


class _Climb:
    """Objective, constraints and their derivatives; the unknowns are the gradients (2 s, d), then the values (2 s,)."""

    def __init__(self, method: RungeKutta, hL: float, dimension: int) -> None:
        steps = two_steps(method, hL)
        self.n, self.d = 2 * steps.stages, dimension
        self.delta = np.eye(1, dimension)[0]
        self.stage = steps.points  # (n, n + 1): coefficients of delta, then of the gradients
        self.weights = steps.end[1:]
        self.i, self.j = np.nonzero(~np.eye(self.n, dtype=bool))
        rows = np.eye(self.n)
        self.difference = rows[self.i] - rows[self.j]
        self.second = rows[self.j]
        self.moved = self.difference @ self.stage

    def unpack(self, unknowns: Floats) -> tuple[Floats, Floats]:
        return unknowns[: self.n * self.d].reshape(self.n, self.d), unknowns[self.n * self.d :]

    def points(self, gradients: Floats) -> Floats:
        return np.outer(self.stage[:, 0], self.delta) + self.stage[:, 1:] @ gradients

    def objective(self, unknowns: Floats) -> tuple[float, Floats]:
        """-|end|^2 and its derivative."""
        gradients, values = self.unpack(unknowns)
        end = self.delta + self.weights @ gradients
        slope = np.outer(self.weights, -2 * end).ravel()
        return -float(end @ end), np.concatenate([slope, 0 * values])

    def conditions(self, unknowns: Floats) -> Floats:
        """f_i - f_j - <g_j, x_i - x_j> - |g_i - g_j|^2 / 2 >= 0 for all i != j."""
        gradients, values = self.unpack(unknowns)
        dx, dg = self._differences(gradients)
        return (
            self.difference @ values - (gradients[self.j] * dx).sum(1) - (dg * dg).sum(1) / 2
        )

    def slopes(self, unknowns: Floats) -> Floats:
        """The derivative of `conditions`."""
        gradients, _ = self.unpack(unknowns)
        dx, dg = self._differences(gradients)
        by_gradient = (
            self.second[:, :, None] * dx[:, None]
            + self.moved[:, 1:, None] * gradients[self.j][:, None]
            + self.difference[:, :, None] * dg[:, None]
        )
        return np.hstack([-by_gradient.reshape(len(self.i), -1), self.difference])

    def _differences(self, gradients: Floats) -> tuple[Floats, Floats]:
        return (
            np.outer(self.moved[:, 0], self.delta) + self.moved[:, 1:] @ gradients,
            self.difference @ gradients,
        )


def search(method: RungeKutta, hL: float, dimension: int, restarts: int, seed: int) -> Found:
    """The largest expansion found over all 1-smooth convex V on R^dimension and pairs of points at distance one."""
    if not hL > 0 or dimension < 1 or restarts < 1:
        raise InputError(
            f"expected h L > 0 and at least one dimension and restart, got {hL}, {dimension}, {restarts}."
        )
    climb, random = _Climb(method, hL, dimension), np.random.default_rng(seed)
    starts = np.stack([climb.delta, 0 * climb.delta], axis=1)
    best = Found(math.nan, None, starts, np.zeros((climb.n, dimension)))
    for _ in range(restarts):
        size = climb.n * (dimension + 1)
        guess = 10 ** random.uniform(-1, 1) * random.standard_normal(size)
        end = minimize(
            climb.objective,
            guess,
            jac=True,
            method="SLSQP",
            constraints=[{"type": "ineq", "fun": climb.conditions, "jac": climb.slopes}],
            options={"maxiter": ITERATIONS, "ftol": DESCENT},
        )
        promising = not math.sqrt(-end.fun) <= best.factor
        if promising and np.isfinite(end.x).all() and climb.conditions(end.x).min() > -UNLIKELY:
            gradients, values = climb.unpack(end.x)
            points = climb.points(gradients)
            V = interpolant(points, gradients, values)
            factor = taken(method, V, hL, starts)
            if not factor <= best.factor:
                best = Found(factor, V, starts, points)
    return best


def taken(method: RungeKutta, V: Potential, h: float, starts: Floats) -> float:
    """|phi_h(y) - phi_h(z)| / |y - z| of two steps, y and z the columns of `starts`; NaN if a stage cannot be solved."""
    try:
        ends = flow_step(method, V, h, starts)
    except SolveError:
        return math.nan
    return float(np.linalg.norm(ends[:, 0] - ends[:, 1]) / np.linalg.norm(starts[:, 0] - starts[:, 1]))
