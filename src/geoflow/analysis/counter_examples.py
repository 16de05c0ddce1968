"""Steps that expand although their method is of order two, or A-stable, or has the stability function of RK4.

In the plane a pair of points whose distance grows, and on the line the graph of x -> phi_h(x): where it is steeper than
one, two neighbours move apart.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.contractivity import runge_kutta
from geoflow.analysis.expansion import Probe, field_of, require, sample
from geoflow.analysis.gradient_step import flow_step, stages, step_jacobian
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.arrays import Floats
from geoflow.errors import InputError
from geoflow.potentials import POTENTIALS, MonotoneField
from geoflow.registry import made

SIDE = 101  # points a side of the grid of contours
KEPT = 0.8  # of the growth at a point, by the pair that is drawn


def counter_examples(
    plane: Mapping[str, Any],
    methods: Sequence[str],
    drawn: float,
    smallest: float,
    count: int,
    points: int,
    lines: Sequence[Mapping[str, Any]],
    seed: int,
    progress: Progress = no_progress,
) -> Study:
    """Two points that the first of `methods` drives apart at h L = `drawn`, and the growth of all against h L.

    `plane` is a field of two components, each of `lines` a field of one with methods and an h L. Tables: `pair`
    (the points, the stages and the images, as columns x, y for each `who` and `stage`), `contours` of V around
    them, `growth` (expansion ratio less one), `maps` (hL, x, image and slope on a line).

    Summary: `pair` and `pair_bound` (ratio of the drawn pair, 2 r), `smallest/<method>` (growth at the smallest h L),
    `exponent` (slope of log growth against log h L of the first method), `steepest/<line>/<method>`.
    """
    require([plane], methods, smallest, count, points)
    F = field_of(plane)
    if F.dimension != 2:
        raise InputError(
            f"expected a field in the plane, {F.name} has dimension {F.dimension}; try 'ramps'."
        )
    grid = np.geomspace(smallest, drawn, count)
    growth, summary = [], {}
    for name in progress(methods, "methods"):
        probe = Probe(runge_kutta(name), F, sample(F, points, seed), seed)
        # Downwards, so that the points that expand at one step lead to those of the next smaller one.
        above = np.array([probe(hL) - 1 for hL in grid[::-1]])[::-1]
        growth.append(pd.DataFrame({"method": name, "hL": grid, "growth": above}))
        summary[f"smallest/{name}"] = float(above[0])
        if name == methods[0]:
            pair, ratio = _pair(probe, drawn)
    first = growth[0]
    seen = first[first["growth"] > 1e-10]
    summary |= {
        "pair": ratio,
        "exponent": _slope(seen["hL"].to_numpy(), seen["growth"].to_numpy()),
    }
    maps = []
    for line in lines:
        for table in _maps(line):
            maps.append(table)
            who = f"steepest/{line['label']}/{table['method'].iloc[0]}"
            summary[who] = float(table["slope"].abs().max())
    return Study(
        {
            "pair": pair,
            "contours": contours(plane["potential"], pair),
            "growth": pd.concat(growth, ignore_index=True),
            "maps": pd.concat(maps, ignore_index=True),
        },
        summary,
    )


def _slope(x: Floats, y: Floats) -> float:
    return float(np.polyfit(np.log(x), np.log(y), 1)[0]) if len(x) > 1 else math.nan


def _pair(probe: Probe, hL: float) -> tuple[pd.DataFrame, float]:
    """Two points that are as far apart as they can be and still grow nearly as the derivative says."""
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
    path = [
        ("point", ends),
        *((f"stage {i + 2}", y) for i, y in enumerate(Y[1:])),
        ("image", images),
    ]
    rows = [(k, stage, *z[:, k]) for stage, z in path for k in range(2)]
    return pd.DataFrame(rows, columns=["who", "stage", "x", "y"]), ratio


def contours(
    potential: Mapping[str, Any], around: pd.DataFrame, margin: float = 0.25
) -> pd.DataFrame:
    """V on a square grid that holds the points of `around` with a margin."""
    V = made(POTENTIALS, potential)
    middle = [(around[axis].max() + around[axis].min()) / 2 for axis in ("x", "y")]
    half = (0.5 + margin) * max(float(np.ptp(around[axis])) for axis in ("x", "y"))
    sides = [np.linspace(m - half, m + half, SIDE) for m in middle]
    x, y = (side.ravel() for side in np.meshgrid(*sides))
    return pd.DataFrame({"x": x, "y": y, "value": V.value(np.stack([x, y]))})


def _maps(line: Mapping[str, Any]) -> list[pd.DataFrame]:
    """The graph of phi_h on the line, for each method."""
    F: MonotoneField = field_of(line["field"])
    if F.dimension != 1:
        raise InputError(f"expected a field on the line, {F.name} has dimension {F.dimension}.")
    x = F.zero + np.linspace(-line["reach"], line["reach"], 401)[None]
    tables = []
    for name in line["methods"]:
        method, h = runge_kutta(name), line["hL"] / F.L
        table = pd.DataFrame(
            {
                "line": line["label"],
                "method": name,
                "hL": line["hL"],
                "x": x[0],
                "image": flow_step(method, F, h, x)[0],
                "slope": step_jacobian(method, F, h, x)[:, 0, 0],
            }
        )
        tables.append(table)
    return tables
