"""Comparison of the declared properties of a method with those derived from coefficients and measured on steps."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from geoflow.theory.order_conditions import HIGHEST

# From this order on, float64 gives too few points between the asymptotic regime and round-off.
EXTENDED = 5
GAP_IN_FLOATS, GAP_EXTENDED = 0.2, 0.1
PRESERVED = 1e-12


def compute_gaps(row: dict[str, Any]) -> dict[str, float]:
    """Compute the gaps between declared, derived and measured properties, and the number of disagreements."""
    declared = row["declared"]
    gaps = [abs(order - declared) for order in (row["order"], row["order_driven"])]
    # Without a suitable problem, or with an unknown slope, the declared order counts as not confirmed.
    unknown = [name for order, name in (("order", "problem"), ("order_driven", "driven"))
               if np.isnan(row[order]) and (row[name] or name == "problem")]  # fmt: skip
    gap = np.inf if unknown else float(np.nanmax(gaps))
    allowed = GAP_EXTENDED if declared >= EXTENDED else GAP_IN_FLOATS
    conditions = row["order_conditions"]
    found = [
        gap > allowed,
        not np.isnan(conditions) and conditions != min(declared, HIGHEST),
        *(
            not np.isnan(row[derived] * row[defect]) and bool(row[derived]) != (row[defect] <= PRESERVED)
            for derived, defect in (("symplectic", "symplecticity"), ("symmetric", "symmetry"))
        ),
        row["symplectic"] == 1 and row["quadratic"] > PRESERVED,
        row["keeps_energy"] == 1 and row["energy"] > PRESERVED,
    ]
    return {"order_gap": gap, "disagreements": float(sum(found))}


def summary(table: pd.DataFrame) -> dict[str, float]:
    """Summary of the table: counts, the largest gap of each kind, and the entries of every method."""
    methods, controls = table[~table["control"]], table[table["control"]]
    found = dict(_entries(table))
    high = methods["declared"] >= EXTENDED
    found |= {
        "methods": float(len(methods)),
        "families": float(methods["family"].nunique()),
        "unserved": float((methods["problem"] == "").sum()),
        "autonomous_only": float((methods["driven"] == "").sum()),
        "worst_order_gap": float(methods["order_gap"].max()),
        "worst_order_gap_extended": float(methods.loc[high, "order_gap"].max()),
        "highest_order": float(methods["declared"].max()),
        "disagreements": float(methods["disagreements"].sum()),
        "controls": float(len(controls)),
        "controls_missed": float((controls["disagreements"] == 0).sum()),
    }
    for derived, defect in (("symplectic", "symplecticity"), ("symmetric", "symmetry")):
        has = methods[derived] == 1
        found[derived] = float(has.sum())
        found[f"worst_{defect}"] = float(methods.loc[has, defect].max())
        found[f"least_{defect}_of_others"] = float(methods.loc[methods[derived] == 0, defect].min())
    found["worst_quadratic"] = float(methods.loc[methods["symplectic"] == 1, "quadratic"].max())
    return found


def _entries(table: pd.DataFrame) -> Iterator[tuple[str, float]]:
    columns = ("order", "order_driven", "order_gap", "symplecticity", "symmetry", "disagreements")
    for row in table.to_dict("records"):
        yield from ((f"{column}/{row['method']}", float(row[column])) for column in columns)
