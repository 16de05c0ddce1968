"""Decrease of the energy V for every step size: discrete gradients and implicit Euler on a gradient flow.

A discrete gradient g satisfies V(x') - V(x) = -h |g|^2, and a step of implicit Euler minimises
V(x') + |x' - x|^2 / (2 h), so that V decreases for every h. The rate follows from two properties of an L-smooth,
mu-strongly convex V with minimum V*: V - V* <= |grad V|^2 / (2 mu), and |grad V(x') - g| <= a h L |g| with a = 1/2 for
the average vector field, 1/sqrt(2) for Gonzalez and sqrt(d) for Itoh and Abe. Together
V' - V* <= c (V - V*) / (1 + c) with c = (1 + a h L)^2 / (2 mu h). For
implicit Euler V' - V* <= (V - V*) / (1 + h mu)^2. (GrimmMcLachlan2017, EhrhardtRiisRingholmSchonlieb2018)
"""

import math
from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, SolveError, Tools, made
from geoflow.integrators import METHODS
from geoflow.integrators.step import one_step
from geoflow.measure.expansion import require
from geoflow.measure.gradient_step import flow_step
from geoflow.measure.keyed import keyed
from geoflow.potentials import POTENTIALS, Potential, gradient_field
from geoflow.problems import Problem
from geoflow.studies.contractivity.dissipation.config import Dissipation

RESOLVED = 1e-9  # fraction of the initial V - V* below which this difference is round-off

GAP: dict[str, Callable[[int], float]] = {  # the constant a in the module docstring
    "average_vector_field": lambda d: 0.5,
    "gonzalez": lambda d: 1 / math.sqrt(2),
    "itoh_abe": math.sqrt,
}


def study(asked: Dissipation, tools: Tools) -> Answer:
    """Run each method at each h L from all starts simultaneously."""
    V = made(POTENTIALS, asked.potential)
    require(asked.methods, asked.smallest, asked.count + 1, asked.steps + 1, asked.starts + 1)
    if not asked.smallest <= asked.largest or V.mu <= 0:
        raise InputError(
            "expected smallest <= largest and a strongly convex potential; "
            f"got {asked.smallest}, {asked.largest}, mu = {V.mu}."
        )
    directions = np.random.default_rng(asked.seed).standard_normal((V.dimension, asked.starts))
    directions /= np.linalg.norm(directions, axis=0)
    x0 = V.minimiser[:, None] + asked.distance * directions
    rows = []
    for name in tools.progress(asked.methods, "methods"):
        phi = many(name, V)
        for hL in np.geomspace(asked.smallest, asked.largest, asked.count):
            seen = _descended(V, phi, hL / V.L, x0, asked.steps)
            rows.append((name, hL, rate_bound(name, hL / V.L, V), *seen))
    table = pd.DataFrame(rows, columns=asked.tables["rates"].split())
    by_method = table.groupby("method")
    summary = keyed(by_method.sum(), ["method"], "increases", "unsolved")
    summary |= keyed(by_method["rate"].max(), ["method"], slowest="rate")
    summary["above_bound"] = float((table["rate"] > table["bound"] * (1 + 1e-9)).sum())
    return Answer({"rates": table}, summary)


def rate_bound(name: str, h: float, V: Potential) -> float:
    """Proved factor of V - V* per step; NaN if there is none."""
    if name == "implicit_euler":
        return 1 / (1 + h * V.mu) ** 2
    if name == "explicit_euler":
        return 1 - 2 * V.mu * h * (1 - h * V.L / 2) if h * V.L < 2 else math.nan
    if name not in GAP:
        return math.nan
    c = (1 + GAP[name](V.dimension) * h * V.L) ** 2 / (2 * V.mu * h)
    return c / (1 + c)


def many(name: str, V: Potential) -> Callable[[Floats, float], Floats]:
    """Return phi(x, h) for the columns of x, for a Runge-Kutta method or a discrete gradient method.

    The image is NaN if Newton's method does not solve the equations of a discrete gradient method.
    """
    if (method := METHODS[name].tableau) is not None:
        F = gradient_field(V)
        return lambda x, h: flow_step(method, F, h, x)
    phi = one_step(METHODS[name], gradient_problem(V))

    def each(x: Floats, h: float) -> Floats:
        images = np.full_like(x, np.nan)
        for k, column in enumerate(x.T):
            with suppress(SolveError):
                images[:, k] = phi(0.0, column, h)
        return images

    return each


def gradient_problem(V: Potential) -> Problem:
    """Gradient flow x' = -grad V(x) as a problem: field, energy, and B = -I for the discrete gradients."""
    minus = tuple(tuple(row) for row in -np.eye(V.dimension))
    return Problem(
        y0=V.minimiser, span=(0.0, 1.0), reference=V.reference, field=lambda y: -V.gradient(y),
        invariants={"energy": lambda y: V.value(y)},
        offers={"gradient": lambda y: V.gradient(y), "poisson": lambda y: minus}, name=V.name,
    )  # fmt: skip


def _descended(
    V: Potential, phi: Callable[[Floats, float], Floats], h: float, x: Floats, steps: int
) -> tuple[float, int, int]:
    """Return the slowest decrease of V - V* in one step, the number of increases of V and of failed starts."""
    least = V.value(V.minimiser)
    gap = V.value(x) - least
    resolved = RESOLVED * gap.max()
    slowest, increases, unsolved = 0.0, 0, 0
    for _ in range(steps):
        x, gap = (z[..., (gap > resolved) & (gap < 1 / RESOLVED)] for z in (x, gap))
        if not gap.size:
            break
        after_x = phi(x, h)
        solved = np.isfinite(after_x).all(axis=0)
        unsolved += int((~solved).sum())
        x, before = after_x[:, solved], gap[solved]
        gap = V.value(x) - least
        slowest = max([slowest, *(gap / before)])
        increases += int((gap > before * (1 + 1e-12)).sum())
    return float(slowest), increases, unsolved
