"""The largest expansion over all fields with (f(x) - f(y))^T (x - y) <= -mu |x - y|^2, against h mu."""

import math
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.measure.expansion import require
from geoflow.measure.gradient_step import runge_kutta
from geoflow.studies.contractivity.one_sided_growth.config import OneSidedGrowth
from geoflow.theory.performance import summarise_proofs, worst_case
from geoflow.theory.radii import half_plane_factor


def study(asked: OneSidedGrowth, tools: Tools) -> Answer:
    """Compute the error growth function of B-convergence at -h mu (HairerWanner1996, IV.12)."""
    require(asked.methods, asked.largest, asked.count)
    rows: list[dict[str, Any]] = []
    for name in tools.progress(asked.methods, "methods"):
        method = runge_kutta(name)
        for x in map(float, np.linspace(0, asked.largest, asked.count + 1)[1:]):
            worst = worst_case(method, x, "one_sided", 1.0)
            formula = 1 / (1 + x) if name == "implicit_euler" else math.nan
            row = {"method": name, "hmu": x, "linear": half_plane_factor(method, x)}
            rows.append({**row, "proved": worst.factor, "formula": formula, "status": worst.status})
    table = pd.DataFrame(rows)
    excess = (table["proved"] - table["linear"]).groupby(table["method"], sort=False).max()
    summary = {f"nonlinear/{name}": float(x) for name, x in excess.items()}
    return Answer({"growth": table}, {**summary, **summarise_proofs(table)})
