"""What the coefficients of Runge-Kutta methods say about contractivity: a table of radii and intervals."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from geoflow.analysis.structure import properties
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.errors import InputError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.registry import lookup


def radii(methods: Sequence[str], progress: Progress = no_progress) -> Study:
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
    for name in progress(methods, "methods"):
        facts = properties(runge_kutta(name))
        row = {column: float(facts[key]) for column, key in columns.items()}  # type: ignore[arg-type]
        row["bound"] = 2 * row["radius"]
        rows.append({"method": name, "order": facts["order"], **row})
        summary |= {f"{quantity}/{name}": value for quantity, value in row.items()}
    summary["above_linear"] = float(sum(row["bound"] > row["real"] + 1e-12 for row in rows))
    return Study({"radii": pd.DataFrame(rows)}, summary)


def runge_kutta(name: str) -> RungeKutta:
    """The Runge-Kutta method called `name`; raises InputError for a splitting, which needs two parts."""
    method = lookup(METHODS, name)
    if not isinstance(method, RungeKutta):
        raise InputError(
            f"expected a Runge-Kutta method for a gradient flow, got the splitting {name!r}; "
            "try 'implicit_midpoint'."
        )
    return method
