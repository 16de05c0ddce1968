"""Optimisers as discretisations: error against gradient evaluations on an ill-conditioned convex problem.

Of the gradient flow x' = -grad V: explicit Euler is gradient descent, and stabilised Runge-Kutta-Chebyshev
methods, damped so that [mu, L] is just their interval, take s evaluations for one long step
(EftekhariVandereyckenVilmartZygalakis2021). Of the damped flow x'' + gamma x' + grad V(x) = 0: the conformal
symplectic Euler method, p <- exp(-gamma h) p - h grad V(q), q <- q + h p, is the heavy ball (Polyak1964) with
momentum exp(-gamma h) and step h^2 (FrancaSulamRobinsonVidal2020); each step multiplies the symplectic form by
exp(-gamma h) exactly (McLachlanPerlmutter2001). Nesterov's method takes the gradient at the point to which the
momentum leads.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.gradient_step import flow_step
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.arrays import Floats
from geoflow.errors import InputError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.integrators.chebyshev import rkc_1
from geoflow.potentials import POTENTIALS, Potential, gradient_field
from geoflow.registry import Table, lookup, made

Iterates = Iterator[
    tuple[int, Floats]
]  # gradient evaluations of the next step, and the point that it reaches
FITTED = (
    0.5  # the rate is fitted over the second half of the run, down to ROUNDING of the first error
)
ROUNDING = 1e-11


def momentum(V: Potential) -> tuple[float, float]:
    """Step alpha and momentum beta of the heavy ball, best for quadratics with spectrum [mu, L] (Polyak1964)."""
    alpha = (2 / (math.sqrt(V.L) + math.sqrt(V.mu))) ** 2
    return alpha, ((math.sqrt(V.L / V.mu) - 1) / (math.sqrt(V.L / V.mu) + 1)) ** 2


def gradient_descent(V: Potential, x: Floats, stages: int) -> Iterates:
    """Explicit Euler with h = 2 / (L + mu)."""
    euler, F, h = METHODS["explicit_euler"], gradient_field(V), 2 / (V.L + V.mu)
    assert isinstance(euler, RungeKutta)
    while True:
        x = flow_step(euler, F, h, x)
        yield 1, x


def chebyshev(V: Potential, x: Floats, stages: int) -> Iterates:
    """RKC of order one: w0 = (L + mu) / (L - mu) and h with w0 - w1 h L = -1 spread [mu, L] over [-1, 1]."""
    w0 = (V.L + V.mu) / (V.L - V.mu)
    method = rkc_1(stages, (w0 - 1) * stages**2)
    w1 = math.cosh(stages * math.acosh(w0)) / (
        stages * math.sinh(stages * math.acosh(w0)) / math.sqrt(w0**2 - 1)
    )
    F, h = gradient_field(V), (w0 + 1) / (w1 * V.L)
    while True:
        x = flow_step(method, F, h, x)
        yield stages, x


def heavy_ball(V: Potential, x: Floats, stages: int) -> Iterates:
    """x_(n+1) = x_n - alpha grad V(x_n) + beta (x_n - x_(n-1))."""
    alpha, beta = momentum(V)
    before = x
    while True:
        x, before = x - alpha * V.gradient(x) + beta * (x - before), x
        yield 1, x


def nesterov(V: Potential, x: Floats, stages: int) -> Iterates:
    """y = x_n + beta (x_n - x_(n-1)), x_(n+1) = y - grad V(y) / L, beta the root of the heavy ball's."""
    beta = math.sqrt(momentum(V)[1])
    before = x
    while True:
        y = x + beta * (x - before)
        x, before = y - V.gradient(y) / V.L, x
        yield 1, x


def conformal_euler(V: Potential, x: Floats, stages: int) -> Iterates:
    """The damping's exact flow, a kick and a drift: the heavy ball."""
    alpha, beta = momentum(V)
    h, p = math.sqrt(alpha), np.zeros_like(x)
    while True:
        p = beta * p - h * V.gradient(x)
        x = x + h * p
        yield 1, x


def conformal_verlet(V: Potential, x: Floats, stages: int) -> Iterates:
    """Half a drift, half the damping, a kick, half the damping, half a drift, with h^2 exp(-gamma h / 2) = alpha.

    That choice makes it conjugate to the heavy ball by half a drift, so its rate is the same.
    """
    alpha, beta = momentum(V)
    h, p = math.sqrt(alpha / math.sqrt(beta)), np.zeros_like(x)
    while True:
        x = x + h / 2 * p
        p = math.sqrt(beta) * (math.sqrt(beta) * p - h * V.gradient(x))
        x = x + h / 2 * p
        yield 1, x


def damped_explicit_euler(V: Potential, x: Floats, stages: int) -> Iterates:
    """Explicit Euler for q' = p, p' = -gamma p - grad V(q), with the heavy ball's h and gamma: no structure is kept."""
    alpha, beta = momentum(V)
    h, p = math.sqrt(alpha), np.zeros_like(x)
    while True:
        x, p = x + h * p, p + math.log(beta) * p - h * V.gradient(x)
        yield 1, x


