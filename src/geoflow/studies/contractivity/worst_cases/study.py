"""Sampled, searched, proved: the worst expansion of one step over convex potentials, from both sides."""

import math
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground.answer import Answer, Tools
from geoflow.ground.arrays import Floats
from geoflow.ground.errors import InputError, SolveError
from geoflow.integrators.families import RungeKutta
from geoflow.measure.expansion import JUST_ABOVE, Probe, field_of, sample
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.worst_search import search
from geoflow.studies.contractivity.worst_cases.config import WorstCases
from geoflow.theory.linear_factor import linear_factor
from geoflow.theory.performance import SOLVED, worst_case
from geoflow.theory.radii import contractivity_radius


def study(asked: WorstCases, tools: Tools) -> Answer:
    """The expansion of one step against h L, four times: linear, sampled, searched, proved.

    linear: max |R(-z)| over z in [0, h L], all that quadratics can do; sampled: the largest ratio over `potentials`
    and random points; searched: the largest found over all convex potentials on R^dimension (`search`); proved: the
    largest possible in any dimension (`worst_case`). h L runs over `count` equidistant values up to `largest` and,
    for a method with a finite positive radius r, is also 2 r and 1 % above it (column `place`).

    Summary: `disorder` = the largest of sampled - proved, searched - proved, linear - proved (at most the solver's
    tolerance); `short` = the largest proved - searched; `flaw`, `gap` of the proofs; `failures` of the solver, among
    `programs`, and their share `unsolved`; `at_bound/<method>`, `just_above/<method>`,
    `just_above_searched/<method>`: the excess over one at and above 2 r, and `least_caught`, `least_caught_searched`
    over the methods.
    """
    if not asked.methods or not asked.potentials or asked.largest <= 0 or asked.count < 1:
        raise InputError(
            "expected methods, potentials, a positive largest h L and at least one value of it; "
            f"got {list(asked.methods)}, {len(asked.potentials)} potentials, {asked.largest} and {asked.count}."
        )
    pool = [field_of(p) for p in asked.potentials]
    rows: list[dict[str, Any]] = []
    for name in tools.progress(asked.methods, "methods"):
        method = runge_kutta(name)
        number = asked.points if method.explicit else asked.implicit_points
        probes = [Probe(method, F, sample(F, number, asked.seed), asked.seed) for F in pool]
        for place, hL in _places(method, np.linspace(0, asked.largest, asked.count + 1)[1:]):
            worst = worst_case(method, hL)
            rows.append(
                {
                    "method": name,
                    "place": place,
                    "hL": hL,
                    "linear": linear_factor(method, hL),
                    "sampled": max(_sampled(probe, hL) for probe in probes),
                    "searched": search(
                        method, hL, asked.dimension, asked.restarts, asked.seed
                    ).factor,
                    "proved": worst.factor,
                    "gap": worst.gap,
                    "flaw": worst.flaw,
                    "status": worst.status,
                }
            )
    table = pd.DataFrame(rows)
    return Answer({"worst": table}, _summary(table))


def _places(method: RungeKutta, grid: Floats) -> list[tuple[str, float]]:
    bound = 2 * (contractivity_radius(method) or 0.0)
    marked = [("bound", bound), ("above", JUST_ABOVE * bound)] if 0 < bound < math.inf else []
    return [("grid", float(hL)) for hL in grid] + marked


def _sampled(probe: Probe, hL: float) -> float:
    try:
        return probe(hL)
    except SolveError:
        return 0.0  # nothing was seen


def _summary(table: pd.DataFrame) -> dict[str, float]:
    proved = table["proved"]
    seen = table[["linear", "sampled", "searched"]].sub(proved, axis=0)
    summary = {
        "disorder": float(seen.max().max()),
        "short": float((proved - table["searched"]).max()),
        "gap": float(table["gap"].abs().max()),
        "flaw": float(table["flaw"].max()),
        "failures": float((table["status"] != SOLVED).sum()),
        "unsolved": float((table["status"] != SOLVED).mean()),
        "programs": float(len(table)),
        "unfound": float(table["searched"].isna().sum()),
    }
    excess = table.set_index(["place", "method"])[["proved", "searched"]] - 1
    marks = {"bound": ("at_bound", "proved"), "above": ("just_above", "proved")}
    for place, (quantity, column) in marks.items():
        if place in excess.index.get_level_values(0):
            summary |= {f"{quantity}/{m}": float(x) for m, x in excess.loc[place][column].items()}
    if "above" in excess.index.get_level_values(0):
        above = excess.loc["above"]
        summary |= {f"just_above_searched/{m}": float(x) for m, x in above["searched"].items()}
        # A method that was not found or not solved is not caught.
        summary["least_caught"] = float(above["proved"].fillna(-1).min())
        summary["least_caught_searched"] = float(above["searched"].fillna(-1).min())
        summary["most_at_bound"] = float(excess.loc["bound"]["proved"].fillna(1).max())
    return summary
