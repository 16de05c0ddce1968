"""Sampled, searched, proved: the worst expansion of one step over convex potentials, from both sides."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.contractivity import runge_kutta
from geoflow.analysis.expansion import JUST_ABOVE, Probe, field_of, sample
from geoflow.analysis.performance import SOLVED, TOLERANCE, largest_contractive_step, worst_case
from geoflow.analysis.radii import contractivity_radius
from geoflow.analysis.stability import real_stability_interval, stability_function
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.analysis.worst_search import search
from geoflow.arrays import Floats
from geoflow.errors import InputError, SolveError
from geoflow.integrators.families import RungeKutta

RESOLVED = (
    0.1  # from this h L on the excess of the midpoint rule is far above the solver's tolerance
)
SPECTRUM = 4001  # values of h lambda at which |R| is taken


def worst_cases(
    methods: Sequence[str],
    largest: float,
    count: int,
    potentials: Sequence[Mapping[str, Any]],
    points: int,
    implicit_points: int,
    dimension: int,
    restarts: int,
    seed: int,
    progress: Progress = no_progress,
) -> Study:
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
    if not methods or not potentials or largest <= 0 or count < 1:
        raise InputError(
            "expected methods, potentials, a positive largest h L and at least one value of it; "
            f"got {list(methods)}, {len(potentials)} potentials, {largest} and {count}."
        )
    pool = [field_of({"potential": p}) for p in potentials]
    rows: list[dict[str, Any]] = []
    for name in progress(methods, "methods"):
        method = runge_kutta(name)
        number = points if method.explicit else implicit_points
        probes = [Probe(method, F, sample(F, number, seed), seed) for F in pool]
        for place, hL in _places(method, np.linspace(0, largest, count + 1)[1:]):
            worst = worst_case(method, hL)
            rows.append(
                {
                    "method": name,
                    "place": place,
                    "hL": hL,
                    "linear": linear_factor(method, hL),
                    "sampled": max(_sampled(probe, hL) for probe in probes),
                    "searched": search(method, hL, dimension, restarts, seed).factor,
                    "proved": worst.factor,
                    "gap": worst.gap,
                    "flaw": worst.flaw,
                    "status": worst.status,
                }
            )
    table = pd.DataFrame(rows)
    return Study({"worst": table}, _summary(table))


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


def linear_factor(method: RungeKutta, hL: float, mu: float = 0.0) -> float:
    """max |R(-h lambda)| over lambda in [mu, L]: the worst case over quadratic potentials."""
    numerator, denominator = ([float(c) for c in p][::-1] for p in stability_function(method))
    z = -hL * np.linspace(mu, 1, SPECTRUM)
    return float(np.abs(np.polyval(numerator, z) / np.polyval(denominator, z)).max())


def contractive_steps(
    methods: Sequence[str],
    classes: Sequence[str],
    reach: float,
    halvings: int,
    progress: Progress = no_progress,
) -> Study:
    """The largest h L at which the proved factor is at most one (within TOLERANCE), for each class of right-hand sides.

    By bisection up to `reach` times 2 r (up to `reach` where r is 0 or infinite) or, if that is less, 1.1 times the
    linear bound; a step that is contractive even there is infinite. classes: names of FIELDS. Summary:
    `step/<class>/<method>`; `ratio/<class>/<method>` = step / 2 r and its extremes `least_ratio`, `largest_ratio`
    over methods of finite positive r; `failures`.
    """
    rows: list[dict[str, Any]] = []
    for name in progress(methods, "methods"):
        method = runge_kutta(name)
        bound = 2 * (contractivity_radius(method) or 0.0)
        linear = real_stability_interval(method) or 0.0
        end = min(1.1 * linear, reach * (bound if 0 < bound < math.inf else 1.0))
        for fields in classes:
            step, status = largest_contractive_step(method, fields, end, halvings)
            row = {"method": name, "class": fields, "bound": bound, "linear": linear}
            rows.append({**row, "step": step, "status": status})
    table = pd.DataFrame(rows)
    summary = {f"step/{r['class']}/{r['method']}": r["step"] for r in rows}
    sharp = [r for r in rows if 0 < r["bound"] < math.inf]
    ratios = {f"ratio/{r['class']}/{r['method']}": r["step"] / r["bound"] for r in sharp}
    summary |= ratios
    summary["failures"] = float((table["status"] != SOLVED).sum())
    if ratios:
        # Not a number is the worst of both.
        summary["least_ratio"] = float(np.nan_to_num(list(ratios.values()), nan=-math.inf).min())
        summary["largest_ratio"] = float(np.nan_to_num(list(ratios.values()), nan=math.inf).max())
    return Study({"steps": table}, summary)


def midpoint_factor(hL: float) -> float:
    """sqrt(1 + z^3 / ((4 - z)(8 - 4 z + z^2))), z = h L <= 3: a closed form for the explicit midpoint rule.

    Read off the solved programs, not derived: `early_expansion` compares the two. About 1 + z^3 / 64 for small z.
    """
    return math.sqrt(1 + hL**3 / ((4 - hL) * (8 - 4 * hL + hL * hL)))


def early_expansion(
    methods: Sequence[str],
    smallest: float,
    largest: float,
    count: int,
    dimension: int,
    restarts: int,
    seed: int,
    progress: Progress = no_progress,
) -> Study:
    """How far above one the worst factor is at small steps, for methods with a weight that is zero or negative.

    h L runs over `count` values in geometric progression. Columns: `searched`, `proved` (excess over one) and, for the
    explicit midpoint rule, `formula`. An excess below TOLERANCE is beyond the solver, not beyond the search.
    Summary: `smallest_searched/<method>` = the excess found at the smallest h L, `power/<method>` = the slope of
    log searched against log h L over the lower half of the steps, `formula_gap` for RESOLVED <= h L <= 3, `failures`.
    """
    if not 0 < smallest < largest or count < 4:
        raise InputError(
            f"expected 0 < smallest < largest and count >= 4, got {smallest}, {largest}, {count}."
        )
    grid = np.geomspace(smallest, largest, count)
    rows: list[dict[str, Any]] = []
    for name in progress(methods, "methods"):
        method = runge_kutta(name)
        for hL in map(float, grid):
            worst = worst_case(method, hL)
            formula = (
                midpoint_factor(hL) - 1 if name == "explicit_midpoint" and hL <= 3 else math.nan
            )
            found = search(method, hL, dimension, restarts, seed).factor - 1
            row = {"method": name, "hL": hL, "searched": found, "proved": worst.factor - 1}
            rows.append({**row, "formula": formula, "status": worst.status})
    table = pd.DataFrame(rows)
    summary = {"failures": float((table["status"] != SOLVED).sum()), "tolerance": TOLERANCE}
    resolved = table[table["hL"] >= RESOLVED]
    summary["formula_gap"] = float((resolved["formula"] - resolved["proved"]).abs().max())
    for name in methods:
        one = table[table["method"] == name]
        summary[f"smallest_searched/{name}"] = float(one["searched"].iloc[0])
        low = one.iloc[: count // 2]
        known = low[low["searched"] > 0]
        slope = (
            np.polyfit(np.log(known["hL"]), np.log(known["searched"]), 1)[0]
            if len(known) > 1
            else math.nan
        )
        summary[f"power/{name}"] = float(slope)
    return Study({"early": table}, summary)
