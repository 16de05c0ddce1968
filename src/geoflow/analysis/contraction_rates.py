"""How fast a step contracts on strongly convex potentials and one-sided Lipschitz fields, proved beside linear."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.contractivity import runge_kutta
from geoflow.analysis.performance import SOLVED, TOLERANCE, worst_case
from geoflow.analysis.stability import stability_function
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.analysis.worst_cases import linear_factor
from geoflow.errors import InputError
from geoflow.integrators.families import RungeKutta

FREQUENCIES = np.concatenate([[0.0], np.geomspace(1e-3, 1e6, 2000)])


def euler_rate(hL: float, mu: float) -> float:
    """max(|1 - h mu|, |1 - h L|), L = 1: explicit Euler (Nesterov2018); smallest at h = 2 / (L + mu)."""
    return max(abs(1 - hL * mu), abs(1 - hL))


def implicit_euler_rate(hL: float, mu: float) -> float:
    """1 / (1 + h mu): implicit Euler, which needs no L (HairerWanner1996, IV.12)."""
    return 1 / (1 + hL * mu)


FORMULAS = {"explicit_euler": euler_rate, "implicit_euler": implicit_euler_rate}


def contraction_rates(
    methods: Sequence[str],
    mu: float,
    largest: float,
    count: int,
    progress: Progress = no_progress,
) -> Study:
    """The largest |phi(y) - phi(z)| / |y - z| over L-smooth mu-strongly convex potentials against h L (L = 1).

    Columns: `proved` by performance estimation, `linear` (quadratics), `formula` where one is known. Summary:
    `formula_gap`; `linear_until/<method>` = the largest h L of the grid up to which quadratics are the worst case;
    `best/<method>` = the smallest factor over the grid, `best_step/<method>` where, and `best_per_stage/<method>` =
    its s-th root, s the gradients that a step of an explicit method takes; `failures` of the solver and `unsolved`,
    their share; `disorder` = linear - proved.
    """
    _check(methods, largest, count)
    if not 0 < mu < 1:
        raise InputError(f"expected 0 < mu < L = 1, got {mu}.")
    rows: list[dict[str, Any]] = []
    summary: dict[str, float] = {}
    for name in progress(methods, "methods"):
        method = runge_kutta(name)
        for hL in map(float, np.linspace(0, largest, count + 1)[1:]):
            worst = worst_case(method, hL, mu=mu)
            formula = FORMULAS[name](hL, mu) if name in FORMULAS else math.nan
            row = {"method": name, "hL": hL, "linear": linear_factor(method, hL, mu)}
            rows.append({**row, "proved": worst.factor, "formula": formula, "status": worst.status})
        one = pd.DataFrame(rows[-count:])
        gone = np.flatnonzero(~(one["proved"] <= one["linear"] + TOLERANCE))
        until = one["hL"].iloc[gone[0] - 1] if len(gone) and gone[0] else 0.0
        summary[f"linear_until/{name}"] = float(until if len(gone) else largest)
        best = one.iloc[int(one["proved"].argmin())]
        summary[f"best/{name}"], summary[f"best_step/{name}"] = (
            float(best["proved"]),
            float(best["hL"]),
        )
        if method.explicit:
            summary[f"best_per_stage/{name}"] = float(best["proved"]) ** (1 / method.stages)
    table = pd.DataFrame(rows)
    return Study({"rates": table}, {**summary, **_checks(table)})


def one_sided_growth(
    methods: Sequence[str], largest: float, count: int, progress: Progress = no_progress
) -> Study:
    """The largest expansion over all fields with (f(x) - f(y))^T (x - y) <= -mu |x - y|^2, against h mu.

    No Lipschitz constant is assumed: the error growth function of B-convergence at -h mu (HairerWanner1996, IV.12), for
    implicit methods. Columns: `proved`; `linear` = sup |R(z)| over Re z <= -h mu, on its boundary; `formula`.
    Summary: `formula_gap`, `disorder`, `failures`, `nonlinear/<method>` = the largest proved - linear.
    """
    _check(methods, largest, count)
    rows: list[dict[str, Any]] = []
    for name in progress(methods, "methods"):
        method = runge_kutta(name)
        for x in map(float, np.linspace(0, largest, count + 1)[1:]):
            worst = worst_case(method, x, "one_sided", 1.0)
            formula = 1 / (1 + x) if name == "implicit_euler" else math.nan
            row = {"method": name, "hmu": x, "linear": half_plane_factor(method, x)}
            rows.append({**row, "proved": worst.factor, "formula": formula, "status": worst.status})
    table = pd.DataFrame(rows)
    excess = (table["proved"] - table["linear"]).groupby(table["method"], sort=False).max()
    summary = {f"nonlinear/{name}": float(x) for name, x in excess.items()}
    return Study({"growth": table}, {**summary, **_checks(table)})


def half_plane_factor(method: RungeKutta, x: float) -> float:
    """sup |R(z)| over Re z <= -x of an A-stable method: by the maximum principle on the line Re z = -x."""
    numerator, denominator = ([float(c) for c in p][::-1] for p in stability_function(method))
    z = -x + 1j * FREQUENCIES
    return float(np.abs(np.polyval(numerator, z) / np.polyval(denominator, z)).max())


def _checks(table: pd.DataFrame) -> dict[str, float]:
    return {
        "formula_gap": float((table["proved"] - table["formula"]).abs().max()),
        "disorder": float((table["linear"] - table["proved"]).max()),
        "failures": float((table["status"] != SOLVED).sum()),
        "unsolved": float((table["status"] != SOLVED).mean()),
    }


def _check(methods: Sequence[str], largest: float, count: int) -> None:
    if not methods or largest <= 0 or count < 2:
        raise InputError(
            "expected methods, a positive largest step and at least two values of it, got "
            f"{list(methods)}, {largest} and {count}."
        )
