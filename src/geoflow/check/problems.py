"""Checks of problems: the functions of a problem are compared with each other at y0 and near it."""

import warnings
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
from scipy.integrate import DOP853, LSODA

from geoflow.check.findings import Comparison, Finding
from geoflow.check.offers import Points, offers, rate
from geoflow.ground import Floats, InputError
from geoflow.integrators import problem_checks
from geoflow.measure.small_steps import time_scale
from geoflow.problems import Problem
from geoflow.problems.problem import Function

# Evaluations of the field times its dimension, about a quarter of a second. Long spans are covered only partly.
WORK, MOST = 30_000, 4000
RELATIVE, AGREE = 1e-9, 1e-4
STUCK = 1e-9  # step sizes below this fraction of the elapsed time count as zero


def check_problem(problem: Problem) -> list[Finding]:
    """Check a problem, one row per function; a single row if a function cannot be evaluated."""
    try:
        problem_checks.check_problem(problem)
    except InputError as error:
        return [Finding("functions at y0", wrong=str(error))]
    at = Points(problem)
    rows = list(_exact(problem))
    trusted = not any(row.wrong for row in rows) if rows else None
    rows += [*_hamiltonian(problem, at, trusted), *_invariants(problem, at, trusted)]
    return [*rows, *_flows(problem, at), *offers(at), _over_its_span(problem)]


def _exact(problem: Problem) -> Iterator[Finding]:
    """Check exact(t0) = y0 and exact' = f at three times of the span."""
    if (exact := problem.exact) is None:
        return
    t0, end = problem.span
    start = Comparison(np.array([exact(t0)], dtype=float), problem.y0[None], [f"at t = {t0:g}"])
    row = start.finding("exact solution", "starts at y0", "the exact solution does not start at y0")
    if row.wrong:
        yield row
        return
    times = [t0 + part * (end - t0) for part in (0.013, 0.21, 0.77)]
    width = 1e-3 * time_scale(problem, t0, problem.y0)
    slopes = np.array([rate(exact, t, width) for t in times])
    field = np.array([problem.vector_field(t, np.asarray(exact(t), dtype=float)) for t in times])
    words = [f"at t = {t:.4g}" for t in times]
    sentence = "the exact solution does not satisfy the equation: y' minus f"
    compared = Comparison(slopes, field, words, np.abs(field).max())
    yield compared.finding("exact solution", "y' = f(t, y)", sentence)


def _hamiltonian(problem: Problem, at: Points, trusted: bool | None) -> Iterator[Finding]:
    """Check q' = dH/dp and p' = -dH/dq."""
    if (H := problem.hamiltonian) is None:
        return
    half, whole = problem.dimension // 2, problem.separable
    slopes = at.slopes(H)
    for name, law, found, wanted in (
        ("velocity" if whole else "q' of the field", "dT/dp" if whole else "dH/dp",
         at.fields[:, :half], slopes[:, half:]),
        ("force" if whole else "p' of the field", "-dU/dq" if whole else "-dH/dq",
         at.fields[:, half:], -slopes[:, :half]),
    ):  # fmt: skip
        suspect = {None: "", True: "Hamiltonian is wrong, because the exact solution satisfies",
                   False: f"{name} is wrong, because the exact solution does not satisfy"}[trusted]  # fmt: skip
        more = f"; most probably the {suspect} the field" if suspect else ""
        compared = at.compared(found, wanted, np.abs(found).max())
        yield compared.finding(name, f"= {law}", f"the {name} is not {law}", more)


def _invariants(problem: Problem, at: Points, trusted: bool | None) -> Iterator[Finding]:
    """Check dI/dt + grad I . f = 0."""
    more = "; most probably the invariant is wrong, because the exact solution satisfies the field"
    for name, invariant in problem.invariants.items():
        value = partial(problem.evaluate, invariant)
        drive = np.array([rate(partial(value, y=y), at.t, 1e-3) for y in at.y])
        slopes, values = at.slopes(invariant), np.array([value(at.t, y) for y in at.y], dtype=float)
        rates, length = drive + (slopes * at.fields).sum(axis=1), np.linalg.norm
        # The round-off of the differences is proportional to the invariant.
        moved = length(slopes, axis=1) * length(at.fields, axis=1)
        size = moved + np.abs(drive) + 1e-6 * np.abs(values)
        sentence = f"the invariant {name!r} is not constant along the field: its rate"
        compared = at.compared(rates, 0 * rates, size)
        yield compared.finding(f"invariant {name}", "constant", sentence, more if trusted else "")


