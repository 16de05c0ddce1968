"""The catalogue: what every method of the table declares, what its coefficients say, what its steps do."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis import measure
from geoflow.analysis.kinds import asked_of_problems, family, served, serves
from geoflow.analysis.order_conditions import HIGHEST, order_of
from geoflow.analysis.structure import symmetric, symplectic
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.analysis.verdicts import EXTENDED, judged, summary
from geoflow.errors import SolveError
from geoflow.integrators import METHODS, Method
from geoflow.integrators.controls import CONTROLS
from geoflow.problems import PROBLEMS, Problem
from geoflow.registry import lookup

# At this step structure holds to round-off or it does not hold: nothing lies near the line.
DIGITS, H = 24, 0.25
QUADRATIC_INVARIANTS = (("kepler", "angular_momentum"), ("rigid_body", "casimir"))
QUADRATIC_H = 0.1
# Nonlinear, off every symmetry: where a method is looked at unless something else is asked for.
USUAL = ("henon_heiles", "driven_pendulum", "rigid_body", "lotka_volterra", "fput")
# A method that asks for one of these asks in order to keep the energy.
KEEPERS_OF_ENERGY = {"gradient", "hamiltonian", "invariants"}


def catalogue(
    problems: Sequence[str],
    methods: Sequence[str] = (),
    controls: Sequence[str] = (),
    end: float = 1.0,
    progress: Progress = no_progress,
) -> Study:
    """Measures every claim of `methods` (empty: the whole table) and of `controls` (empty: all of them).

    A method is measured on the first of `problems`, or else of the table of problems, that offers what it needs: one
    that is autonomous and one that is not. Tables `catalogue` (one row a method) and `errors` (method, family, problem,
    steps, h, error at `end`). In the summary `disagreements` counts over all methods where measured differs from
    declared or derived; `controls_missed` counts the controls without any.
    """
    entries = {name: lookup(METHODS, name) for name in methods or METHODS}
    wrong = {name: lookup(CONTROLS, name) for name in controls or CONTROLS}
    candidates = _candidates(problems)
    rows, errors = [], []
    for name, method in progress((entries | wrong).items(), "methods"):
        row, points = examine(method, candidates, end)
        rows.append({"method": name, "control": name in wrong, **row})
        errors.append(points.assign(method=name, family=row["family"]))
    table = pd.DataFrame(rows)
    return Study({"catalogue": table, "errors": pd.concat(errors)}, summary(table))


def examine(
    method: Method, candidates: Sequence[str], end: float
) -> tuple[dict[str, Any], pd.DataFrame]:
    """One row of the catalogue, and the errors behind its orders."""
    free, driven = _free_and_driven(method, candidates)
    order, errors = _order(method, free, end)
    order_driven, errors_driven = _order(method, driven, end)
    row: dict[str, Any] = {
        "family": family(method),
        "declared": method.order,
        "order_conditions": _order_by_conditions(method),
        "problem": free or "",
        "order": order,
        "driven": driven or "",
        "not_driven": "",
        "order_driven": order_driven,
        "symplectic": _yes_no(symplectic(method)),
        "symmetric": _yes_no(symmetric(method)),
        **measured_structure(method, candidates, end),
        "quadratic": _quadratic(method),
        "keeps_energy": float(bool(asked_of_problems(method) & KEEPERS_OF_ENERGY)),
        "energy": np.nan,
    }
    if free and "energy" in PROBLEMS[free].invariants:
        row["energy"] = _at_a_step(H, measure.invariant_change, PROBLEMS[free], method, "energy")
    if not driven:
        row["not_driven"] = (
            f"no driven problem offers {' and '.join(sorted(asked_of_problems(method)))}"
        )
    return row | judged(row), pd.concat([errors, errors_driven])


def measured_structure(
    method: Method, problems: Sequence[str] = USUAL, end: float = 1.0
) -> dict[str, float]:
    """The defects of symplecticity and symmetry in one step: not a number where there is nothing to measure them on.

    Each is the larger of two: on an autonomous problem, and where time enters the Jacobian.
    """
    free, driven = _free_and_driven(method, _candidates(problems))
    places = [(PROBLEMS[name], _generic_state(name, end)) for name in (free, driven) if name]
    shaken = measure.shaken_pendulum()
    if free and serves(shaken, method):
        places[1:] = [(shaken, shaken.y0)]
    pairs = [(problem, y) for problem, y in places if problem.separable]
    return {
        "symplecticity": _worst(measure.symplecticity_defect, method, pairs),
        "symmetry": _worst(measure.symmetry_defect, method, places),
    }


def _candidates(problems: Sequence[str]) -> tuple[str, ...]:
    """`problems` first, then all others."""
    return tuple(dict.fromkeys([*problems, *PROBLEMS]))


def _free_and_driven(method: Method, candidates: Sequence[str]) -> tuple[str | None, str | None]:
    """The first problems that serve the method: one whose field is without time, one that time enters."""
    parts: tuple[list[str], list[str]] = ([], [])
    for name in candidates:
        parts[PROBLEMS[name].driven].append(name)
    return served(method, parts[False]), served(method, parts[True])


def _order(method: Method, problem: str | None, end: float) -> tuple[float, pd.DataFrame]:
    """The measured order on a problem, and the errors that show it."""
    columns = ["problem", "steps", "h", "error"]
    if problem is None:
        return np.nan, pd.DataFrame(columns=columns)
    digits = 12 + 2 * method.order if method.order >= EXTENDED else None
    errors = measure.errors_by_halving(PROBLEMS[problem], method, end, digits=digits)
    slopes = measure.slopes_of(errors)
    points = [(problem, steps, end / steps, error) for steps, error in errors]
    return slopes[-1] if slopes else np.nan, pd.DataFrame(points, columns=columns)


def _worst(
    defect: Callable[..., float], method: Method, places: Sequence[tuple[Problem, Any]]
) -> float:
    found = [_at_a_step(H, defect, problem, method, y) for problem, y in places]
    return max(found, default=np.nan)


def _at_a_step(h: float, quantity: Callable[..., float], *of: Any) -> float:
    """The quantity at the step h, or at the first of its halves for which the equations of the step are solved."""
    for smaller in (h, h / 2, h / 4, h / 8):
        try:
            return quantity(*of, smaller, DIGITS)
        except SolveError:
            continue
    return np.inf


def _order_by_conditions(method: Method) -> float:
    """By rooted trees, up to one above the declared order; not a number where no trees are known."""
    # What asks for more than a vector field, such as a quadratic kinetic energy, has trees of its own.
    found = None if asked_of_problems(method) else order_of(method, min(HIGHEST, method.order + 1))
    return np.nan if found is None else float(found)


def _yes_no(derived: bool | None) -> float:
    return np.nan if derived is None else float(derived)


@cache
def _generic_state(problem: str, end: float) -> Any:
    """The state at the end of the measurement: on no symmetry axis, as an initial state often is."""
    return measure.truth(PROBLEMS[problem], end, None)


def _quadratic(method: Method) -> float:
    """The change of a quadratic invariant in one step, of the first problem that serves."""
    name = served(method, [problem for problem, _ in QUADRATIC_INVARIANTS])
    if name is None:
        return np.nan
    invariant = dict(QUADRATIC_INVARIANTS)[name]
    return _at_a_step(QUADRATIC_H, measure.invariant_change, PROBLEMS[name], method, invariant)
