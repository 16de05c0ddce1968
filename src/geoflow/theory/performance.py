"""The exact worst case of a step over a class of right-hand sides, by performance estimation.

The supremum of |phi(y) - phi(z)| over all f of the class and all y, z with |y - z| <= 1, in any dimension, is the value
of a semidefinite program over the Gram matrix of differences and gradients, because finitely many values belong to a
function of the class if and only if they satisfy its interpolation conditions (DroriTeboulle2014,
TaylorHendrickxGlineur2017). PEPit (Goujaud2024) formulates the program, Clarabel solves it. The dual variables are a
proof, which is verified independently here. L = 1 throughout, so that a step size is h L. If Clarabel's solution is
inaccurate, the program is solved again in different units and with shorter steps (ATTEMPTS); if this fails, the result
is a status without a value.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import cvxpy
import numpy as np
import pandas as pd
from PEPit import PEP, Expression, Point
from PEPit.function import Function
from PEPit.functions import SmoothConvexFunction, SmoothStronglyConvexFunction
from PEPit.operators import CocoerciveOperator, StronglyMonotoneOperator

from geoflow.ground import Floats, InputError
from geoflow.integrators.families import RungeKutta
from geoflow.theory.two_steps import TwoSteps, pair_form, two_steps

TOLERANCE = 1e-6
"""Tolerance for a factor above one; the error of Clarabel is about 1e-8 in the square of the factor."""
NUDGE = 1e-3
SOLVED = "optimal"
ATTEMPTS = ((False, 0.99), (False, 0.9), (True, 0.99), (True, 0.9))
"""Attempts in this order: whether gradients are in units of 1 / h, so that they are as large as points; Clarabel's
max_step_fraction to the boundary of the cone (default 0.99), where it can stall."""
KEPT = 0.99  # fraction of the expansion that data of small trace must keep


@dataclass(frozen=True)
class WorstCase:
    """factor: the dual bound, NaN unless the status is `SOLVED`; gap: dual minus primal factor.

    flaw: the violation of the proof conditions by the multipliers (`proof_flaw`) for one convex potential, else NaN.
    """

    factor: float
    gap: float
    flaw: float
    status: str


def _convex(pep: PEP, mu: float) -> Function:
    if mu == 0:
        return pep.declare_function(SmoothConvexFunction, L=1.0)
    return pep.declare_function(SmoothStronglyConvexFunction, L=1.0, mu=mu)


def _one(make: Callable[[PEP, float], Function]) -> Callable[[PEP, int, float], list[Function]]:
    return lambda pep, stages, mu: [make(pep, mu)] * stages


FIELDS: dict[str, Callable[[PEP, int, float], list[Function]]] = {
    # -grad V, V convex and 1-smooth; mu-strongly convex for mu > 0
    "convex": _one(_convex),
    # (f(x) - f(y))^T (x - y) <= -|f(x) - f(y)|^2: includes gradients of convex functions
    "cocoercive": _one(lambda pep, mu: pep.declare_function(CocoerciveOperator, beta=1.0)),
    # a different convex potential at each stage, as for V(t, x) and different nodes
    "staged": lambda pep, stages, mu: [_convex(pep, mu) for _ in range(stages)],
    # (f(x) - f(y))^T (x - y) <= -mu |x - y|^2: only a one-sided Lipschitz constant, so that h is not scaled by L
    "one_sided": _one(lambda pep, mu: pep.declare_function(StronglyMonotoneOperator, mu=mu)),
}


def worst_case(method: RungeKutta, hL: float, fields: str = "convex", mu: float = 0.0) -> WorstCase:
    """Supremum of |phi_h(y) - phi_h(z)| / |y - z| over the class `fields` of FIELDS.

    For implicit methods, over all solutions of the stage equations. Raises InputError if hL or mu is out of range.
    """
    if not hL > 0 or not 0 <= mu < math.inf or (mu >= 1 and fields != "one_sided"):
        raise InputError(f"expected h L > 0 and 0 <= mu < L = 1, got h L = {hL} and mu = {mu}.")
    steps = two_steps(method, hL)
    for attempt in ATTEMPTS:
        worst = _attempt(steps, fields, mu, *attempt)
        if worst.status == SOLVED:
            break
    return worst


def _attempt(steps: TwoSteps, fields: str, mu: float, scaled: bool, max_step_fraction: float) -> WorstCase:
    pep, functions = _program(steps, fields, mu, scaled)
    try:
        dual = pep.solve(verbose=0, solver=cvxpy.CLARABEL, max_step_fraction=max_step_fraction)
    except cvxpy.SolverError:
        return WorstCase(math.nan, math.nan, math.nan, "solver error")
    problem = pep.wrapper.prob
    if problem.status != SOLVED:
        return WorstCase(math.nan, math.nan, math.nan, problem.status)
    factor, primal = (math.sqrt(max(x, 0.0)) for x in (dual, problem.value))
    flaw = _flaw(steps, functions[0], dual, mu) if fields == "convex" else math.nan
    return WorstCase(factor, factor - primal, flaw, SOLVED)


def _program(steps: TwoSteps, fields: str, mu: float, scaled: bool) -> tuple[PEP, list[Function]]:
    pep = PEP()
    functions = FIELDS[fields](pep, steps.stages, mu)
    unit = _unit(steps, scaled)
    basis = [pep.set_initial_point()] + [unit * Point() for _ in range(2 * steps.stages)]

    def point(row: Floats) -> Point:
        return sum((c * p for c, p in zip(row, basis, strict=True) if c != 0), 0 * basis[0])

    for i, (x, g) in enumerate(zip(steps.points, steps.gradients, strict=True)):
        functions[i % steps.stages].add_point((point(x), point(g), Expression()))
    pep.set_initial_condition(point(steps.start) ** 2 <= 1)
    pep.set_performance_metric(point(steps.end) ** 2)
    return pep, functions


def _unit(steps: TwoSteps, scaled: bool) -> float:
    return 1 / steps.hL if scaled else 1.0


def small_data(method: RungeKutta, hL: float, worst: WorstCase) -> tuple[Floats, Floats] | None:
    """Data of a convex V with nearly the expansion of `worst`: Gram matrix of the basis of `TwoSteps` and 2 s values.

    Among all data with at least the fraction KEPT of the expansion, the Gram matrix has minimal trace, which favours
    low dimensions. An inaccurate solution is sufficient as starting point of a search. None if there is no solution or
    no expansion.
    """
    steps, excess = two_steps(method, hL), worst.factor**2 - 1
    if not excess > 0:
        return None
    for scaled, max_step_fraction in ATTEMPTS:
        pep, _ = _program(steps, "convex", 0.0, scaled)
        try:
            pep.solve(
                verbose=0,
                solver=cvxpy.CLARABEL,
                dimension_reduction_heuristic="trace",
                tol_dimension_reduction=(1 - KEPT) * excess,
                max_step_fraction=max_step_fraction,
            )
        except cvxpy.SolverError:
            continue
        units = np.append(1.0, np.full(2 * steps.stages, _unit(steps, scaled)))
        gram = units[:, None] * pep.wrapper.optimal_G * units
        # Leaf expressions are numbered in the order of creation: those of the stages are the first.
        return gram, pep.wrapper.optimal_F[: 2 * steps.stages]
    return None


def _flaw(steps: TwoSteps, function: Function, square: float, mu: float) -> float:
    (table,) = function.get_class_constraints_duals().values()
    multipliers = table.to_numpy(float)
    return proof_flaw(steps, multipliers, square, mu)


def proof_flaw(steps: TwoSteps, multipliers: Floats, square: float, mu: float = 0.0) -> float:
    """Violation of the conditions under which multipliers l_ij prove |end|^2 <= square |start|^2.

    A proof has l_ij >= 0, sum_j l_ij = sum_j l_ji for all i (function values cancel), and
    square |start|^2 - |end|^2 + sum l_ij (interpolation condition ij) >= 0 as a quadratic form. Returns the largest
    violation of the three, relative to max(1, largest multiplier).
    """
    form = square * np.outer(steps.start, steps.start) - np.outer(steps.end, steps.end)
    x, g = steps.points, steps.gradients
    for i, j in np.ndindex(multipliers.shape):
        if i != j:
            form = form + multipliers[i, j] * pair_form(x[i] - x[j], g[i] - g[j], g[j], mu)
    unbalanced = np.abs(multipliers.sum(axis=0) - multipliers.sum(axis=1)).max()
    violations = (-multipliers.min(), unbalanced, -np.linalg.eigvalsh(form)[0], 0.0)
    return float(max(violations) / max(1.0, np.abs(multipliers).max()))


def largest_contractive_step(
    method: RungeKutta, fields: str, largest: float, halvings: int, mu: float = 0.0
) -> tuple[float, str]:
    """Largest h L with a factor of at most 1 + TOLERANCE, by bisection on (0, largest], and a status.

    Infinite if the step `largest` is contractive. If a program is not solved, it is repeated with a step that is longer
    by NUDGE; if this fails too, the result is NaN with the status of that program.
    """
    low, high = 0.0, largest
    step = largest
    for _ in range(halvings + 1):
        worst = worst_case(method, step, fields, mu)
        if worst.status != SOLVED:
            step *= 1 + NUDGE
            worst = worst_case(method, step, fields, mu)
        if worst.status != SOLVED:
            return math.nan, worst.status
        contractive = worst.factor <= 1 + TOLERANCE
        if contractive and step >= largest:
            return math.inf, SOLVED
        low, high = (step, high) if contractive else (low, step)
        step = (low + high) / 2
    return low, SOLVED


def summarise_proofs(table: pd.DataFrame) -> dict[str, float]:
    """Summarise factors on a grid of step sizes. formula_gap: largest |proved - formula|; disorder: largest
    linear - proved, which should not be positive; failures: unsolved programs; unsolved: their fraction."""
    failed = table["status"] != SOLVED
    return {
        "formula_gap": float((table["proved"] - table["formula"]).abs().max()),
        "disorder": float((table["linear"] - table["proved"]).max()),
        "failures": float(failed.sum()),
        "unsolved": float(failed.mean()),
    }
