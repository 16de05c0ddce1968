"""Does one step bring any two points closer? Expansion ratios on gradient flows of convex potentials.

Every ratio is that of two points which were in fact stepped, so it is a lower bound of the step's Lipschitz
constant; the theorem of `geoflow.analysis.radii` is the upper side: at most one for h L <= 2 r.
"""

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.radii import contractivity_radius
from geoflow.analysis.stability import real_stability_interval
from geoflow.analysis.structure import properties
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.errors import InputError, SolveError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.integrators.step import step
from geoflow.potentials import POTENTIALS, Potential
from geoflow.potentials.potential import Floats
from geoflow.registry import lookup

# Newton's method leaves 1e-14 (1 + |x|) in a step; near pairs are 1e-4 (1 + |x|) apart.
TOLERANCE = 1e-8
NEAR = 1e-4
PAIRED = 200  # points of which all pairs are compared; the near pairs are more telling
HALVINGS = 14
JUST_ABOVE = 1.01


def expansion(
    potential: Mapping[str, Any],
    methods: Sequence[str],
    largest: float,
    count: int,
    points: int,
    implicit_points: int,
    seed: int,
    progress: Progress = no_progress,
) -> Study:
    """The expansion ratio against h L, and the largest step that expands no sampled pair.

    h L runs over `count` equidistant values up to `largest`; `points` are sampled at many distances from
    the minimiser, `implicit_points` for an implicit method, whose step costs a hundred times as much.

    Summary, and columns of the table `steps`: `bound/<method>` = 2 r, `linear/<method>` (real stability
    interval), `largest_step/<method>` by bisection (`largest` when nothing expands up to there),
    `first_expansion/<method>` (the same, or not a number), `worst/<method>` on the grid,
    `just_above/<method>` (the ratio 1 % above a finite positive bound), and `violations` of the bound.
    """
    if not methods or largest <= 0 or min(count, points, implicit_points) < 2:
        raise InputError(
            "expected methods, a positive largest h L, and at least two of count, points and "
            f"implicit_points; got {list(methods)}, {largest}, {count}, {points}, {implicit_points}."
        )
    parameters = {key: value for key, value in potential.items() if key != "name"}
    V = lookup(POTENTIALS, potential["name"])(**parameters)
    grid = np.linspace(0, largest, count + 1)[1:]
    curves, steps = [], []
    for name in progress(methods, "methods"):
        method = runge_kutta(name)
        cloud = sample(V, points if method.explicit else implicit_points, seed)
        ratios, facts = measure(method, V, cloud, grid)
        who = {"potential": V.name, "method": name}
        curves.append(pd.DataFrame({**who, "hL": grid, "expansion": ratios}))
        steps.append({**who, **facts})
    tables = {"expansion": pd.concat(curves, ignore_index=True), "steps": pd.DataFrame(steps)}
    summary = {f"{q}/{row['method']}": row[q] for row in steps for q in facts}
    summary["violations"] = float(tables["steps"]["violations"].sum())
    return Study(tables, summary)


def measure(
    method: RungeKutta, V: Potential, cloud: Floats, grid: Floats
) -> tuple[Floats, dict[str, float]]:
    """The ratios on the grid of h L, and the facts of `expansion` about one method."""
    ratios = np.array([expansion_ratio(method, V, hL / V.L, cloud) for hL in grid])
    bound = 2 * (contractivity_radius(method) or 0.0)
    within, just_above = list(ratios[grid <= bound]), math.nan
    if 0 < bound < math.inf:
        within.append(expansion_ratio(method, V, bound / V.L, cloud))
        just_above = expansion_ratio(method, V, JUST_ABOVE * bound / V.L, cloud)
    end = largest_step(method, V, cloud, grid, ratios)
    return ratios, {
        "bound": bound,
        "linear": real_stability_interval(method) or 0.0,
        "largest_step": end,
        "first_expansion": end if expands(ratios.max()) else math.nan,
        "worst": float(ratios.max()),
        "just_above": just_above,
        "violations": float(sum(map(expands, within))),
    }


def expands(ratio: float) -> bool:
    """Whether a ratio is above one by more than round-off."""
    return bool(ratio > 1 + TOLERANCE)


