"""The catalogue: what every method of the table declares, what its coefficients say, what its steps do."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis import measure
from geoflow.analysis.order_conditions import HIGHEST, order_of
from geoflow.analysis.structure import symmetric, symplectic
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.errors import InputError, SolveError
from geoflow.integrators import METHODS, Method, RungeKutta, Splitting
from geoflow.integrators.controls import CONTROLS
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS, Problem
from geoflow.registry import lookup

# From this order on float64 shows too few points between the first steps and round-off.
EXTENDED = 5
GAP_IN_FLOATS, GAP_EXTENDED = 0.2, 0.1
# Structure holds to round-off or it does not hold: at this step nothing lies near the line.
PRESERVED, DIGITS, H = 1e-12, 24, 0.25
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
    return Study({"catalogue": table, "errors": pd.concat(errors)}, _summary(table))


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
    return row | _judged(row), pd.concat([errors, errors_driven])


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


def served(method: Method, names: Iterable[str]) -> str | None:
    """The first problem that offers what the method asks for."""
    return next((name for name in names if serves(PROBLEMS[name], method)), None)


def serves(problem: Problem, method: Method) -> bool:
    """Whether the problem offers what the method asks for."""
    try:
        one_step(method, problem)
    except InputError:
        return False
    return True


def family(method: Method) -> str:
    """The name under which methods of one kind stand together in tables and figures."""
    if isinstance(method, Splitting):
        return "splitting" if method.order <= 2 else "composition"
    if not isinstance(method, RungeKutta):
        return _words(type(method).__name__)
    if method.explicit:
        return "explicit Runge-Kutta"
    if all(a == 0 for i, row in enumerate(method.A) for a in row[i + 1 :]):
        return "diagonally implicit"
    first = method.name.partition("_")[0] or "implicit"
    return first.capitalize() if set(first) & set("aeiou") else first.upper()  # Gauss, HBVM


def _words(name: str) -> str:
    return (
        "".join(f" {c.lower()}" if c.isupper() else c for c in name)
        .strip()
        .replace("runge kutta", "Runge-Kutta")
    )


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


def asked_of_problems(method: Method) -> set[str]:
    """The names of what the method needs of a problem beyond its field and flows."""
    needs = getattr(method, "needs", ())
    return {needs} - {""} if isinstance(needs, str) else set(needs)


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


def _judged(row: dict[str, Any]) -> dict[str, float]:
    """The gaps between declared, derived and measured; `disagreements` counts those that are too large."""
    declared = row["declared"]
    gaps = [abs(order - declared) for order in (row["order"], row["order_driven"])]
    # A method that nothing serves, or whose slope is unknown, does not have the order that it declares.
    unknown = [name for order, name in (("order", "problem"), ("order_driven", "driven"))
               if np.isnan(row[order]) and (row[name] or name == "problem")]  # fmt: skip
    gap = np.inf if unknown else float(np.nanmax(gaps))
    allowed = GAP_EXTENDED if declared >= EXTENDED else GAP_IN_FLOATS
    conditions = row["order_conditions"]
    found = [
        gap > allowed,
        not np.isnan(conditions) and conditions != min(declared, HIGHEST),
        *(
            not np.isnan(row[derived] * row[defect])
            and bool(row[derived]) != (row[defect] <= PRESERVED)
            for derived, defect in (("symplectic", "symplecticity"), ("symmetric", "symmetry"))
        ),
        row["symplectic"] == 1 and row["quadratic"] > PRESERVED,
        row["keeps_energy"] == 1 and row["energy"] > PRESERVED,
    ]
    return {"order_gap": gap, "disagreements": float(sum(found))}


def _summary(table: pd.DataFrame) -> dict[str, float]:
    methods, controls = table[~table["control"]], table[table["control"]]
    summary = dict(_entries(table))
    high = methods["declared"] >= EXTENDED
    summary |= {
        "methods": float(len(methods)),
        "families": float(methods["family"].nunique()),
        "unserved": float((methods["problem"] == "").sum()),
        "autonomous_only": float((methods["driven"] == "").sum()),
        "worst_order_gap": float(methods["order_gap"].max()),
        "worst_order_gap_extended": float(methods.loc[high, "order_gap"].max()),
        "highest_order": float(methods["declared"].max()),
        "disagreements": float(methods["disagreements"].sum()),
        "controls": float(len(controls)),
        "controls_missed": float((controls["disagreements"] == 0).sum()),
    }
    for derived, defect in (("symplectic", "symplecticity"), ("symmetric", "symmetry")):
        has = methods[derived] == 1
        summary[derived] = float(has.sum())
        summary[f"worst_{defect}"] = float(methods.loc[has, defect].max())
        summary[f"least_{defect}_of_others"] = float(
            methods.loc[methods[derived] == 0, defect].min()
        )
    summary["worst_quadratic"] = float(methods.loc[methods["symplectic"] == 1, "quadratic"].max())
    return summary


def _entries(table: pd.DataFrame) -> Iterator[tuple[str, float]]:
    columns = ("order", "order_driven", "order_gap", "symplecticity", "symmetry", "disagreements")
    for row in table.to_dict("records"):
        yield from ((f"{column}/{row['method']}", float(row[column])) for column in columns)
