"""Sampled, searched, proved: the worst expansion of one step over convex potentials, from both sides."""

import math
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, SolveError, Tools
from geoflow.integrators.families import RungeKutta
from geoflow.measure.expansion import JUST_ABOVE, Probe, bounds, field_of, require, sample
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.keyed import keyed
from geoflow.measure.worst_search import search
from geoflow.studies.contractivity.worst_cases.config import WorstCases
from geoflow.theory.performance import SOLVED, worst_case
from geoflow.theory.radii import linear_factor


def study(asked: WorstCases, tools: Tools) -> Answer:
    """Evaluate each method at each h L by `linear_factor`, `Probe`, `search` and `worst_case`."""
    require(asked.methods, asked.potentials, asked.largest, asked.count + 1)
    pool = [field_of(p) for p in asked.potentials]
    rows: list[dict[str, Any]] = []
    for name in tools.progress(asked.methods, "methods"):
        method = runge_kutta(name)
        number = asked.points if method.explicit else asked.implicit_points
        probes = [Probe(method, F, sample(F, number, asked.seed), asked.seed) for F in pool]
        for place, hL in _places(method, np.linspace(0, asked.largest, asked.count + 1)[1:]):
            worst = worst_case(method, hL)
            found = search(method, hL, asked.dimension, asked.restarts, asked.seed).factor
            sampled = max(_sampled(probe, hL) for probe in probes)
            row = {"method": name, "place": place, "hL": hL, "linear": linear_factor(method, hL)}
            proof = {"proved": worst.factor, "gap": worst.gap, "flaw": worst.flaw}
            rows.append({**row, "sampled": sampled, "searched": found, **proof})
            rows[-1]["status"] = worst.status
    table = pd.DataFrame(rows)
    return Answer({"worst": table}, _summary(table))


def _places(method: RungeKutta, grid: Floats) -> list[tuple[str, float]]:
    bound = bounds(method)[0]
    marked = [("bound", bound), ("above", JUST_ABOVE * bound)] if 0 < bound < math.inf else []
    return [("grid", float(hL)) for hL in grid] + marked


def _sampled(probe: Probe, hL: float) -> float:
    try:
        return probe(hL)
    except SolveError:
        return 0.0  # no sampled value


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
    excess = table.assign(proved=proved - 1, searched=table["searched"] - 1)
    at, above = (excess[excess["place"] == place] for place in ("bound", "above"))
    summary |= keyed(at, ["method"], at_bound="proved")
    summary |= keyed(above, ["method"], just_above="proved", just_above_searched="searched")
    if len(above):
        # Without a search result or a solved program, the expansion counts as not caught.
        summary["least_caught"] = float(above["proved"].fillna(-1).min())
        summary["least_caught_searched"] = float(above["searched"].fillna(-1).min())
        summary["most_at_bound"] = float(at["proved"].fillna(1).max())
    return summary
