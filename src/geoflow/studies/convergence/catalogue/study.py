"""The catalogue: declared properties of every method compared with those derived from coefficients and measured."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.integrators import METHODS, Method
from geoflow.integrators.controls import CONTROLS
from geoflow.measure import defects as measure
from geoflow.measure.structure_defects import H, at_a_step, candidates_from, free_and_driven, measured_structure
from geoflow.measure.suitable import find_problem
from geoflow.measure.verdicts import EXTENDED, compute_gaps, summary
from geoflow.problems import PROBLEMS
from geoflow.studies.convergence.catalogue.config import Catalogue
from geoflow.theory.order_conditions import HIGHEST, order_of
from geoflow.theory.structure import symmetric, symplectic

QUADRATIC_INVARIANTS = (("kepler", "angular_momentum"), ("rigid_body", "casimir"))
QUADRATIC_H = 0.1

# A method that needs one of these needs it to preserve the energy.
KEEPERS_OF_ENERGY = {"gradient", "hamiltonian", "invariants"}


def study(asked: Catalogue, tools: Tools) -> Answer:
    """Measure the declared properties of all `methods` and `controls`."""
    entries = {name: METHODS[name] for name in asked.methods or METHODS}
    wrong = {name: CONTROLS[name] for name in asked.controls or CONTROLS}
    candidates = candidates_from(asked.problems)
    rows = [
        {"method": name, "control": name in wrong, **examine(method, candidates, asked.end)}
        for name, method in tools.progress((entries | wrong).items(), "methods")
    ]
    table = pd.DataFrame(rows)
    return Answer({"catalogue": table}, summary(table))


def examine(method: Method, candidates: Sequence[str], end: float) -> dict[str, Any]:
    """Compute one row of the catalogue."""
    free, driven = free_and_driven(method, candidates)
    row: dict[str, Any] = {
        "family": method.kind,
        "declared": method.order,
        "order_conditions": _order_by_conditions(method),
        "problem": free or "",
        "order": _order(method, free, end),
        "driven": driven or "",
        "not_driven": "",
        "order_driven": _order(method, driven, end),
        "symplectic": _yes_no(symplectic(method)),
        "symmetric": _yes_no(symmetric(method)),
        **measured_structure(method, candidates, end),
        "quadratic": _quadratic(method),
        "keeps_energy": float(bool(method.asked & KEEPERS_OF_ENERGY)),
        "energy": np.nan,
    }
    if free and "energy" in PROBLEMS[free].invariants:
        row["energy"] = at_a_step(H, measure.invariant_change, PROBLEMS[free], method, "energy")
    if not driven:
        row["not_driven"] = f"no non-autonomous problem provides {' and '.join(sorted(method.asked))}"
    return row | compute_gaps(row)


def _order(method: Method, problem: str | None, end: float) -> float:
    """Measured order on a problem; NaN without a problem."""
    if problem is None:
        return np.nan
    digits = 12 + 2 * method.order if method.order >= EXTENDED else None
    slopes = measure.slopes_of(measure.errors_by_halving(PROBLEMS[problem], method, end, digits=digits))
    return slopes[-1] if slopes else np.nan


def _order_by_conditions(method: Method) -> float:
    """Order by rooted trees, up to one above the declared order; NaN if there are no order conditions."""
    # A method that needs more than a vector field, such as a quadratic kinetic energy, has different trees.
    found = None if method.asked else order_of(method, min(HIGHEST, method.order + 1))
    return np.nan if found is None else float(found)


def _yes_no(derived: bool | None) -> float:
    return np.nan if derived is None else float(derived)


def _quadratic(method: Method) -> float:
    """Change of a quadratic invariant in one step, on the first suitable problem."""
    name = find_problem(method, [problem for problem, _ in QUADRATIC_INVARIANTS])
    if name is None:
        return np.nan
    invariant = dict(QUADRATIC_INVARIANTS)[name]
    return at_a_step(QUADRATIC_H, measure.invariant_change, PROBLEMS[name], method, invariant)
