"""The largest h L at which the proved factor is at most one (within TOLERANCE), for each class of right-hand sides."""

import math
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.measure.expansion import bounds
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.keyed import keyed
from geoflow.studies.contractivity.contractive_steps.config import ContractiveSteps
from geoflow.theory.performance import SOLVED, largest_contractive_step


def study(asked: ContractiveSteps, tools: Tools) -> Answer:
    """Bisect up to `reach` times 2 r (up to `reach` if r is 0 or infinite) or, if smaller, 1.1 times the linear
    bound."""
    rows: list[dict[str, Any]] = []
    for name in tools.progress(asked.methods, "methods"):
        method = runge_kutta(name)
        bound, linear = bounds(method)
        end = min(1.1 * linear, asked.reach * (bound if 0 < bound < math.inf else 1.0))
        for fields in asked.classes:
            step, status = largest_contractive_step(method, fields, end, asked.halvings)
            row = {"method": name, "class": fields, "bound": bound, "linear": linear}
            rows.append({**row, "step": step, "status": status})
    table = pd.DataFrame(rows)
    sharp = table[(table["bound"] > 0) & (table["bound"] < math.inf)]
    ratios = keyed(sharp.assign(ratio=sharp["step"] / sharp["bound"]), ["class", "method"], "ratio")
    summary = keyed(table, ["class", "method"], "step") | ratios
    summary["failures"] = float((table["status"] != SOLVED).sum())
    if ratios:
        # NaN counts as the worst value.
        summary["least_ratio"] = float(np.nan_to_num(list(ratios.values()), nan=-math.inf).min())
        summary["largest_ratio"] = float(np.nan_to_num(list(ratios.values()), nan=math.inf).max())
    return Answer({"steps": table}, summary)
