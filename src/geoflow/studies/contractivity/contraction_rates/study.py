"""Contraction factor of a step on strongly convex potentials, proved and for quadratics."""

import math
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, InputError, Tools
from geoflow.measure.expansion import require
from geoflow.measure.gradient_step import runge_kutta
from geoflow.studies.contractivity.contraction_rates.config import ContractionRates
from geoflow.theory.performance import TOLERANCE, summarise_proofs, worst_case
from geoflow.theory.radii import linear_factor

# The proved factor for L = 1, if a closed form is known.
FORMULAS = {
    # Nesterov2018; smallest at h = 2 / (L + mu)
    "explicit_euler": lambda hL, mu: max(abs(1 - hL * mu), abs(1 - hL)),
    # independent of L (HairerWanner1996, IV.12)
    "implicit_euler": lambda hL, mu: 1 / (1 + hL * mu),
}


def study(asked: ContractionRates, tools: Tools) -> Answer:
    """Compute the supremum of |phi(y) - phi(z)| / |y - z| over L-smooth mu-strongly convex potentials."""
    require(asked.methods, asked.largest, asked.count)
    if not 0 < asked.mu < 1:
        raise InputError(f"expected 0 < mu < L = 1, got {asked.mu}.")
    rows: list[dict[str, Any]] = []
    summary: dict[str, float] = {}
    for name in tools.progress(asked.methods, "methods"):
        method = runge_kutta(name)
        for hL in map(float, np.linspace(0, asked.largest, asked.count + 1)[1:]):
            worst = worst_case(method, hL, mu=asked.mu)
            formula = FORMULAS[name](hL, asked.mu) if name in FORMULAS else math.nan
            row = {"method": name, "hL": hL, "linear": linear_factor(method, hL, asked.mu)}
            rows.append({**row, "proved": worst.factor, "formula": formula, "status": worst.status})
        one = pd.DataFrame(rows[-asked.count :])
        gone = np.flatnonzero(~(one["proved"] <= one["linear"] + TOLERANCE))
        until = one["hL"].iloc[gone[0] - 1] if len(gone) and gone[0] else 0.0
        summary[f"linear_until/{name}"] = float(until if len(gone) else asked.largest)
        best = one.iloc[int(one["proved"].argmin())]
        summary[f"best/{name}"] = float(best["proved"])
        summary[f"best_step/{name}"] = float(best["hL"])
        if method.explicit:
            summary[f"best_per_stage/{name}"] = float(best["proved"]) ** (1 / method.stages)
    table = pd.DataFrame(rows)
    return Answer({"rates": table}, {**summary, **summarise_proofs(table)})
