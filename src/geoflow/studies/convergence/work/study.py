"""Work-precision diagrams: the error of a method as a function of the number of evaluations of the vector field."""

import math
from dataclasses import replace

import pandas as pd

from geoflow.ground import Answer, InputError, Tools
from geoflow.integrators import METHODS
from geoflow.measure.keyed import keyed
from geoflow.measure.orders import evaluations_for, reference_states, run_against
from geoflow.measure.suitable import serves
from geoflow.problems import PROBLEMS, make_problem
from geoflow.studies.convergence.work.config import Work


def study(asked: Work, tools: Tools) -> Answer:
    """Run every method with every number of steps; raises InputError if none is applicable to the problem."""
    made = make_problem(PROBLEMS, **asked.problem)
    if asked.time:
        made = replace(made, span=(made.span[0], made.span[0] + asked.time))
    exact = reference_states(made)
    entries = {name: METHODS[name] for name in asked.methods or METHODS}
    entries = {name: method for name, method in entries.items() if serves(made, method)}
    if not entries:
        raise InputError(
            f"expected methods that are applicable to problem {made.name!r}, got {', '.join(asked.methods)}; try 'rk4'."
        )
    errors, costs = [], []
    for name, method in tools.progress(entries.items(), "methods"):
        rows = pd.DataFrame([run_against(exact, made, method, n) for n in asked.steps])
        errors.append(rows.assign(method=name, family=method.kind))
        cost = evaluations_for(asked.accuracy, rows)
        costs.append((name, method.kind, method.order, cost))
    table = pd.DataFrame(costs, columns=asked.tables["costs"].split())
    cheapest = table.sort_values("evaluations", kind="stable").iloc[0]
    summary = keyed(table, ["method"], "evaluations") | {
        "methods": float(len(table)),
        "reached": float(table["evaluations"].map(math.isfinite).sum()),
        "fewest_evaluations": float(cheapest["evaluations"]),
        "order_of_cheapest": float(cheapest["declared"]),
    }
    return Answer({"errors": pd.concat(errors), "costs": table}, summary)
