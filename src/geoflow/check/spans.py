"""Whether a solution exists over the whole span of a problem, and two methods agree about it."""

import warnings
from collections.abc import Iterator

import numpy as np

from geoflow.check.findings import Finding, short
from geoflow.ground.arrays import Floats
from geoflow.problems import Problem

# Evaluations of the field times its dimension: about a quarter of a second. Longer spans are covered in part.
WORK, MOST = 30_000, 4000
# A step of so small a part of the time that has passed does not get anywhere.
STUCK = 1e-9
RELATIVE, AGREE = 1e-9, 1e-4


class _Spent(Exception):
    """The evaluations are used up."""


def over_its_span(problem: Problem) -> Iterator[Finding]:
    """One row: how far DOP853 came, and how far the solution of LSODA is from it there."""
    start, end = problem.span
    declared = f"{start:g} to {end:g}"
    reached, y, said = _integrated(problem, "DOP853", end, 1)
    part = "all" if reached == end else f"up to {reached:.4g}"
    if said:
        yield Finding(
            "span", declared, "", part,
            f"the solution does not reach the end of its span {declared}: DOP853 stops at t = {reached:.6g}, {said}",
        )  # fmt: skip
        return
    other, z, said = _integrated(problem, "LSODA", reached, 4)
    if other < reached and not said:
        yield Finding("span", declared, "", f"{part} by one method")
        return
    gap = np.inf if said else float(np.abs(y - z).max() / max(np.abs(y).max(), 1e-300))
    wrong = "" if gap < AGREE else (
        f"two methods do not agree at t = {reached:.6g}: DOP853 and LSODA differ by {gap:.3g} of the state"
    )  # fmt: skip
    yield Finding("span", declared, "", f"{part}; two methods differ by {short(gap)}", wrong)


def _integrated(problem: Problem, method: str, end: float, share: int) -> tuple[float, Floats, str]:
    """(the time that is reached, the state there, what went wrong); `share` is a factor of the evaluations."""
    from scipy.integrate import DOP853, LSODA

    used, most = 0, share * min(MOST, WORK // problem.dimension)

    def field(t: float, y: Floats) -> Floats:
        nonlocal used
        used += 1
        if used > most:
            raise _Spent
        return np.asarray(problem.vector_field(t, y), dtype=float)

    y0 = np.asarray(problem.y0, dtype=float)
    absolute = RELATIVE * np.maximum(np.abs(y0), 1e-3 * np.abs(y0).max())
    make = {"DOP853": DOP853, "LSODA": LSODA}[method]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        solver = make(field, float(problem.span[0]), y0, end, rtol=RELATIVE, atol=absolute)
        try:
            while solver.status == "running":
                t, y = solver.t, solver.y.copy()
                solver.step()
                if solver.status == "failed" or not np.isfinite(solver.y).all():
                    return t, y, "where its step size falls to zero"
        except _Spent:
            stuck = solver.h_abs < STUCK * (t - problem.span[0]) if method == "DOP853" else False
            return t, y, "where its step size falls to zero" if stuck else ""
        except (ArithmeticError, ValueError) as error:
            return t, y, f"where the field cannot be evaluated ({error})"
    return float(solver.t), np.asarray(solver.y, dtype=float), ""
