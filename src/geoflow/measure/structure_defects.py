"""The defects of symplecticity and symmetry of one long step, on problems that serve the method."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from geoflow.ground import SolveError
from geoflow.integrators import Method
from geoflow.measure import defects as measure
from geoflow.measure.kinds import find_problem, serves
from geoflow.problems import PROBLEMS, Problem

# At this step structure holds to round-off or it does not hold: nothing lies near the line.
DIGITS, H = 24, 0.25

# Nonlinear, off every symmetry: where a method is looked at unless something else is asked for.
USUAL = ("henon_heiles", "driven_pendulum", "rigid_body", "lotka_volterra", "fput")


def measured_structure(method: Method, problems: Sequence[str] = USUAL, end: float = 1.0) -> dict[str, float]:
    """The defects of symplecticity and symmetry in one step: not a number where there is nothing to measure them on.

    Each is the larger of two: on an autonomous problem, and where time enters the Jacobian.
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
    """`problems` first, then all others."""
    return tuple(dict.fromkeys([*problems, *PROBLEMS]))


def free_and_driven(method: Method, candidates: Sequence[str]) -> tuple[str | None, str | None]:
    """The first problems that serve the method: one whose field is without time, one that time enters."""
    parts: tuple[list[str], list[str]] = ([], [])
    for name in candidates:
        parts[PROBLEMS[name].driven].append(name)
    return find_problem(method, parts[False]), find_problem(method, parts[True])


def _worst(defect: Callable[..., float], method: Method, places: Sequence[tuple[Problem, Any]]) -> float:
    found = [at_a_step(H, defect, problem, method, y) for problem, y in places]
    return max(found, default=np.nan)


def at_a_step(h: float, quantity: Callable[..., float], *of: Any) -> float:
    """The quantity at the step h, or at the first of its halves for which the equations of the step are solved."""
    for smaller in (h, h / 2, h / 4, h / 8):
        try:
            return quantity(*of, smaller, DIGITS)
        except SolveError:
            continue
    return np.inf


@cache
def _generic_state(problem: str, end: float) -> Any:
    """The state at the end of the measurement: on no symmetry axis, as an initial state often is."""
    return measure.truth(PROBLEMS[problem], end, None)
