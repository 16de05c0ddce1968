"""|x - x*| / |x_0 - x*| against gradient evaluations, from a point at `distance` from the minimiser."""

import math
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools, made
from geoflow.measure.expansion import require
from geoflow.measure.keyed import keyed
from geoflow.measure.optimisers import OPTIMISERS, Iterates, theory
from geoflow.potentials import POTENTIALS
from geoflow.studies.contractivity.descent.config import Descent

# The rate is fitted over this last part of the run, down to ROUNDING times the initial error.
FITTED, ROUNDING = 0.5, 1e-11


def study(asked: Descent, tools: Tools) -> Answer:
    """Run every optimiser on every potential from the same starting point, and fit its rate."""
    require(asked.potentials, asked.optimisers, asked.stages)
    if asked.evaluations < 10:
        raise InputError(f"expected 10 or more evaluations, got {asked.evaluations}.")
    errors: list[pd.DataFrame] = []
    rates: list[dict[str, Any]] = []
    gap = 0.0
    for spec in tools.progress(asked.potentials, "potentials"):
        V = made(POTENTIALS, spec)
        if V.mu <= 0:
            raise InputError(f"expected a strongly convex potential, {V.name} has mu = {V.mu}.")
        away = np.random.default_rng(asked.seed).standard_normal((V.dimension, 1))
        start = V.minimiser[:, None] + asked.distance * away / np.linalg.norm(away)
        runs = {}
        for name in asked.optimisers:
            iterates = OPTIMISERS[name](V, start, asked.stages)
            spent, x = _run(iterates, start, asked.evaluations)
            runs[name] = x
            error = np.linalg.norm(x - V.minimiser[:, None], axis=0) / asked.distance
            who = {"potential": V.name, "optimiser": name}
            errors.append(pd.DataFrame({**who, "evaluations": spent, "error": error}))
            fit = {"rate": fitted(spent, error), "theory": theory(name, V.L / V.mu, asked.stages)}
            rates.append({**who, "kappa": V.L / V.mu, **fit, "error": float(error[-1])})
        if {"heavy_ball", "conformal_euler"} <= set(runs):
            difference = runs["heavy_ball"] - runs["conformal_euler"]
            gap = max(gap, float(np.abs(difference).max()) / asked.distance)
    table = pd.DataFrame(rates)
    summary = keyed(table, ["potential", "optimiser"], "rate", "theory", "error")
    summary |= keyed(table, ["potential"], "kappa") | {"heavy_ball_gap": gap}
    return Answer({"errors": pd.concat(errors, ignore_index=True), "rates": table}, summary)


def _run(iterates: Iterates, start: Floats, evaluations: int) -> tuple[Floats, Floats]:
    """Return numbers of evaluations (n,) and points (d, n) until the evaluations are used up or the points diverge."""
    spent, points = [0], [start]
    for cost, x in iterates:
        if spent[-1] + cost > evaluations or not np.abs(x).max() < 1e12:
            break
        spent.append(spent[-1] + cost)
        points.append(x)
    return np.array(spent), np.concatenate(points, axis=1)


def fitted(spent: Floats, error: Floats) -> float:
    """Fit the factor per evaluation by a line through log error over the second half, above round-off."""
    above = np.flatnonzero(error <= ROUNDING)
    n = above[0] if above.size else len(error)
    late = slice(int(FITTED * n), n)
    if n - late.start < 2:
        return math.nan
    return float(np.exp(np.polyfit(spent[late], np.log(error[late]), 1)[0]))
