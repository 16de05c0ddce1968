"""How far above one the worst factor is at small steps, for methods with a weight that is zero or negative."""

import math
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground.answer import Answer, Tools
from geoflow.ground.errors import InputError
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.worst_search import search
from geoflow.studies.contractivity.early_expansion.config import EarlyExpansion
from geoflow.theory.performance import SOLVED, TOLERANCE, worst_case

RESOLVED = (
    0.1  # from this h L on the excess of the midpoint rule is far above the solver's tolerance
)


def midpoint_factor(hL: float) -> float:
    """sqrt(1 + z^3 / ((4 - z)(8 - 4 z + z^2))), z = h L <= 3: a closed form for the explicit midpoint rule.

    Read off the solved programs, not derived: `early_expansion` compares the two. About 1 + z^3 / 64 for small z.
    """
    return math.sqrt(1 + hL**3 / ((4 - hL) * (8 - 4 * hL + hL * hL)))


def study(asked: EarlyExpansion, tools: Tools) -> Answer:
    """How far above one the worst factor is at small steps, for methods with a weight that is zero or negative.

    h L runs over `count` values in geometric progression. Columns: `searched`, `proved` (excess over one) and, for the
    explicit midpoint rule, `formula`. An excess below TOLERANCE is beyond the solver, not beyond the search.
    Summary: `smallest_searched/<method>` = the excess found at the smallest h L, `power/<method>` = the slope of
    log searched against log h L over the lower half of the steps, `formula_gap` for RESOLVED <= h L <= 3, `failures`.
    """
    if not 0 < asked.smallest < asked.largest or asked.count < 4:
        raise InputError(
            f"expected 0 < smallest < largest and count >= 4, got {asked.smallest}, {asked.largest}, {asked.count}."
        )
    grid = np.geomspace(asked.smallest, asked.largest, asked.count)
    rows: list[dict[str, Any]] = []
    for name in tools.progress(asked.methods, "methods"):
        method = runge_kutta(name)
        for hL in map(float, grid):
            worst = worst_case(method, hL)
            formula = (
                midpoint_factor(hL) - 1 if name == "explicit_midpoint" and hL <= 3 else math.nan
            )
            found = search(method, hL, asked.dimension, asked.restarts, asked.seed).factor - 1
            row = {"method": name, "hL": hL, "searched": found, "proved": worst.factor - 1}
            rows.append({**row, "formula": formula, "status": worst.status})
    table = pd.DataFrame(rows)
    summary = {"failures": float((table["status"] != SOLVED).sum()), "tolerance": TOLERANCE}
    resolved = table[table["hL"] >= RESOLVED]
    summary["formula_gap"] = float((resolved["formula"] - resolved["proved"]).abs().max())
    for name in asked.methods:
        one = table[table["method"] == name]
        summary[f"smallest_searched/{name}"] = float(one["searched"].iloc[0])
        low = one.iloc[: asked.count // 2]
        known = low[low["searched"] > 0]
        slope = (
            np.polyfit(np.log(known["hL"]), np.log(known["searched"]), 1)[0]
            if len(known) > 1
            else math.nan
        )
        summary[f"power/{name}"] = float(slope)
    return Answer({"early": table}, summary)
