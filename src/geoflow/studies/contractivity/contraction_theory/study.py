"""Contractivity of each Runge-Kutta method derived from its coefficients, with the reason."""

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import mpmath
import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.integrators.families import RungeKutta
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.keyed import keyed
from geoflow.studies.contractivity.contraction_theory.config import ContractionTheory
from geoflow.theory.radii import contractivity_radius
from geoflow.theory.reduction import WORKING_DIGITS, irreducible
from geoflow.theory.structure import properties

FACTS = {
    "radius": "contractivity_radius",
    "ssp": "ssp_coefficient",
    "linear": "real_stability_interval",
    "imaginary": "imaginary_stability_interval",
    "a_stable": "a_stable",
    "b_stable": "algebraically_stable",
}
VERDICTS = ("B-stable", "finite radius", "weight zero", "weight negative", "radius zero")


def study(asked: ContractionTheory, tools: Tools) -> Answer:
    """Derive the facts of each method and check the reduction: an additional unused stage, or the last stage split in
    two with half its weight each, must not change the radius, although the first has weight zero."""
    rows: list[dict[str, Any]] = []
    gaps: list[float] = []
    lost = 0
    for name in tools.progress(asked.methods, "methods"):
        method = runge_kutta(name)
        rows.append(row := {"method": name, "order": method.order, **facts(method)})
        for padded in (with_idle_stage(method), with_split_stage(method)):
            radius = contractivity_radius(padded) or 0.0
            gaps.append(0.0 if radius == row["radius"] else abs(radius - row["radius"]))  # both can be infinite
        lost += row["radius"] > 0 and min(with_idle_stage(method).rounded[1]) <= 0
    table = pd.DataFrame(rows)
    summary = keyed(table, ["method"], *FACTS, "bound", "smallest_weight")
    for verdict in VERDICTS:
        summary[f"count/{verdict.replace(' ', '_')}"] = float((table["verdict"] == verdict).sum())
    summary["methods"] = float(len(table))
    summary["reducible"] = float((table["stages"] < table["given"]).sum())
    summary["reducible_gap"], summary["naive_gap"] = max(gaps), float(lost)
    summary["above_linear"] = float((table["bound"] > table["linear"] + 1e-12).sum())
    summary["a_stable_without"] = float((table["a_stable"] & (table["radius"] < math.inf)).sum())
    return Answer({"theory": table}, summary)


def facts(method: RungeKutta) -> dict[str, Any]:
    """Stages, smallest weight, the facts of FACTS, bound and verdict of one method."""
    t, known = irreducible(method), properties(method)
    row: dict[str, Any] = {column: known[key] for column, key in FACTS.items()}
    radius, smallest = row["radius"], min(t.b)
    if radius == math.inf:
        verdict = "B-stable"
    elif radius > 0:
        verdict = "finite radius"
    elif t.zero(smallest):
        verdict = "weight zero"
    else:
        verdict = "weight negative" if smallest < 0 else "radius zero"
    return {
        "given": method.stages,
        "stages": t.stages,
        "smallest_weight": float(smallest),
        **row,
        "bound": 2 * radius,
        "verdict": verdict,
    }


def with_idle_stage(method: RungeKutta) -> RungeKutta:
    """Return the same method with an additional stage of weight zero that no other stage uses."""
    zero = method.b[0] * 0
    rows = [(*row, zero) for row in method.A]
    last = (*method.A[-1], zero)
    return _stages(method, [*rows, last], (*method.b, zero), (*method.c, method.c[-1]))


def with_split_stage(method: RungeKutta) -> RungeKutta:
    """Return the same method with its last stage split in two, each with half of the coefficients."""
    rows = [(*row[:-1], *_halves(row[-1])) for row in method.A]
    b = (*method.b[:-1], *_halves(method.b[-1]))
    return _stages(method, [*rows, rows[-1]], b, (*method.c, method.c[-1]))


def _halves(x: Any) -> tuple[Any, Any]:
    with mpmath.workdps(WORKING_DIGITS):
        half = Fraction(x) / 2 if isinstance(x, int) else x / 2
    return half, half


def _stages(method: RungeKutta, A: Sequence[Any], b: Any, c: Any) -> RungeKutta:
    return replace(method, A=tuple(A), b=b, c=c, name="")
