"""The largest step at which nothing is seen to expand, beside 2 r beta and the linear bound."""

import math

import numpy as np
import pandas as pd

from geoflow.ground.answer import Answer, Tools
from geoflow.ground.arrays import Floats
from geoflow.measure.expansion import (
    JUST_ABOVE,
    Probe,
    bound_on,
    bounds,
    expands,
    field_of,
    require,
    sample,
)
from geoflow.measure.gradient_step import runge_kutta
from geoflow.studies.contractivity.largest_steps.config import LargestSteps


def study(asked: LargestSteps, tools: Tools) -> Answer:
    """The largest step at which nothing is seen to expand, beside 2 r beta and the linear bound.

    h L runs over `count` values in geometric progression from `smallest` to `largest`, for an explicit method
    only to just beyond its linear bound; the first expansion is bisected. Table `steps`, a row a field and
    method: `bound` = 2 r beta L, `gradient_bound` = 2 r, `linear`, `first_expansion` (not a number: none seen),
    `worst`, `just_above` (the ratio 1 % above a finite positive bound), `violations` of the bound and of the
    gradient bound on the grid.

    Summary: those as `<column>/<field>/<method>`; `earliest/<method>`, the first expansion on any gradient;
    `violations` over all gradients, `skew_violations` of the true bound and `skew_gradient_violations` of the
    gradient's bound over all other fields; over the methods of finite positive radius `methods_finite` and
    `attained` (first expansion on some gradient within 2 % of 2 r); over those of radius zero `methods_zero`
    and `early_share` (of them, seen to expand below 99 % of the linear bound); `methods_stable`, and
    `stable_worst` over the B-stable ones.
    """
    require(
        asked.fields, asked.methods, asked.largest, asked.count, asked.points, asked.implicit_points
    )
    rows = []
    for spec in tools.progress(asked.fields, "fields"):
        F = field_of(spec.potential, spec.skew)
        for name in asked.methods:
            method = runge_kutta(name)
            cloud = sample(
                F, asked.points if method.explicit else asked.implicit_points, asked.seed
            )
            end = min(asked.largest, 1.1 * bounds(method)[1])
            grid = np.geomspace(asked.smallest, end, asked.count)
            facts = measured(Probe(method, F, cloud, asked.seed), grid)
            rows.append({"field": spec.label, "method": name, "skew": spec.skew, **facts})
    table = pd.DataFrame(rows)
    shown = ("bound", "linear", "first_expansion", "worst", "just_above")
    summary = {
        f"{key}/{row['field']}/{row['method']}": float(row[key]) for row in rows for key in shown
    }
    return Answer({"steps": table}, {**summary, **_agreement(table)})


def measured(probe: Probe, grid: Floats) -> dict[str, float]:
    """What `largest_steps` says of one method on one field."""
    method, F = probe.method, probe.F
    of_gradients, linear = bounds(method)
    bound = bound_on(method, F)
    first, ratios = probe.first(grid)
    within = list(ratios[grid <= bound])
    finite = 0 < bound < math.inf
    if finite:
        within.append(probe(bound))
    return {
        "bound": bound,
        "gradient_bound": of_gradients,
        "linear": linear,
        "first_expansion": first,
        "worst": float(ratios.max()),
        "just_above": probe(JUST_ABOVE * bound) if finite else math.nan,
        "violations": float(sum(map(expands, within))),
        "gradient_violations": float(sum(map(expands, ratios[grid <= of_gradients]))),
    }


def _agreement(table: pd.DataFrame) -> dict[str, float]:
    plain, skew = table[table["skew"] == 0], table[table["skew"] > 0]
    radius = plain.groupby("method")["gradient_bound"].first()
    earliest = plain.groupby("method")["first_expansion"].min().reindex(radius.index)
    linear = plain.groupby("method")["linear"].first()
    stable = plain["gradient_bound"] == math.inf
    finite, zero = (radius > 0) & (radius < math.inf), radius == 0
    return {f"earliest/{method}": float(x) for method, x in earliest.items()} | {
        "violations": float(plain["violations"].sum()),
        "skew_violations": float(skew["violations"].sum()),
        "skew_gradient_violations": float(skew["gradient_violations"].sum()),
        "methods_finite": float(finite.sum()),
        "attained": float((earliest[finite] <= 1.02 * radius[finite]).sum()),
        "methods_zero": float(zero.sum()),
        "early_share": float((earliest[zero] < 0.99 * linear[zero]).mean()),
        "methods_stable": float((radius == math.inf).sum()),
        "stable_worst": float(plain[stable]["worst"].max()),
    }
