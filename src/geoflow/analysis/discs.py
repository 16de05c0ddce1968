"""Discs of initial points on the contours of a potential, step after step."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.contractivity import runge_kutta
from geoflow.analysis.counter_examples import contours
from geoflow.analysis.expansion import field_of, require
from geoflow.analysis.gradient_step import flow_step
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.arrays import Floats
from geoflow.errors import InputError


def discs(
    field: Mapping[str, Any],
    methods: Sequence[str],
    hL: Sequence[float],
    steps: int,
    radius: float,
    centres: Sequence[Sequence[float]],
    points: int,
    progress: Progress = no_progress,
) -> Study:
    """The images of circles of `radius` around `centres`, relative to the zero of the field, under `steps` steps.

    Each method has its own step, h = hL / L. Tables `circles` (method, hL, growth, disc, step, point, x, y) and
    `contours`. Summary: `growth/<method>`, the largest factor by which the distance of any two points of a
    circle grew in one step, and `left/<method>`, the largest diameter at the end by the one at the start.
    """
    require([field], methods, min(hL, default=0.0), steps + 1, points)
    F = field_of(field)
    if F.dimension != 2:
        raise InputError(f"expected a field in the plane, {F.name} has dimension {F.dimension}.")
    if len(hL) != len(methods):
        raise InputError(f"expected a step for each of {len(methods)} methods, got {len(hL)}.")
    angles = np.linspace(0, 2 * np.pi, points, endpoint=False)
    circle = radius * np.stack([np.cos(angles), np.sin(angles)])
    start = [F.zero[:, None] + np.array(centre)[:, None] + circle for centre in centres]
    frames: list[pd.DataFrame] = []
    summary: dict[str, float] = {}
    for name, step_size in progress(list(zip(methods, hL, strict=True)), "methods"):
        growth, left = [], []
        for disc, x in enumerate(start):
            orbit = [x]
            for _ in range(steps):
                orbit.append(flow_step(runge_kutta(name), F, step_size / F.L, orbit[-1]))
            apart = [_distances(y) for y in orbit]
            growth += [float((b / a).max()) for a, b in pairwise(apart) if a.min() > 1e-9]
            left.append(float(apart[-1].max() / apart[0].max()))
            for step, (u, v) in enumerate(orbit):
                frames.append(
                    pd.DataFrame(
                        {
                            "method": name,
                            "hL": step_size,
                            "disc": disc,
                            "step": step,
                            "point": range(points),
                            "x": u,
                            "y": v,
                        }
                    )
                )
        summary |= {f"growth/{name}": max(growth), f"left/{name}": max(left)}
    circles = pd.concat(frames, ignore_index=True)
    circles["growth"] = [summary[f"growth/{name}"] for name in circles["method"]]
    first = circles[circles["step"] == 0]
    return Study(
        {"circles": circles, "contours": contours(field["potential"], first, margin=0.1)}, summary
    )


def _distances(x: Floats) -> Floats:
    i, j = np.triu_indices(x.shape[1], k=1)
    return np.asarray(np.linalg.norm(x[:, i] - x[:, j], axis=0))
