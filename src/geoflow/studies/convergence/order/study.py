"""Measured order: run every method with every number of steps over the time span and fit its order."""

import pandas as pd

from geoflow.ground import Answer, InputError, Tools
from geoflow.integrators import METHODS
from geoflow.integrators.controls import CONTROLS
from geoflow.measure.keyed import keyed
from geoflow.measure.orders import SAMPLES, enters_fit, fit_order, reference_states, round_off, run_against
from geoflow.problems import PROBLEMS, make_problem
from geoflow.studies.convergence.order.config import Order


def study(asked: Order, tools: Tools) -> Answer:
    """Run and fit every method; raises InputError for numbers of steps that are not multiples of eight."""
    if wrong := [n for n in asked.steps if n % SAMPLES]:
        raise InputError(f"expected numbers of steps that are multiples of {SAMPLES}, got {wrong[0]}.")
    made = make_problem(PROBLEMS, **asked.problem)
    exact = reference_states(made)
    chosen = {name: METHODS[name] for name in asked.methods}
    chosen |= {name: CONTROLS[name] for name in asked.controls}
    errors, orders = [], []
    for name, method in tools.progress(chosen.items(), "methods"):
        rows = pd.DataFrame([run_against(exact, made, method, n) for n in asked.steps])
        rows.insert(0, "method", name)
        rows["in_fit"] = enters_fit(rows["error"].to_numpy(), rows["steps"].to_numpy())
        fitted = rows[rows["in_fit"]]
        fit = fit_order(fitted["h"], fitted["error"], round_off(fitted["steps"].to_numpy()))
        errors.append(rows)
        orders.append((name, method.order, fit.order, fit.low, fit.high, fit.points))
    table = pd.DataFrame(orders, columns=asked.tables["orders"].split())
    gap = (table["measured"] - table["declared"]).abs()
    summary = keyed(table.assign(gap=gap), ["method"], "declared", "gap", order="measured")
    sound = table["method"].isin(asked.methods)
    summary["largest_gap"] = max(gap[sound])
    summary["inside"] = float(table["declared"].between(table["low"], table["high"])[sound].mean())
    summary["methods"] = float(len(asked.methods))
    return Answer({"errors": pd.concat(errors), "orders": table}, summary)
