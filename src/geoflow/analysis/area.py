"""The area of a set of initial states that a method carries along."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.errors import InputError
from geoflow.integrators.ensemble import integrate_ensemble
from geoflow.problems import PROBLEMS, make_problem

Floats = NDArray[np.float64]


def area(
    problem: dict[str, Any],
    methods: Sequence[str],
    h: float,
    steps: int,
    every: int,
    centre: Sequence[float],
    radius: float,
    points: int,
    progress: Progress = no_progress,
) -> Study:
    """A disc of initial states carried along: a method is symplectic when its area stays (HLW VI.2).

    Tables `outlines` (method, time, point, q, p): the carried circle, `points` corners, every `every` steps; `areas`
    (method, time, area_ratio): area of the polygon over that at the start. Summary: area_error/<method>, the largest
    |ratio - 1|, and area_ratio/<method>, the last ratio.
    """
    made = make_problem(PROBLEMS, **problem)
    if made.dimension != 2:
        raise InputError(
            f"an area needs a problem of dimension 2, {made.name!r} has {made.dimension}."
        )
    angle = 2 * np.pi * np.arange(points) / points
    circle = np.array(centre) + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    outlines, areas, summary = [], [], {}
    for name in progress(methods, "methods"):
        run = integrate_ensemble(made, name, circle, h=h, steps=steps, every=every)
        times, states = run.t, run.y  # (samples,), (samples, points, 2)
        ratio = np.array([polygon_area(polygon) for polygon in states]) / polygon_area(circle)
        samples = len(times)
        outlines.append(
            pd.DataFrame(
                {
                    "method": name,
                    "time": np.repeat(times, points),
                    "point": np.tile(np.arange(points), samples),
                    "q": states[:, :, 0].ravel(),
                    "p": states[:, :, 1].ravel(),
                }
            )
        )
        areas.append(pd.DataFrame({"method": name, "time": times, "area_ratio": ratio}))
        summary[f"area_error/{name}"] = float(np.abs(ratio - 1).max())
        summary[f"area_ratio/{name}"] = float(ratio[-1])
    return Study({"outlines": pd.concat(outlines), "areas": pd.concat(areas)}, summary)


def polygon_area(corners: Floats) -> float:
    """Area inside a closed polygon of corners (n, 2), positive when it is run through anticlockwise."""
    x, y = corners.T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y) / 2)