def radii(methods: Sequence[str], progress: Progress = no_progress) -> Study:
    """What the coefficients alone say: radii, intervals, and the two kinds of unconditional stability.

    Summary: `radius/<method>` (circle contractivity), `bound/<method>` = 2 r, `ssp/<method>`,
    `real/<method>`, `imaginary/<method>`, and 1 or 0 for `a_stable/<method>`, `b_stable/<method>`.
    """
    columns = {
        "radius": "contractivity_radius",
        "ssp": "ssp_coefficient",
        "real": "real_stability_interval",
        "imaginary": "imaginary_stability_interval",
        "a_stable": "a_stable",
        "b_stable": "algebraically_stable",
    }
    rows: list[dict[str, Any]] = []
    summary: dict[str, float] = {}
    for name in progress(methods, "methods"):
        facts = properties(runge_kutta(name))
        row = {column: float(facts[key]) for column, key in columns.items()}  # type: ignore[arg-type]
        row["bound"] = 2 * row["radius"]
        rows.append({"method": name, "order": facts["order"], **row})
        summary |= {f"{quantity}/{name}": value for quantity, value in row.items()}
    summary["above_linear"] = float(sum(row["bound"] > row["real"] + 1e-12 for row in rows))
    return Study({"radii": pd.DataFrame(rows)}, summary)


def runge_kutta(name: str) -> RungeKutta:
    """The Runge-Kutta method called `name`; raises InputError for a splitting, which needs two parts."""
    method = lookup(METHODS, name)
    if not isinstance(method, RungeKutta):
        raise InputError(
            f"expected a Runge-Kutta method for a gradient flow, got the splitting {name!r}; "
            "try 'implicit_midpoint'."
        )
    return method


def sample(V: Potential, points: int, seed: int) -> Floats:
    """Points around the minimiser at distances from 0.1 to 30 or so, shape (d, points)."""
    random = np.random.default_rng(seed)
    scales = 10 ** random.uniform(-1, 1.5, points)
    return V.minimiser[:, None] + scales * random.standard_normal((V.dimension, points))


def flow_step(method: RungeKutta, V: Potential, h: float, x: Floats) -> Floats:
    """One step of x' = -grad V(x) for all columns of x, shape (d, N)."""

    def field(t: float, y: Floats) -> Floats:
        return -V.gradient(y)

    if method.explicit:
        return step(method, field, 0.0, x, h)
    if not V.smooth:
        # Newton's method may cycle between the pieces of the gradient. With the mean curvature in
        # place of the Hessian, the iteration of one implicit stage contracts by h L / (2 + h L).
        mean = np.tile(-V.L / 2 * np.eye(V.dimension), (x.shape[1], 1, 1))
        with suppress(SolveError):
            return step(method, field, 0.0, x, h, jacobian=lambda t, y: mean)
    return step(method, field, 0.0, x, h, jacobian=lambda t, y: -V.hessian(y))


def expansion_ratio(method: RungeKutta, V: Potential, h: float, cloud: Floats) -> float:
    """The largest |phi_h(x) - phi_h(y)| / |x - y| over pairs of the cloud and near pairs around its points.

    The direction of a near pair is the first right singular vector of the step's derivative there.
    """
    d, N = cloud.shape
    apart = NEAR * (1 + np.linalg.norm(cloud, axis=0))
    axes = np.eye(d)[:, :, None] * apart  # (d, axis, N)
    around = np.concatenate([cloud[:, None] + axes, cloud[:, None] - axes], axis=1)
    images = flow_step(method, V, h, np.concatenate([cloud, around.reshape(d, -1)], axis=1))
    plus, minus = np.split(images[:, N:].reshape(d, 2 * d, N), 2, axis=1)
    derivative = np.moveaxis((plus - minus) / (2 * apart), -1, 0)  # (N, d, d)
    steepest = np.linalg.svd(derivative)[2][:, 0].T * apart
    near = np.concatenate([cloud + steepest, cloud - steepest], axis=1)
    near_ratio = _ratio(
        *np.split(flow_step(method, V, h, near), 2, axis=1), *np.split(near, 2, axis=1)
    )
    i, j = np.triu_indices(min(N, PAIRED), k=1)
    x, fx = cloud, images[:, :N]
    return float(max(near_ratio.max(), _ratio(fx[:, i], fx[:, j], x[:, i], x[:, j]).max()))


def _ratio(fx: Floats, fy: Floats, x: Floats, y: Floats) -> Floats:
    return np.linalg.norm(fx - fy, axis=0) / np.linalg.norm(x - y, axis=0)


def largest_step(
    method: RungeKutta, V: Potential, cloud: Floats, grid: Floats, ratios: Floats
) -> float:
    """The h L at which the ratio first exceeds one, bisected behind the first grid value where it does.

    The end of the grid when no pair expands up to there.
    """
    expanding = [k for k, ratio in enumerate(ratios) if expands(ratio)]
    if not expanding:
        return float(grid[-1])
    first = expanding[0]
    low, high = (grid[first - 1] if first else 0.0), grid[first]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if expands(expansion_ratio(method, V, middle / V.L, cloud)):
            high = middle
        else:
            low = middle
    return float(low)
