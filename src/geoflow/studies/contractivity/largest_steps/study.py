"""The largest step at which nothing is found to expand, beside 2 r beta and the linear bound."""

import math

import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.integrators import RungeKutta
from geoflow.measure.expansion import JUST_ABOVE, bound_on, bounds, field_of, require
from geoflow.measure.first_expansion import first_expansion, steps_between
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.keyed import keyed
from geoflow.potentials import MonotoneField
from geoflow.studies.contractivity.largest_steps.checks import check_pairs, summarise_checks
from geoflow.studies.contractivity.largest_steps.config import LargestSteps

UNBOUNDED = 3  # times the points where no positive step is safe by a theorem
ROUNDED = 1e-6  # relative: a first expansion below the bound by less is at the bound


def study(asked: LargestSteps, tools: Tools) -> Answer:
    """Searches the first expansion of each pair of field and method; for an explicit method h L ends just beyond its
    linear bound. Some pairs are searched again, independently."""
    points = asked.points, asked.implicit_points
    require(asked.fields, asked.methods, asked.largest, asked.count, *points)
    rows = []
    fields = {spec.label: field_of(spec.potential, spec.skew) for spec in asked.fields}
    pairs = [(spec, name) for spec in asked.fields for name in asked.methods]
    for spec, name in tools.progress(pairs, "pairs"):
        facts = measured(runge_kutta(name), fields[spec.label], asked)
        rows.append({"field": spec.label, "method": name, "skew": spec.skew, **facts})
    table = pd.DataFrame(rows)
    checks = check_pairs(table, fields, asked, tools)
    shown = ("bound", "linear", "first_expansion", "at_most", "worst", "just_above")
    summary = keyed(table, ["field", "method"], *shown)
    summary |= _agreement(table) | summarise_checks(checks)
    return Answer({"steps": table, "checks": checks}, summary)


def measured(method: RungeKutta, F: MonotoneField, asked: LargestSteps) -> dict[str, float]:
    """What `largest_steps` says of one method on one field."""
    of_gradients, linear = bounds(method)
    bound = bound_on(method, F)
    points = asked.points if method.explicit else asked.implicit_points
    if bound == 0:
        points *= UNBOUNDED
    elif bound == math.inf:
        points = max(points // UNBOUNDED, 2)
    levels = steps_between(asked.smallest, min(asked.largest, 1.1 * linear), bound, asked.count)
    # A theorem says that B-stable methods do not expand: that they do not from the starts has to be enough.
    repeats = asked.repeats if bound < math.inf else 0
    found = first_expansion(method, F, levels, points, asked.seed, repeats)
    finite = 0 < bound < math.inf
    above = float(found.ratios[levels == JUST_ABOVE * bound].max(initial=-math.inf))
    return {
        "bound": bound,
        "gradient_bound": of_gradients,
        "linear": linear,
        "first_expansion": found.step,
        "at_most": float(found.at_most),
        "worst": float(found.ratios.max()),
        "just_above": above if finite and above > 0 else math.nan,
        "violations": float(found.step < (1 - ROUNDED) * bound),
        "gradient_violations": float(found.step < (1 - ROUNDED) * of_gradients),
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
        "pairs": float((table["bound"] < math.inf).sum()),
        "censored": float(table["at_most"].sum()),
    }
