"""Work and precision: the error that a method makes for a number of evaluations of the vector field."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from geoflow.analysis.convergence import reference_states, run_against
from geoflow.analysis.kinds import family, serves
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.errors import InputError
from geoflow.integrators import METHODS
from geoflow.problems import PROBLEMS, make_problem
from geoflow.registry import lookup


def work(
    problem: dict[str, Any],
    steps: Sequence[int],
    accuracy: float,
    methods: Sequence[str] = (),
    time: float = 0.0,
    progress: Progress = no_progress,
) -> Study:
    """Runs every method (empty: all of the table that the problem serves) with every number of steps.

    `time` is the length of the span, 0 for the problem's own. Tables `errors` (method, family, h, steps, error,
    evaluations) and `costs` (method, family, declared, evaluations), the evaluations that the relative error `accuracy`
    takes, infinite when no run reaches it. In the summary they are `evaluations/<m>`; `order_of_cheapest` is the
    declared order of the method with the fewest. Raises InputError when the problem serves none of the methods.
    """
    made = make_problem(PROBLEMS, **problem)
    if time:
        made = replace(made, span=(made.span[0], made.span[0] + time))
    exact = reference_states(made)
    entries = {name: lookup(METHODS, name) for name in methods or METHODS}
    entries = {name: method for name, method in entries.items() if serves(made, method)}
    if not entries:
        raise InputError(
            f"expected methods that problem {made.name!r} serves, got {', '.join(methods)}; try 'rk4'."
        )
    errors, costs = [], []
    for name, method in progress(entries.items(), "methods"):
        rows = pd.DataFrame([run_against(exact, made, method, n) for n in steps])
        errors.append(rows.assign(method=name, family=family(method)))
        cost = evaluations_for(accuracy, rows)
        costs.append((name, family(method), method.order, cost))
    table = pd.DataFrame(costs, columns=["method", "family", "declared", "evaluations"])
    cheapest = table.sort_values("evaluations", kind="stable").iloc[0]
    summary = {f"evaluations/{name}": cost for name, _, _, cost in costs}
    summary |= {
        "methods": float(len(table)),
        "reached": float(table["evaluations"].map(math.isfinite).sum()),
        "fewest_evaluations": float(cheapest["evaluations"]),
        "order_of_cheapest": float(cheapest["declared"]),
    }
    return Study({"errors": pd.concat(errors), "costs": table}, summary)


def evaluations_for(accuracy: float, runs: pd.DataFrame) -> float:
    """Where the line through (evaluations, error), both logarithmic, first comes down to `accuracy`."""
    runs = runs[runs["error"] > 0].sort_values("evaluations")
    error, evaluations = runs["error"].to_numpy(), runs["evaluations"].to_numpy()
    reached = [k for k in range(len(error)) if error[k] <= accuracy]
    if not reached:
        return math.inf
    k = reached[0]
    if k == 0:
        return float(evaluations[0])
    share = math.log(accuracy / error[k - 1]) / math.log(error[k] / error[k - 1])
    return float(evaluations[k - 1] * (evaluations[k] / evaluations[k - 1]) ** share)
