"""Contraction factor of a step on strongly convex potentials or one-sided Lipschitz fields, proved and linear.

For one-sided Lipschitz fields it is the error growth function of B-convergence at -h mu (HairerWanner1996, IV.12).
"""

import math
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, InputError, Tools
from geoflow.measure.expansion import require
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.keyed import keyed
from geoflow.studies.contractivity.contraction_rates.config import ContractionRates
from geoflow.theory.performance import TOLERANCE, summarise_proofs, worst_case
from geoflow.theory.radii import half_plane_factor, linear_factor

# The proved factor for L = 1, if a closed form is known.
FORMULAS = {
    # Nesterov2018; smallest at h = 2 / (L + mu)
    "explicit_euler": lambda h, mu: max(abs(1 - h * mu), abs(1 - h)),
    # independent of L (HairerWanner1996, IV.12)
    "implicit_euler": lambda h, mu: 1 / (1 + h * mu),
}


def study(asked: ContractionRates, tools: Tools) -> Answer:
    """Compute the supremum of |phi(y) - phi(z)| / |y - z| over the class of right-hand sides."""
    require(asked.methods, asked.largest, asked.count)
    convex, mu = asked.fields == "convex", asked.mu
    if not (0 < mu < 1 if convex else asked.fields == "one_sided" and mu == 1):
        raise InputError(f"expected 0 < mu < L = 1 for convex, mu = 1 for one_sided, got {mu} for {asked.fields}.")
    rows: list[dict[str, Any]] = []
    summary: dict[str, float] = {}
    for name in tools.progress(asked.methods, "methods"):
        method = runge_kutta(name)
        for h in map(float, np.linspace(0, asked.largest, asked.count + 1)[1:]):
            worst = worst_case(method, h, asked.fields, mu)
            formula = FORMULAS[name](h, mu) if name in FORMULAS else math.nan
            linear = linear_factor(method, h, mu) if convex else half_plane_factor(method, h)
            row = {"method": name, "h": h, "linear": linear, "proved": worst.factor}
            rows.append({**row, "formula": formula, "status": worst.status})
        one = pd.DataFrame(rows[-asked.count :])
        gone = np.flatnonzero(~(one["proved"] <= one["linear"] + TOLERANCE))
        until = one["h"].iloc[gone[0] - 1] if len(gone) and gone[0] else 0.0
        summary[f"linear_until/{name}"] = float(until if len(gone) else asked.largest)
        best = one.iloc[int(one["proved"].argmin())]
        summary[f"best/{name}"] = float(best["proved"])
        summary[f"best_step/{name}"] = float(best["h"])
        if method.explicit:
            summary[f"best_per_stage/{name}"] = float(best["proved"]) ** (1 / method.stages)
    table = pd.DataFrame(rows)
    excess = table.assign(nonlinear=table["proved"] - table["linear"]).groupby("method", sort=False).max()
    return Answer({"rates": table}, summary | keyed(excess, ["method"], "nonlinear") | summarise_proofs(table))
