"""How much does one step expand distances, over all points of a field? Every method on every potential.

The largest norm of the step's derivative is its Lipschitz constant, because R^d is convex and the step piecewise
smooth; the largest that is found is a lower bound of it. The theorem of `geoflow.analysis.radii` is the upper side: at
most one for h <= 2 r beta, beta the cocoercivity of the field, which is 1/L for a gradient.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.contractivity import runge_kutta
from geoflow.analysis.gradient_step import step_jacobian
from geoflow.analysis.radii import contractivity_radius
from geoflow.analysis.stability import real_stability_interval
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.arrays import Floats
from geoflow.errors import InputError
from geoflow.integrators import RungeKutta
from geoflow.potentials import POTENTIALS, MonotoneField, gradient_field, with_skew
from geoflow.registry import made

TOLERANCE = 1e-8  # a ratio above one by less is round-off
ELITE, CHILDREN, ROUNDS = 16, 4, 2  # the search around the points that expand most
HALVINGS = 12
JUST_ABOVE = 1.01
Norm = Callable[[Floats], Floats]


def spectral(J: Floats) -> Floats:
    """The largest singular value of each matrix, shape (N, d, d) -> (N,)."""
    squares = np.linalg.eigvalsh(np.swapaxes(J, 1, 2) @ J)[:, -1]
    return np.asarray(np.sqrt(np.maximum(squares, 0)))


def field_of(spec: Mapping[str, Any]) -> MonotoneField:
    """The field of {label, potential: {name, parameters}, skew}."""
    V = made(POTENTIALS, spec["potential"])
    skew = spec.get("skew", 0.0)
    return with_skew(V, skew) if skew else gradient_field(V)


def sample(F: MonotoneField, points: int, seed: int) -> Floats:
    """Points around the zero of F at distances from 0.1 to 30 or so, shape (d, points)."""
    random = np.random.default_rng(seed)
    scales = 10 ** random.uniform(-1, 1.5, points)
    return F.zero[:, None] + scales * random.standard_normal((F.dimension, points))


@cache
def bounds(method: RungeKutta) -> tuple[float, float]:
    """2 r and the real stability interval, from the coefficients."""
    return 2 * (contractivity_radius(method) or 0.0), real_stability_interval(method) or 0.0


def bound_on(method: RungeKutta, F: MonotoneField) -> float:
    """2 r beta L; a B-stable method needs no cocoercivity."""
    of_gradients = bounds(method)[0]
    return math.inf if of_gradients == math.inf else of_gradients * F.cocoercivity * F.L


def expands(ratio: float) -> bool:
    """Whether a ratio is above one by more than round-off."""
    return bool(ratio > 1 + TOLERANCE)


class Probe:
    """The expansion of one method on one field; what it learns at one step size it tries at the next."""

    def __init__(
        self, method: RungeKutta, F: MonotoneField, cloud: Floats, seed: int, norm: Norm = spectral
    ) -> None:
        self.method, self.F, self.cloud, self.norm = method, F, cloud, norm
        self.random = np.random.default_rng([seed, 1])
        self.elite = cloud[:, :1]

    def ratios(self, hL: float, x: Floats) -> Floats:
        return self.norm(step_jacobian(self.method, self.F, hL / self.F.L, x))

    def __call__(self, hL: float) -> float:
        """The largest ratio at h = hL / L over the cloud and around its best points."""
        x = np.concatenate([self.cloud, self.elite], axis=1)
        found = self.ratios(hL, x)
        for _ in range(ROUNDS):
            best = np.argsort(found)[::-1][:ELITE]
            x, found = x[:, best], found[best]
            new = self._around(x)
            x, found = (
                np.concatenate([x, new], axis=1),
                np.concatenate([found, self.ratios(hL, new)]),
            )
        self.elite = x[:, np.argsort(found)[::-1][:ELITE]]
        return float(found.max())

    def _around(self, x: Floats) -> Floats:
        parents = np.repeat(x, CHILDREN, axis=1)
        distance = np.linalg.norm(parents - self.F.zero[:, None], axis=0)
        scale = distance * 10 ** self.random.uniform(-2.5, 0, distance.size)
        return parents + scale * self.random.standard_normal(parents.shape)

    def first(self, grid: Floats) -> tuple[float, Floats]:
        """The h L from which on it expands, not a number when it does nowhere, and the ratios on the grid."""
        ratios = np.array([self(hL) for hL in grid])
        where = np.flatnonzero(ratios > 1 + TOLERANCE)
        if not where.size:
            return math.nan, ratios
        low, high = (grid[where[0] - 1] if where[0] else 0.0), grid[where[0]]
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (low, middle) if expands(self(middle)) else (middle, high)
        return float(high), ratios


def expansion(
    fields: Sequence[Mapping[str, Any]],
    methods: Sequence[str],
    largest: float,
    count: int,
    points: int,
    implicit_points: int,
    seed: int,
    progress: Progress = no_progress,
) -> Study:
    """The largest expansion ratio found against h L, on an even grid of `count` values up to `largest`.

    Tables `expansion` (the curves) and `marks` (bound = 2 r beta L and first_expansion, bisected; not a number: none).
    Summary `worst/<field>/<method>`.
    """
    require(fields, methods, largest, count, points, implicit_points)
    grid = np.linspace(0, largest, count + 1)[1:]
    curves, marks, summary = [], [], {}
    for spec in progress(fields, "fields"):
        F = field_of(spec)
        for name in methods:
            method = runge_kutta(name)
            cloud = sample(F, points if method.explicit else implicit_points, seed)
            first, ratios = Probe(method, F, cloud, seed).first(grid)
            who = {"field": spec["label"], "method": name}
            marks.append({**who, "bound": bound_on(method, F), "first_expansion": first})
            curves.append(pd.DataFrame({**who, "hL": grid, "expansion": ratios}))
            summary[f"worst/{spec['label']}/{name}"] = float(ratios.max())
    tables = {"expansion": pd.concat(curves, ignore_index=True), "marks": pd.DataFrame(marks)}
    return Study(tables, summary)


def largest_steps(
    fields: Sequence[Mapping[str, Any]],
    methods: Sequence[str],
    smallest: float,
    largest: float,
    count: int,
    points: int,
    implicit_points: int,
    seed: int,
    progress: Progress = no_progress,
) -> Study:
    """The largest step at which nothing is seen to expand, beside 2 r beta and the linear bound.

    h L runs over `count` values in geometric progression from `smallest` to `largest`, for an explicit method
    only to just beyond its linear bound; the first expansion is bisected. Table `steps`, a row a field and
    method: `bound` = 2 r beta L, `gradient_bound` = 2 r, `linear`, `first_expansion` (not a number: none seen),
    `worst`, `just_above` (the ratio 1 % above a finite positive bound), `violations` of the bound and of the
    gradient bound on the grid.

    Summary: those as `<column>/<field>/<method>`; `earliest/<method>`, the first expansion on any gradient;
    `violations` over all gradients, `skew_violations` of the true bound and `skew_gradient_violations` of the
    gradient's bound over all other fields; over the methods of finite positive radius `methods_finite` and
    `attained` (first expansion on some gradient within 2 % of 2 r); over those of radius zero `methods_zero`
    and `early_share` (of them, seen to expand below 99 % of the linear bound); `methods_stable`, and
    `stable_worst` over the B-stable ones.
    """
    require(fields, methods, largest, count, points, implicit_points)
    rows = []
    for spec in progress(fields, "fields"):
        F = field_of(spec)
        for name in methods:
            method = runge_kutta(name)
            cloud = sample(F, points if method.explicit else implicit_points, seed)
            end = min(largest, 1.1 * bounds(method)[1])
            grid = np.geomspace(smallest, end, count)
            facts = measured(Probe(method, F, cloud, seed), grid)
            rows.append(
                {"field": spec["label"], "method": name, "skew": spec.get("skew", 0.0), **facts}
            )
    table = pd.DataFrame(rows)
    shown = ("bound", "linear", "first_expansion", "worst", "just_above")
    summary = {
        f"{key}/{row['field']}/{row['method']}": float(row[key]) for row in rows for key in shown
    }
    return Study({"steps": table}, {**summary, **_agreement(table)})


def measured(probe: Probe, grid: Floats) -> dict[str, float]:
    """What `largest_steps` says of one method on one field."""
    method, F = probe.method, probe.F
    of_gradients, linear = bounds(method)
    bound = bound_on(method, F)
    first, ratios = probe.first(grid)
    within = list(ratios[grid <= bound])
    finite = 0 < bound < math.inf
    if finite:
        within.append(probe(bound))
    return {
        "bound": bound,
        "gradient_bound": of_gradients,
        "linear": linear,
        "first_expansion": first,
        "worst": float(ratios.max()),
        "just_above": probe(JUST_ABOVE * bound) if finite else math.nan,
        "violations": float(sum(map(expands, within))),
        "gradient_violations": float(sum(map(expands, ratios[grid <= of_gradients]))),
    }


def _agreement(table: pd.DataFrame) -> dict[str, float]:
    plain, skew = table[table["skew"] == 0], table[table["skew"] > 0]
    radius = plain.groupby("method")["gradient_bound"].first()
    earliest = plain.groupby("method")["first_expansion"].min().reindex(radius.index)
    linear = plain.groupby("method")["linear"].first()
    stable = plain["gradient_bound"] == math.inf
    finite, zero = (radius > 0) & (radius < math.inf), radius == 0
    return {f"earliest/{method}": float(x) for method, x in earliest.items()} | {
        "violations": float(plain["violations"].sum()),
        "skew_violations": float(skew["violations"].sum()),
        "skew_gradient_violations": float(skew["gradient_violations"].sum()),
        "methods_finite": float(finite.sum()),
        "attained": float((earliest[finite] <= 1.02 * radius[finite]).sum()),
        "methods_zero": float(zero.sum()),
        "early_share": float((earliest[zero] < 0.99 * linear[zero]).mean()),
        "methods_stable": float((radius == math.inf).sum()),
        "stable_worst": float(plain[stable]["worst"].max()),
    }


def require(fields: Sequence[Any], methods: Sequence[str], largest: float, *counts: int) -> None:
    """Refuse values that measure nothing."""
    if not fields or not methods or largest <= 0 or min(counts) < 2:
        raise InputError(
            "expected fields, methods, a positive largest h L, and at least two of count and of each kind of points; "
            f"got {len(fields)} fields, {list(methods)}, {largest}, {list(counts)}."
        )