def _flows(problem: Problem, at: Points) -> Iterator[Finding]:
    """Check phi_0 = id, phi_a o phi_b = phi_(a + b), and that the derivatives at h = 0 add up to the field."""
    if not problem.flows:
        return
    step, total = 0.1 * time_scale(problem, at.t, at.y[0]), np.zeros_like(at.y)
    size = np.abs(at.y).max(axis=1)
    for part, flow in problem.flows.items():

        def phi(rows: Floats, h: float, flow: Function = flow) -> Floats:
            return np.array([problem.evaluate(flow, at.t, y, h) for y in rows], dtype=float)

        still = at.compared(phi(at.y, 0.0), at.y, size)
        once, twice = phi(at.y, 0.6 * step), phi(phi(at.y, 1.3 * step), -0.7 * step)
        # Errors over a small h are small, so they are measured relative to the distance that the flow moves.
        way = np.maximum(np.abs(once - at.y).max(axis=1), 1e-9 * size)
        group = at.compared(twice, once, way)
        row, away = ((f"flow {part}", "a flow"), "over 1.3 h and back over 0.7 h it is not that over 0.6 h")
        identity = still.finding(*row, f"the flow {part} over h = 0 is not the identity")
        same = group.finding(*row, f"the flow {part} is not a flow: {away}")
        yield identity if identity.wrong else same
        total += rate(lambda h, phi=phi: phi(at.y, h), 0.0, 1e-2 * step)  # type: ignore[misc]
    summed = at.compared(total, at.fields, np.abs(at.fields).max(axis=1))
    sentence = "the flows do not add up to the field: their derivatives at h = 0"
    yield summed.finding("sum of the flows", "= the field", sentence)


def _over_its_span(problem: Problem) -> Finding:
    """Check that a solution exists over the whole span: the end reached by DOP853, and the agreement with LSODA."""
    declared, wrong = "{:g} to {:g}".format(*problem.span), ""
    reached, y, said = _integrated(problem, DOP853, problem.span[1], 1)
    words = "all" if reached == problem.span[1] else f"up to {reached:.4g}"
    if said:
        wrong = f"the solution does not reach the end of its span {declared}: DOP853 stops at t = {reached:.6g}, {said}"
        return Finding("span", declared, "", words, wrong)
    other, z, said = _integrated(problem, LSODA, reached, 4)
    if other < reached and not said:
        return Finding("span", declared, "", f"{words} by one method")
    gap = np.inf if said else float(np.abs(y - z).max() / max(np.abs(y).max(), 1e-300))
    if not gap < AGREE:
        wrong = f"two methods do not agree at t = {reached:.6g}: DOP853 and LSODA differ by {gap:.3g} of the state"
    return Finding("span", declared, "", f"{words}; two methods differ by {gap:.3g}", wrong)


def _integrated(problem: Problem, method: Any, end: float, share: int) -> tuple[float, Floats, str]:
    """Integrate; returns (time reached, state there, error text); `share` scales the number of evaluations."""
    t, y, most = float(problem.span[0]), problem.y0, share * min(MOST, WORK // problem.dimension)
    absolute = RELATIVE * np.maximum(np.abs(y), 1e-3 * np.abs(y).max())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            solver = method(problem.vector_field, t, y, end, rtol=RELATIVE, atol=absolute)
            while solver.status == "running" and solver.nfev < most:
                t, y = solver.t, solver.y.copy()
                solver.step()
                stuck = method is DOP853 and solver.h_abs < STUCK * (t - problem.span[0])
                if stuck or solver.status == "failed" or not np.isfinite(solver.y).all():
                    return t, y, "where its step size falls to zero"
        except (ArithmeticError, ValueError) as error:
            return t, y, f"where the field cannot be evaluated ({error})"
    return float(solver.t), np.asarray(solver.y, dtype=float), ""
