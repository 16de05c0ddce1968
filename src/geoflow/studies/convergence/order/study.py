"""Runs every method with every number of steps over the span and fits its order."""

import numpy as np
import pandas as pd

from geoflow.ground.answer import Answer, Tools
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.controls import CONTROLS
from geoflow.measure.orders import SAMPLES, enters_fit, fit_order, reference_states, round_off, run_against
from geoflow.problems import PROBLEMS, make_problem
from geoflow.studies.convergence.order.config import Order


def study(asked: Order, tools: Tools) -> Answer:
    """Runs every method with every number of steps over the span and fits its order.

    Tables `errors` (method, h, steps, error, evaluations, in_fit) and `orders` (method, declared, measured, low, high,
    points), low to high the range of `fit_order`; `inside` is the share of the methods whose declared order is in it.
    The error is the largest |y_n - y(t_n)| over eighths of the span, divided by the largest |y(t_n)|; `steps` are
    multiples of eight. A run that overflows or whose stages are not solved has no error. `controls` are methods that
    are wrong on purpose. Raises InputError for steps that are no multiple of eight.
    """
    if wrong := [n for n in asked.steps if n % SAMPLES]:
        raise InputError(f"expected numbers of steps that are multiples of {SAMPLES}, got {wrong[0]}.")
    made = make_problem(PROBLEMS, **asked.problem)
    exact = reference_states(made)
    chosen = {name: METHODS[name] for name in asked.methods}
    chosen |= {name: CONTROLS[name] for name in asked.controls}
    errors, orders, summary, inside = [], [], {}, {}
    for name, method in tools.progress(chosen.items(), "methods"):
        rows = pd.DataFrame([run_against(exact, made, method, n) for n in asked.steps])
        rows.insert(0, "method", name)
        rows["in_fit"] = enters_fit(rows["error"].to_numpy(), rows["steps"].to_numpy())
        fitted = rows[rows["in_fit"]]
        fit = fit_order(fitted["h"], fitted["error"], round_off(fitted["steps"].to_numpy()))
        errors.append(rows)
        orders.append(
            {
                "method": name,
                "declared": method.order,
                "measured": fit.order,
                "low": fit.low,
                "high": fit.high,
                "points": fit.points,
            }
        )
        summary[f"order/{name}"], summary[f"declared/{name}"] = fit.order, float(method.order)
        summary[f"gap/{name}"] = abs(fit.order - method.order)
        inside[name] = fit.low <= method.order <= fit.high
    summary["largest_gap"] = max(summary[f"gap/{name}"] for name in asked.methods)
    summary["inside"] = float(np.mean([inside[name] for name in asked.methods]))
    summary["methods"] = float(len(asked.methods))
    return Answer({"errors": pd.concat(errors), "orders": pd.DataFrame(orders)}, summary)
