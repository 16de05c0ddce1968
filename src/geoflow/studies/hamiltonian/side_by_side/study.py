"""Comparison of fixed-step methods with an adaptive one on one problem (Murari2025, figure 1)."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import integrate
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.side_by_side.config import SideBySide
from geoflow.theory.stability import stability_values


def study(asked: SideBySide, tools: Tools) -> Answer:
    """Run each method once."""
    made = make_problem(PROBLEMS, **asked.problem)
    if not made.invariants or made.dimension > 4:
        raise InputError(f"expected a problem with an invariant and at most 4 components, got {made.name!r}.")
    y0 = np.array(asked.y0) if asked.y0 else made.y0
    frames: list[pd.DataFrame] = []
    summary: dict[str, float] = {}
    adaptive = ["rk45"] if asked.adaptive_tolerance else []
    for name in tools.progress([*asked.methods, *adaptive], "methods"):
        if name == "rk45":
            t = np.linspace(0, asked.h * asked.steps, asked.steps + 1)
            y, taken, calls = _adaptive(made, y0, t, asked.adaptive_tolerance)
            summary |= {"steps/rk45": taken, "evaluations/rk45": calls}
        else:
            run = integrate(made, name, h=asked.h, steps=asked.steps, y0=y0)
            t, y = run.t, run.y
            summary[f"steps/{name}"] = float(asked.steps)
        changes = {}
        for invariant, I in made.invariants.items():
            values = np.array([made.evaluate(I, 0.0, state) for state in y])
            changes[invariant] = change = values - values[0]
            facts = {"error": np.abs(change).max(), "change": change[-1]}
            summary |= {f"{invariant}_{key}/{name}": float(value) for key, value in facts.items()}
            summary[f"least_{invariant}_change/{name}"] = float(change.min())
            summary[f"most_{invariant}_change/{name}"] = float(change.max())
            summary[f"final_{invariant}/{name}"] = float(values[-1])
        components = dict(zip("xyzw", y.T, strict=False))
        error = np.abs(next(iter(changes.values())))
        frames.append(pd.DataFrame({"method": name, "t": t, **components, "error": error}))
        summary |= {f"final/{name}/{k}": float(value) for k, value in enumerate(y[-1])}
        tableau = None if name == "rk45" else METHODS[name].tableau
        if made.name == "harmonic_oscillator" and tableau is not None:
            R = stability_values(tableau, np.array(1j * made.parameters["omega"] * asked.h))
            start = made.evaluate(made.invariants["energy"], 0.0, y0)
            predicted = float(abs(R) ** (2 * asked.steps) * start)
            summary[f"predicted_energy/{name}"] = predicted
            summary[f"prediction_gap/{name}"] = abs(summary[f"final_energy/{name}"] / predicted - 1)
    return Answer({"states": pd.concat(frames)}, summary)


def _adaptive(problem: Problem, y0: Floats, t: Floats, tolerance: float) -> tuple[Floats, float, float]:
    """Return the states at the times t, the number of steps, and the number of evaluations."""
    from scipy.integrate import solve_ivp

    given = {"method": "RK45", "atol": tolerance, "dense_output": True}
    solution = solve_ivp(problem.vector_field, (0.0, t[-1]), y0, **given)
    return solution.sol(t).T, float(len(solution.t) - 1), float(solution.nfev)