OPTIMISERS: Table[Callable[[Potential, Floats, int], Iterates]] = Table(
    "optimiser",
    {
        "gradient_descent": gradient_descent,
        "chebyshev": chebyshev,
        "heavy_ball": heavy_ball,
        "nesterov": nesterov,
        "conformal_euler": conformal_euler,
        "conformal_verlet": conformal_verlet,
        "damped_explicit_euler": damped_explicit_euler,
    },
)


def theory(name: str, kappa: float, stages: int) -> float:
    """The factor of |x - x*| per gradient evaluation on the worst quadratic; not a number if none is known."""
    root = math.sqrt(kappa)
    if name == "gradient_descent":
        return (kappa - 1) / (kappa + 1)
    if name == "chebyshev":  # 1 / T_s(w0) a step
        return math.cosh(stages * math.acosh((kappa + 1) / (kappa - 1))) ** (-1 / stages)
    if name in ("heavy_ball", "conformal_euler", "conformal_verlet"):
        return (root - 1) / (root + 1)
    return 1 - 1 / root if name == "nesterov" else math.nan


def descent(
    potentials: Sequence[Mapping[str, Any]],
    optimisers: Sequence[str],
    stages: int,
    evaluations: int,
    distance: float,
    seed: int,
    progress: Progress = no_progress,
) -> Study:
    """|x - x*| / |x_0 - x*| against gradient evaluations, from a point at `distance` from the minimiser.

    Tables `errors` (potential, optimiser, evaluations, error) and `rates` (potential, optimiser, kappa, rate fitted per
    evaluation, theory). Summary: `rate|theory|error/<potential>/<optimiser>`, `kappa/<potential>`, and
    `heavy_ball_gap`, the largest difference of heavy ball and conformal Euler relative to the first error.
    """
    if not potentials or not optimisers or stages < 2 or evaluations < 10:
        raise InputError(
            "expected potentials, optimisers, 2 or more stages and 10 or more evaluations; "
            f"got {stages} stages and {evaluations} evaluations."
        )
    errors: list[pd.DataFrame] = []
    rates: list[dict[str, Any]] = []
    gap = 0.0
    for spec in progress(potentials, "potentials"):
        V = made(POTENTIALS, spec)
        if V.mu <= 0:
            raise InputError(f"expected a strongly convex potential, {V.name} has mu = {V.mu}.")
        away = np.random.default_rng(seed).standard_normal((V.dimension, 1))
        start = V.minimiser[:, None] + distance * away / np.linalg.norm(away)
        runs = {}
        for name in optimisers:
            spent, x = _run(lookup(OPTIMISERS, name)(V, start, stages), start, evaluations)
            runs[name] = x
            error = np.linalg.norm(x - V.minimiser[:, None], axis=0) / distance
            who = {"potential": V.name, "optimiser": name}
            errors.append(pd.DataFrame({**who, "evaluations": spent, "error": error}))
            known = theory(name, V.L / V.mu, stages)
            rates.append(
                {**who, "kappa": V.L / V.mu, "rate": fitted(spent, error), "theory": known}
            )
            rates[-1]["error"] = float(error[-1])
        if {"heavy_ball", "conformal_euler"} <= set(runs):
            difference = runs["heavy_ball"] - runs["conformal_euler"]
            gap = max(gap, float(np.abs(difference).max()) / distance)
    table = pd.DataFrame(rates)
    summary = {
        f"{key}/{row['potential']}/{row['optimiser']}": float(row[key])
        for row in rates
        for key in ("rate", "theory", "error")
    } | {f"kappa/{row['potential']}": float(row["kappa"]) for row in rates}
    summary["heavy_ball_gap"] = gap
    return Study({"errors": pd.concat(errors, ignore_index=True), "rates": table}, summary)


def _run(iterates: Iterates, start: Floats, evaluations: int) -> tuple[Floats, Floats]:
    """Evaluations spent (n,) and points (d, n) until they are spent or the points fly off."""
    spent, points = [0], [start]
    for cost, x in iterates:
        if spent[-1] + cost > evaluations or not np.abs(x).max() < 1e12:
            break
        spent.append(spent[-1] + cost)
        points.append(x)
    return np.array(spent), np.concatenate(points, axis=1)


def fitted(spent: Floats, error: Floats) -> float:
    """The factor per evaluation of a straight line through log error over the second half, above round-off."""
    above = np.flatnonzero(error <= ROUNDING)
    n = above[0] if above.size else len(error)
    late = slice(int(FITTED * n), n)
    if n - late.start < 2:
        return math.nan
    return float(np.exp(np.polyfit(spent[late], np.log(error[late]), 1)[0]))
