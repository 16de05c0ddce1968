"""Expanding steps of methods that are of order two, or A-stable, or have the stability function of RK4.

In the plane: a pair of points whose distance grows. On the line: the graph of x -> phi_h(x); if its slope exceeds one,
neighbouring points move apart.
"""

import math

import numpy as np
import pandas as pd

from geoflow.ground import Answer, InputError, Tools
from geoflow.measure.expansion import Probe, contours, field_of, require, sample
from geoflow.measure.gradient_step import flow_step, runge_kutta, stages, step_jacobian
from geoflow.measure.keyed import keyed
from geoflow.potentials import MonotoneField
from geoflow.studies.contractivity.counter_examples.config import CounterExamples, Line

KEPT = 0.8  # fraction of the growth at a point that the drawn pair must have


def study(asked: CounterExamples, tools: Tools) -> Answer:
    """Compute a pair whose distance grows under the first method at h L = `drawn`, the growth of all, and the maps."""
    require([asked.plane], asked.methods, asked.smallest, asked.count, asked.points)
    F = field_of(asked.plane.potential, asked.plane.skew)
    if F.dimension != 2:
        raise InputError(f"expected a field in the plane, {F.name} has dimension {F.dimension}; try 'ramps'.")
    grid = np.geomspace(asked.smallest, asked.drawn, asked.count)
    growth, summary = [], {}
    for name in tools.progress(asked.methods, "methods"):
        probe = Probe(runge_kutta(name), F, sample(F, asked.points, asked.seed), asked.seed)
        # In descending order, so that expanding points at one h L are starting points for the next smaller one.
        above = np.array([probe(hL) - 1 for hL in grid[::-1]])[::-1]
        growth.append(pd.DataFrame({"method": name, "hL": grid, "growth": above}))
        summary[f"smallest/{name}"] = float(above[0])
        if name == asked.methods[0]:
            pair, ratio = _pair(probe, asked.drawn)
    seen = growth[0].query("growth > 1e-10")
    summary["pair"] = ratio
    x, y = np.log(seen["hL"]), np.log(seen["growth"])
    summary["exponent"] = float(np.polyfit(x, y, 1)[0]) if len(x) > 1 else math.nan
    maps = pd.concat([_map(line, name) for line in asked.lines for name in line.methods])
    slopes = maps.assign(steepest=maps["slope"].abs()).groupby(["line", "method"], sort=False)
    summary |= keyed(slopes["steepest"].max(), ["line", "method"], "steepest")
    tables = {"pair": pair, "contours": contours(asked.plane.potential, pair)}
    tables["growth"] = pd.concat(growth, ignore_index=True)
    return Answer({**tables, "maps": maps.reset_index(drop=True)}, summary)


def _pair(probe: Probe, hL: float) -> tuple[pd.DataFrame, float]:
    """Find two points with the largest distance whose growth is still close to that of the derivative."""
    probe(hL)
    F, method, h = probe.F, probe.method, hL / probe.F.L
    x = probe.elite[:, :1]
    J = step_jacobian(method, F, h, x)[0]
    direction = np.linalg.svd(J)[2][0][:, None]
    growth = np.linalg.norm(J, 2) - 1
    for apart in np.linalg.norm(x) * np.geomspace(1, 1e-4, 60):
        ends = np.hstack([x - apart * direction / 2, x + apart * direction / 2])
        images = flow_step(method, F, h, ends)
        ratio = float(np.linalg.norm(images[:, 0] - images[:, 1]) / apart)
        if ratio - 1 > KEPT * growth:
            break
    Y = stages(method, F, h, ends)
    inner = [(f"stage {i + 2}", y) for i, y in enumerate(Y[1:])]
    path = [("point", ends), *inner, ("image", images)]
    rows = [(k, stage, *z[:, k]) for stage, z in path for k in range(2)]
    return pd.DataFrame(rows, columns=["who", "stage", "x", "y"]), ratio


def _map(line: Line, name: str) -> pd.DataFrame:
    """Graph of phi_h on the line for one method."""
    F: MonotoneField = field_of(line.field.potential, line.field.skew)
    if F.dimension != 1:
        raise InputError(f"expected a field on the line, {F.name} has dimension {F.dimension}.")
    x = F.zero + np.linspace(-line.reach, line.reach, 401)[None]
    method, h = runge_kutta(name), line.hL / F.L
    image, slope = flow_step(method, F, h, x)[0], step_jacobian(method, F, h, x)[:, 0, 0]
    where = {"line": line.label, "method": name, "hL": line.hL, "x": x[0]}
    return pd.DataFrame({**where, "image": image, "slope": slope})
