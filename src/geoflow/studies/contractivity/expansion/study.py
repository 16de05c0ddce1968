"""Sampled maximum of the expansion ratio for `count` equidistant values of h L up to `largest`."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.measure.expansion import Probe, bound_on, field_of, require, sample
from geoflow.measure.first_expansion import first_expansion, steps_between
from geoflow.measure.gradient_step import runge_kutta
from geoflow.studies.contractivity.expansion.config import Expansion

STEPS, REPEATS = 10, 4  # parameters of the search for the first expansion


def study(asked: Expansion, tools: Tools) -> Answer:
    """Compute the curve of each method on each field, and the first expansion."""
    points = asked.points, asked.implicit_points
    require(asked.fields, asked.methods, asked.largest, asked.count, *points)
    grid = np.linspace(0, asked.largest, asked.count + 1)[1:]
    curves, marks, summary = [], [], {}
    for spec in tools.progress(asked.fields, "fields"):
        F = field_of(spec.potential, spec.skew)
        for name in asked.methods:
            method = runge_kutta(name)
            number, bound = points[not method.explicit], bound_on(method, F)
            probe = Probe(method, F, sample(F, number, asked.seed), asked.seed)
            ratios = np.array([probe(hL) for hL in grid])
            steps = steps_between(grid[0], asked.largest, bound, STEPS)
            first = first_expansion(method, F, steps, number, asked.seed, REPEATS).step
            who = {"field": spec.label, "method": name}
            marks.append({**who, "bound": bound, "first_expansion": first})
            curves.append(pd.DataFrame({**who, "hL": grid, "expansion": ratios}))
            summary[f"worst/{spec.label}/{name}"] = float(ratios.max())
    tables = {"expansion": pd.concat(curves, ignore_index=True), "marks": pd.DataFrame(marks)}
    return Answer(tables, summary)
