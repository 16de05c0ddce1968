"""Defects of symplecticity and symmetry of one large step, on problems to which the method applies."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from geoflow.ground import SolveError
from geoflow.integrators import Method
from geoflow.measure import defects as measure
from geoflow.measure.suitable import find_problem, serves
from geoflow.problems import PROBLEMS, Problem

# With this step size a structure either holds to round-off or is clearly violated.
DIGITS, H = 24, 0.25

# Nonlinear problems on which a method is measured by default.
USUAL = ("henon_heiles", "driven_pendulum", "rigid_body", "lotka_volterra", "fput")


def measured_structure(method: Method, problems: Sequence[str] = USUAL, end: float = 1.0) -> dict[str, float]:
    """Defects of symplecticity and symmetry of one step; NaN if there is no suitable problem.

    Each is the maximum over an autonomous problem and one whose Jacobian depends on time.
    """
    free, driven = free_and_driven(method, candidates_from(problems))
    places = [(PROBLEMS[name], _generic_state(name, end)) for name in (free, driven) if name]
    shaken = measure.shaken_pendulum()
    if free and serves(shaken, method):
        places[1:] = [(shaken, shaken.y0)]
    pairs = [(problem, y) for problem, y in places if problem.separable]
    return {
        "symplecticity": _worst(measure.symplecticity_defect, method, pairs),
        "symmetry": _worst(measure.symmetry_defect, method, places),
    }


def candidates_from(problems: Sequence[str]) -> tuple[str, ...]:
    """Return `problems`, followed by all other problems."""
    return tuple(dict.fromkeys([*problems, *PROBLEMS]))


def free_and_driven(method: Method, candidates: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the first autonomous and the first non-autonomous problem to which the method applies."""
    parts: tuple[list[str], list[str]] = ([], [])
    for name in candidates:
        parts[PROBLEMS[name].driven].append(name)
    return find_problem(method, parts[False]), find_problem(method, parts[True])


def _worst(defect: Callable[..., float], method: Method, places: Sequence[tuple[Problem, Any]]) -> float:
    found = [at_a_step(H, defect, problem, method, y) for problem, y in places]
    return max(found, default=np.nan)


def at_a_step(h: float, quantity: Callable[..., float], *of: Any) -> float:
    """Evaluate the quantity at the step size h, halved until the equations of the step can be solved."""
    for smaller in (h, h / 2, h / 4, h / 8):
        try:
            return quantity(*of, smaller, DIGITS)
        except SolveError:
            continue
    return np.inf


@cache
def _generic_state(problem: str, end: float) -> Any:
    """State at time `end`; initial states often lie on a symmetry axis and are therefore not used."""
    return measure.truth(PROBLEMS[problem], end, None)
