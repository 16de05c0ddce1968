"""Whether a solution exists over the whole span of a problem, and two methods agree about it."""

import warnings
from typing import Any

import numpy as np
from scipy.integrate import DOP853, LSODA

from geoflow.check.findings import Finding, short
from geoflow.ground.arrays import Floats
from geoflow.problems import Problem

# Evaluations of the field times its dimension: about a quarter of a second. Longer spans are covered in part.
WORK, MOST = 30_000, 4000
# A step of so small a part of the time that has passed does not get anywhere.
STUCK = 1e-9
RELATIVE, AGREE = 1e-9, 1e-4


def over_its_span(problem: Problem) -> Finding:
    """How far DOP853 came, and how far the solution of LSODA is from it there."""
    start, end = problem.span
    declared, wrong = f"{start:g} to {end:g}", ""
    reached, y, said = _integrated(problem, DOP853, end, 1)
    part = "all" if reached == end else f"up to {reached:.4g}"
    if said:
        wrong = f"the solution does not reach the end of its span {declared}: DOP853 stops at t = {reached:.6g}, {said}"
        return Finding("span", declared, "", part, wrong)
    other, z, said = _integrated(problem, LSODA, reached, 4)
    if other < reached and not said:
        return Finding("span", declared, "", f"{part} by one method")
    gap = np.inf if said else float(np.abs(y - z).max() / max(np.abs(y).max(), 1e-300))
    if not gap < AGREE:
        wrong = f"two methods do not agree at t = {reached:.6g}: DOP853 and LSODA differ by {gap:.3g} of the state"
    return Finding("span", declared, "", f"{part}; two methods differ by {short(gap)}", wrong)


def _integrated(problem: Problem, method: Any, end: float, share: int) -> tuple[float, Floats, str]:
    """(the time that is reached, the state there, what went wrong); `share` is a factor of the evaluations."""
    start, y0, zero = float(problem.span[0]), problem.y0, "where its step size falls to zero"
    absolute = RELATIVE * np.maximum(np.abs(y0), 1e-3 * np.abs(y0).max())
    t, y, most = start, y0, share * min(MOST, WORK // problem.dimension)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            solver = method(problem.vector_field, start, y0, end, rtol=RELATIVE, atol=absolute)
            while solver.status == "running" and solver.nfev < most:
                t, y = solver.t, solver.y.copy()
                solver.step()
                stuck = method is DOP853 and solver.h_abs < STUCK * (t - start)
                if solver.status == "failed" or stuck or not np.isfinite(solver.y).all():
                    return t, y, zero
        except (ArithmeticError, ValueError) as error:
            return t, y, f"where the field cannot be evaluated ({error})"
    return float(solver.t), np.asarray(solver.y, dtype=float), ""
