"""Properties from the coefficients: radii, stability intervals, and the two kinds of unconditional stability."""

from typing import Any

import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.keyed import keyed
from geoflow.studies.contractivity.radii.config import Radii
from geoflow.theory.structure import properties

FACTS = {
    "radius": "contractivity_radius",
    "ssp": "ssp_coefficient",
    "real": "real_stability_interval",
    "imaginary": "imaginary_stability_interval",
    "a_stable": "a_stable",
    "b_stable": "algebraically_stable",
}


def study(asked: Radii, tools: Tools) -> Answer:
    """Compute the facts of each method as numbers (1 for yes, 0 for no), and `bound` = 2 r."""
    rows: list[dict[str, Any]] = []
    for name in tools.progress(asked.methods, "methods"):
        facts = properties(runge_kutta(name))
        row = {column: float(facts[key]) for column, key in FACTS.items()}  # type: ignore[arg-type]
        rows.append({"method": name, "order": facts["order"], **row, "bound": 2 * row["radius"]})
    table = pd.DataFrame(rows)
    summary = keyed(table, ["method"], *FACTS, "bound")
    summary["above_linear"] = float((table["bound"] > table["real"] + 1e-12).sum())
    return Answer({"radii": table}, summary)
