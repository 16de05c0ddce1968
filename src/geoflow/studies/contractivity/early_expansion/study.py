"""Excess of the worst factor over one at small steps, for methods with a zero or negative weight."""

import math
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, InputError, Tools
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.worst_search import search
from geoflow.studies.contractivity.early_expansion.config import EarlyExpansion
from geoflow.theory.performance import SOLVED, TOLERANCE, worst_case

# For larger h L the excess of the midpoint rule is far above the tolerance of the solver.
RESOLVED = 0.1


def midpoint_factor(hL: float) -> float:
    """Worst factor sqrt(1 + z^3 / ((4 - z)(8 - 4 z + z^2))), z = h L <= 3, of the explicit midpoint rule.

    This closed form was inferred from the solved programs, not derived; `early_expansion` compares the two. It is about
    1 + z^3 / 64 for small z.
    """
    return math.sqrt(1 + hL**3 / ((4 - hL) * (8 - 4 * hL + hL * hL)))


def study(asked: EarlyExpansion, tools: Tools) -> Answer:
    """Compute the worst factor of each method at each h L by a search (`search`) and by proof (`worst_case`)."""
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
            known = name == "explicit_midpoint" and hL <= 3
            found = search(method, hL, asked.dimension, asked.restarts, asked.seed).factor - 1
            row = {"method": name, "hL": hL, "searched": found, "proved": worst.factor - 1}
            formula = midpoint_factor(hL) - 1 if known else math.nan
            rows.append({**row, "formula": formula, "status": worst.status})
    table = pd.DataFrame(rows)
    summary = {"failures": float((table["status"] != SOLVED).sum()), "tolerance": TOLERANCE}
    resolved = table[table["hL"] >= RESOLVED]
    summary["formula_gap"] = float((resolved["formula"] - resolved["proved"]).abs().max())
    for name in asked.methods:
        one = table[table["method"] == name]
        summary[f"smallest_searched/{name}"] = float(one["searched"].iloc[0])
        low = one.iloc[: asked.count // 2]
        x, y = np.log(low.loc[low["searched"] > 0, ["hL", "searched"]].to_numpy()).T
        summary[f"power/{name}"] = float(np.polyfit(x, y, 1)[0]) if len(x) > 1 else math.nan
    return Answer({"early": table}, summary)
