"""Test of every finite contractivity radius: no expansion at 2 r, expansion 1 % above."""

import math
from dataclasses import replace
from typing import Any

import mpmath
import pandas as pd

from geoflow.ground import Answer, InputError, Tools
from geoflow.integrators.families import RungeKutta
from geoflow.measure.expansion import JUST_ABOVE
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.keyed import keyed
from geoflow.measure.worst_search import rounded
from geoflow.studies.contractivity.radius_controls.config import RadiusControls
from geoflow.theory.performance import SOLVED, small_data, worst_case
from geoflow.theory.radii import contractivity_radius
from geoflow.theory.reduction import WORKING_DIGITS


def study(asked: RadiusControls, tools: Tools) -> Answer:
    """Prove and search the expansion; the search starts at the solution of the program (`small_data`, `rounded`).

    Raises InputError for a method without a finite positive radius.
    """
    rows = [
        {"method": name, **_row(runge_kutta(name), asked.dimension)}
        for name in tools.progress(asked.methods, "methods")
    ]
    table = pd.DataFrame(rows)
    return Answer({"controls": table}, _summary(table))


def autonomous(method: RungeKutta) -> RungeKutta:
    """Return the method with the row sums as nodes: the same steps of x' = f(x), but stages can become equal.

    For example, the two stages of Lobatto IIIB 2 become equal, and it is the implicit midpoint rule.
    """
    with mpmath.workdps(WORKING_DIGITS):
        return replace(method, c=tuple(sum(row) for row in method.A), name="")


def _row(method: RungeKutta, dimension: int) -> dict[str, Any]:
    bound = 2 * (contractivity_radius(method) or 0.0)
    if not 0 < bound < math.inf:
        raise InputError(
            f"expected a method with a finite positive contractivity radius, got {method.name!r} "
            f"with {bound / 2}; try 'rk4'."
        )
    step = JUST_ABOVE * bound
    at, above = worst_case(method, bound), worst_case(method, step)
    staged = worst_case(method, step, "staged")
    data = small_data(method, step, above)
    found = [rounded(method, hL, dimension, *data).factor - 1 if data else math.nan for hL in (bound, step)]
    unsolved = [worst.status for worst in (at, above, staged) if worst.status != SOLVED]
    return {
        "bound": bound,
        "nodes_alone": contractivity_radius(autonomous(method)) == math.inf,
        "at_bound": at.factor - 1,
        "at_bound_searched": found[0],
        "above": above.factor - 1,
        "above_searched": found[1],
        "above_staged": staged.factor - 1,
        "flaw": max(at.flaw, above.flaw),
        "status": unsolved[0] if unsolved else SOLVED,
        "unsolved": len(unsolved),
    }


def _summary(table: pd.DataFrame) -> dict[str, float]:
    caught = table[~table["nodes_alone"]]
    short = caught["above"] - caught["above_searched"]
    summary = {
        "most_at_bound": float(table["at_bound"].fillna(1).max()),
        "most_at_bound_searched": float(table["at_bound_searched"].max()),
        "least_caught": float(caught["above"].fillna(-1).min()),
        "least_caught_searched": float(caught["above_searched"].fillna(-1).min()),
        "least_caught_staged": float(table["above_staged"].fillna(-1).min()),
        "short": float(short.max()),
        "disorder": float(-short.min()),
        "flaw": float(table["flaw"].max()),
        "failures": float(table["unsolved"].sum()),
        "programs": float(3 * len(table)),
        "count": float(len(table)),
        "count_nodes_alone": float(table["nodes_alone"].sum()),
    }
    if len(caught) < len(table):
        alone = table.loc[table["nodes_alone"], "above"]
        summary["most_nodes_alone"] = float(alone.fillna(1).max())
    shown = ("bound", "at_bound", "above", "above_searched", "above_staged")
    return summary | keyed(table, ["method"], *shown)
