"""Contraction in other norms: logarithmic norms of the field, and steps h <= C h_FE in any norm.

mu(M) = lim (|I + h M| - 1) / h over h -> 0+ is the logarithmic norm: the flow of x' = -F(x) is non-expansive in
a norm when mu(-F'(x)) <= 0 for all x (Soderlind2006). If explicit Euler is non-expansive in it for h <= h_FE,
then so is a method with SSP coefficient C for h <= C h_FE (Kraaijevanger1991, GottliebShuTadmor2001): its step
is a convex combination of Euler steps. In the Euclidean norm the circle contractivity radius gives more.
"""

import math

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, Tools
from geoflow.measure.expansion import Norm, Probe, bound_on, expands, field_of, require, sample, spectral
from geoflow.measure.first_expansion import first_expansion
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.keyed import keyed
from geoflow.studies.contractivity.norms.config import Norms
from geoflow.theory.radii import ssp_coefficient

REPEATS = 2  # repetitions of the search for the first expansion
TINY_STEP = 1e-6  # h L of the difference quotient for the comparison with the logarithmic norm


def row_sums(J: Floats) -> Floats:
    """Matrix norm of l-infinity, (N, d, d) -> (N,)."""
    return np.asarray(np.abs(J).sum(axis=2).max(axis=1))


# The l1 norm of a matrix is the l-infinity norm of its transpose.
NORMS: dict[str, Norm] = {"l1": lambda J: row_sums(np.swapaxes(J, 1, 2)), "l2": spectral, "linf": row_sums}


def logarithmic_norm(M: Floats, norm: str) -> Floats:
    """Logarithmic norm max_i (m_ii + sum_(j /= i) |m_ij|) in linf, that of M^T in l1, lambda_max((M + M^T)/2) in l2."""
    if norm == "l2":
        return np.asarray(np.linalg.eigvalsh((M + np.swapaxes(M, 1, 2)) / 2)[:, -1])
    rows = M if norm == "linf" else np.swapaxes(M, 1, 2)
    diagonal = np.diagonal(rows, axis1=1, axis2=2)
    return np.asarray((diagonal + np.abs(rows).sum(axis=2) - np.abs(diagonal)).max(axis=1))


def study(asked: Norms, tools: Tools) -> Answer:
    """Compute, in each norm and for each field, the largest step of Euler and the first expansion of each method."""
    require(asked.fields, asked.methods, asked.largest, asked.count, asked.points)
    euler = runge_kutta("explicit_euler")
    grid = np.geomspace(asked.smallest, asked.largest, asked.count)
    coefficient = {name: ssp_coefficient(runge_kutta(name)) or 0.0 for name in asked.methods}
    logarithmic, steps = [], []
    for spec in tools.progress(asked.fields, "fields"):
        F, label = field_of(spec.potential, spec.skew), spec.label
        cloud = sample(F, asked.points, asked.seed)
        for key, norm in NORMS.items():
            forward = Probe(euler, F, cloud, asked.seed, norm)
            mu = float(logarithmic_norm(-F.jacobian(cloud), key).max()) / F.L
            quotient = (float(forward.ratios(TINY_STEP, cloud).max()) - 1) / TINY_STEP
            first = first_expansion(euler, F, grid, asked.points, asked.seed, REPEATS, norm).step
            if key == "l2":
                first = min(first, 2 * F.cocoercivity * F.L)  # known exactly, while sampling finds it late
            where = {"field": label, "norm": key}
            logarithmic.append({**where, "mu": mu, "quotient": quotient, "euler": first})
            for name in asked.methods:
                method = runge_kutta(name)
                bound = coefficient[name] * first if first > grid[0] else 0.0
                probe = Probe(method, F, cloud, asked.seed, norm)
                ratios = np.array([probe(hL) for hL in grid])
                given = (method, F, grid, asked.points // 2, asked.seed, REPEATS, norm)
                within = [*ratios[grid <= bound]]
                if 0 < bound < math.inf:
                    within.append(probe((1 - 1e-3) * bound))
                steps.append(
                    {
                        **where, "method": name, "ssp": coefficient[name], "bound": bound,
                        "radius_bound": bound_on(method, F) if key == "l2" else math.nan,
                        "first_expansion": first_expansion(*given).step,
                        "worst": float(ratios.max()), "violations": float(sum(map(expands, within))),
                    }
                )  # fmt: skip
    tables = {"logarithmic": pd.DataFrame(logarithmic), "steps": pd.DataFrame(steps)}
    by, shown = ["field", "norm"], ("bound", "worst")
    summary = keyed(tables["logarithmic"], by, "mu", "euler")
    summary |= keyed(tables["steps"], [*by, "method"], *shown, first="first_expansion")
    summary["violations"] = float(tables["steps"]["violations"].sum())
    gap = tables["logarithmic"]["mu"] - tables["logarithmic"]["quotient"]
    summary["quotient_gap"] = float(gap.abs().max())
    return Answer(tables, summary)
