"""Area of the images of sets of initial states under a method."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators import METHODS, Method
from geoflow.integrators.ensemble import Ensemble, integrate_ensemble
from geoflow.measure.closed_curves import closed_curve, enclosed_area
from geoflow.measure.keyed import long_form
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.area.config import Area, Shape


def study(asked: Area, tools: Tools) -> Answer:
    """Compute the images of discs and other shapes; a symplectic method preserves their area (HLW VI.2).

    A closed curve starts with `points` points (see `closed_curve`), which are those of the table. The number is doubled
    until the extrapolated areas of all its images have converged to `tolerance`, or up to `most_points`.
    """
    made = make_problem(PROBLEMS, **asked.problem)
    if made.dimension != 2:
        raise InputError(f"an area needs a problem of dimension 2, {made.name!r} has {made.dimension}.")
    curves, areas, summary = [], [], {}
    for one in tools.progress(asked.runs, "runs"):
        name, step_size = one.method, one.h
        method = METHODS[name]
        ratios, changes, before, after = [], [], 0.0, 0.0
        for number, shape in enumerate(asked.shapes):
            run, area, change = _refined(made, method, step_size, shape, asked)
            label = f"{shape.figure}_{number}"
            thinned = run.y[:, :: max(run.y.shape[1] // len(closed_curve(shape, asked.points)), 1)]
            q, p = thinned[:, :, 0], thinned[:, :, 1]
            frame = long_form({"time": run.t, "point": range(thinned.shape[1])}, q=q, p=p)
            curves.append(frame.assign(method=name, shape=label))
            ratio = area / area[0]
            areas.append(pd.DataFrame({"method": name, "shape": label, "time": run.t, "area_ratio": ratio}))
            ratios.append(ratio)
            changes.append(change)
            before, after = before + area[0], after + area[-1]
        summary[f"area_error/{name}"] = float(np.abs(np.array(ratios) - 1).max())
        summary[f"area_ratio/{name}"] = float(after / before)
        summary[f"unsettled/{name}"], summary[f"h/{name}"] = max(changes), float(step_size)
    return Answer({"curves": pd.concat(curves), "areas": pd.concat(areas)}, summary)


def _refined(problem: Problem, method: Method, h: float, shape: Shape, asked: Area) -> tuple[Ensemble, Floats, float]:
    """Return the run of the finest curve, the areas at its times, and the last change of a ratio by refinement."""
    points = asked.points
    change, last = np.inf, np.array(np.nan)
    while True:
        run = integrate_ensemble(
            problem, method, closed_curve(shape, points), h=h, steps=asked.steps, every=asked.every
        )
        areas = np.array([enclosed_area(image) for image in run.y])
        if np.isfinite(last).all():
            change = float(np.abs((areas - last) / areas[0]).max())
        if change <= asked.tolerance or 2 * points > asked.most_points:
            return run, areas, change
        points, last = 2 * points, areas
