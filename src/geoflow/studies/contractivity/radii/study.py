"""What the coefficients alone say: radii, intervals, and the two kinds of unconditional stability."""

from typing import Any

import pandas as pd

from geoflow.ground.answer import Answer, Tools
from geoflow.measure.gradient_step import runge_kutta
from geoflow.studies.contractivity.radii.config import Radii
from geoflow.theory.structure import properties


def study(asked: Radii, tools: Tools) -> Answer:
    """What the coefficients alone say: radii, intervals, and the two kinds of unconditional stability.

    Summary: `radius/<method>` (circle contractivity), `bound/<method>` = 2 r, `ssp/<method>`,
    `real/<method>`, `imaginary/<method>`, and 1 or 0 for `a_stable/<method>`, `b_stable/<method>`.
    """
    columns = {
        "radius": "contractivity_radius",
        "ssp": "ssp_coefficient",
        "real": "real_stability_interval",
        "imaginary": "imaginary_stability_interval",
        "a_stable": "a_stable",
        "b_stable": "algebraically_stable",
    }
    rows: list[dict[str, Any]] = []
    summary: dict[str, float] = {}
    for name in tools.progress(asked.methods, "methods"):
        facts = properties(runge_kutta(name))
        row = {column: float(facts[key]) for column, key in columns.items()}  # type: ignore[arg-type]
        row["bound"] = 2 * row["radius"]
        rows.append({"method": name, "order": facts["order"], **row})
        summary |= {f"{quantity}/{name}": value for quantity, value in row.items()}
    summary["above_linear"] = float(sum(row["bound"] > row["real"] + 1e-12 for row in rows))
    return Answer({"radii": pd.DataFrame(rows)}, summary)
