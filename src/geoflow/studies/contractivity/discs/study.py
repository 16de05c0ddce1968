"""Images of discs of initial points after each step, on the contours of a potential."""

from itertools import pairwise

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.measure.expansion import contours, field_of, require
from geoflow.measure.gradient_step import flow_step, runge_kutta
from geoflow.measure.keyed import long_form
from geoflow.studies.contractivity.discs.config import Discs


def study(asked: Discs, tools: Tools) -> Answer:
    """Map the circles by each method with its own step size h = hL / L."""
    methods, least = [one.method for one in asked.runs], min(one.hL for one in asked.runs)
    require([asked.field], methods, least, asked.steps + 1, asked.points)
    F = field_of(asked.field.potential, asked.field.skew)
    if F.dimension != 2:
        raise InputError(f"expected a field in the plane, {F.name} has dimension {F.dimension}.")
    angles = np.linspace(0, 2 * np.pi, asked.points, endpoint=False)
    circle = asked.radius * np.stack([np.cos(angles), np.sin(angles)])
    start = [F.zero[:, None] + np.array(centre)[:, None] + circle for centre in asked.centres]
    frames: list[pd.DataFrame] = []
    summary: dict[str, float] = {}
    for one in tools.progress(asked.runs, "runs"):
        name, step_size = one.method, one.hL
        growth, left = [], []
        for disc, x in enumerate(start):
            orbit = [x]
            for _ in range(asked.steps):
                orbit.append(flow_step(runge_kutta(name), F, step_size / F.L, orbit[-1]))
            apart = [_distances(y) for y in orbit]
            growth += [float((b / a).max()) for a, b in pairwise(apart) if a.min() > 1e-9]
            left.append(float(apart[-1].max() / apart[0].max()))
            u, v = np.moveaxis(np.array(orbit), 1, 0)
            frame = long_form({"step": range(asked.steps + 1), "point": range(asked.points)}, x=u, y=v)
            frames.append(frame.assign(method=name, hL=step_size, disc=disc))
        summary |= {f"growth/{name}": max(growth), f"left/{name}": max(left)}
    circles = pd.concat(frames, ignore_index=True)
    circles["growth"] = [summary[f"growth/{name}"] for name in circles["method"]]
    first = circles[circles["step"] == 0]
    return Answer({"circles": circles, "contours": contours(asked.field.potential, first, margin=0.1)}, summary)


def _distances(x: Floats) -> Floats:
    i, j = np.triu_indices(x.shape[1], k=1)
    return np.asarray(np.linalg.norm(x[:, i] - x[:, j], axis=0))
