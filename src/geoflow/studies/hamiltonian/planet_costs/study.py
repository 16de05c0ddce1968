"""The outer solar system: how far off its planets are, and what that costs."""

import numpy as np
import pandas as pd

from geoflow.ground.answer import Answer, Tools
from geoflow.ground.arrays import Floats
from geoflow.ground.errors import InputError, SolveError
from geoflow.ground.registry import lookup
from geoflow.integrators import METHODS, Method
from geoflow.integrators.integrate import integrate
from geoflow.measure.orders import evaluations as counted
from geoflow.measure.orders import evaluations_for
from geoflow.measure.planets import heliocentric, reference_positions
from geoflow.problems import PROBLEMS, Problem
from geoflow.problems.outer_solar_system_jacobi import from_jacobi
from geoflow.studies.hamiltonian.planet_costs.config import PlanetCosts

# An implicit method sweeps over its stages about this often: its steps are longer by so much.
SWEEPS = 8


def study(asked: PlanetCosts, tools: Tools) -> Answer:
    """The largest distance (AU) of a body from its place after `time` days, against evaluations of all forces.

    `methods` run in barycentric coordinates, `split_methods` in Jacobi's, where what is not the attraction of planet
    and Sun is small and the drift is an ellipse (WisdomHolman1991); its cost, some square roots a planet, is not
    counted. Each method spends about each of `evaluations`. Places are compared with SciPy's DOP853.

    Table `errors` (method, order, split, h, steps, evaluations, error); `costs` (method, order, split, and one column
    evaluations_<k> for accuracy k), infinite where no run gets there. Summary: evaluations/<method>/<k>; cheapest/<k>
    and order_of_cheapest/<k> without the split methods, gain/<k>, the former over the cheapest split method, and
    least_error, least_error/<method>, accuracy/<k>.
    """
    if not asked.accuracies or min(asked.accuracies) <= 0:
        raise InputError(
            f"expected positive accuracies, got {list(asked.accuracies)}; try [1.0e-3]."
        )
    reference = reference_positions(PROBLEMS["outer_solar_system"], asked.time)
    rows, costs, summary = [], [], {"time": asked.time}
    for name in tools.progress([*asked.methods, *asked.split_methods], "methods"):
        method, split = lookup(METHODS, name), name in asked.split_methods
        problem = PROBLEMS["outer_solar_system_jacobi" if split else "outer_solar_system"]
        key = {"method": name, "order": method.order, "split": split}
        runs = [
            _measured(problem, method, number, asked.time, reference)
            for number in asked.evaluations
        ]
        table = pd.DataFrame(runs).dropna()
        rows.append(table.assign(**key))
        needed = [evaluations_for(accuracy, table) for accuracy in asked.accuracies]
        costs.append({**key, **{f"evaluations_{k}": cost for k, cost in enumerate(needed)}})
        summary |= {f"evaluations/{name}/{k}": cost for k, cost in enumerate(needed)}
        summary[f"least_error/{name}"] = float(table["error"].min())
    for k, accuracy in enumerate(asked.accuracies):
        cost, order = min(
            (summary[f"evaluations/{m}/{k}"], lookup(METHODS, m).order) for m in asked.methods
        )
        summary[f"accuracy/{k}"], summary[f"cheapest/{k}"] = accuracy, cost
        summary[f"order_of_cheapest/{k}"] = float(order)
        summary[f"gain/{k}"] = cost / min(
            summary[f"evaluations/{m}/{k}"] for m in asked.split_methods
        )
    summary["least_error"] = min(
        summary[f"least_error/{m}"] for m in [*asked.methods, *asked.split_methods]
    )
    tables = {"errors": pd.concat(rows), "costs": pd.DataFrame(costs)}
    return Answer(tables, summary, {"h": "day", "error": "AU"})


def _measured(
    problem: Problem, method: Method, number: int, time: float, reference: Floats
) -> dict[str, float]:
    """One run; no error where it breaks down."""
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
