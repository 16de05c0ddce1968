"""The outer solar system: position error against computational cost."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, SolveError, Tools
from geoflow.integrators import METHODS, Method
from geoflow.integrators.integrate import integrate
from geoflow.measure.orders import evaluations as counted
from geoflow.measure.orders import evaluations_for
from geoflow.measure.planets import heliocentric, reference_positions
from geoflow.problems import PROBLEMS, Problem
from geoflow.problems.outer_solar_system_jacobi import from_jacobi
from geoflow.studies.hamiltonian.planet_costs.config import PlanetCosts

# Typical number of stage iterations of an implicit method, by which its step size is increased for equal cost.
SWEEPS = 8


def study(asked: PlanetCosts, tools: Tools) -> Answer:
    """Run `methods` in barycentric coordinates and `split_methods` in Jacobi coordinates, in which the forces
    other than the attraction of the Sun are small and the drift is an ellipse (WisdomHolman1991). The cost of the
    drift, some
    square roots per planet, is not counted. Positions are compared with SciPy's DOP853."""
    if not asked.accuracies or min(asked.accuracies) <= 0:
        raise InputError(f"expected positive accuracies, got {list(asked.accuracies)}; try [1.0e-3].")
    reference = reference_positions(PROBLEMS["outer_solar_system"], asked.time)
    rows, costs, summary = [], [], {"time": asked.time}
    for name in tools.progress([*asked.methods, *asked.split_methods], "methods"):
        method, split = METHODS[name], name in asked.split_methods
        problem = PROBLEMS["outer_solar_system_jacobi" if split else "outer_solar_system"]
        key = {"method": name, "order": method.order, "split": split}
        given = problem, method, asked.time, reference
        table = pd.DataFrame([_measured(*given, n) for n in asked.evaluations]).dropna()
        rows.append(table.assign(**key))
        needed = [evaluations_for(accuracy, table) for accuracy in asked.accuracies]
        costs.append({**key, **{f"evaluations_{k}": cost for k, cost in enumerate(needed)}})
        summary |= {f"evaluations/{name}/{k}": cost for k, cost in enumerate(needed)}
        summary[f"least_error/{name}"] = float(table["error"].min())
    for k, accuracy in enumerate(asked.accuracies):
        cost, order = min((summary[f"evaluations/{m}/{k}"], METHODS[m].order) for m in asked.methods)
        summary[f"accuracy/{k}"], summary[f"cheapest/{k}"] = accuracy, cost
        summary[f"order_of_cheapest/{k}"] = float(order)
        split_costs = [summary[f"evaluations/{m}/{k}"] for m in asked.split_methods]
        summary[f"gain/{k}"] = cost / min(split_costs)
    errors = pd.concat(rows)
    summary["least_error"] = float(errors["error"].min())
    tables = {"errors": errors, "costs": pd.DataFrame(costs)}
    return Answer(tables, summary, {"h": "day", "error": "AU"})


def _measured(problem: Problem, method: Method, time: float, reference: Floats, number: int) -> dict[str, float]:
    """Measure one run; the error is NaN if the run fails."""
    spent = method.stages * (1 if method.explicit else SWEEPS)
    steps = max(number // spent, 1)
    h = time / steps
    nothing = {"h": h, "steps": float(steps), "evaluations": np.nan, "error": np.nan}
    try:
        run = integrate(problem, method, h=h, steps=steps, every=steps, invariants=False)
    except SolveError:
        return nothing
    state = run.final if problem.separable else from_jacobi(run.final)
    distance = np.linalg.norm(heliocentric(state[None, :])[0] - reference, axis=1)
    return nothing | {"evaluations": float(counted(run)), "error": float(distance.max())}
