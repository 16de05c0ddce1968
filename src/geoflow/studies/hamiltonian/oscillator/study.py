"""The harmonic oscillator in its phase plane: fixed-step methods beside an adaptive one."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators import METHODS, RungeKutta
from geoflow.integrators.integrate import integrate
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.oscillator.config import Oscillator
from geoflow.theory.stability import stability_values


def study(asked: Oscillator, tools: Tools) -> Answer:
    """The course's first figure: one run of each method."""
    made = make_problem(PROBLEMS, **asked.problem)
    if made.name != "harmonic_oscillator":
        raise InputError(f"oscillator is about 'harmonic_oscillator', got {made.name!r}.")
    frames: list[pd.DataFrame] = []
    summary: dict[str, float] = {}
    for name in tools.progress([*asked.methods, "rk45"], "methods"):
        if name == "rk45":
            t, y = _adaptive(made, asked.h * asked.steps, asked.adaptive_tolerance)
        else:
            run = integrate(made, name, h=asked.h, steps=asked.steps)
            t, y = run.t, run.y
        H = np.array([made.evaluate(made.invariants["energy"], 0.0, state) for state in y])
        error = np.abs(H - H[0])
        columns = {"method": name, "t": t, "q": y[:, 0], "p": y[:, 1], "energy_error": error}
        frames.append(pd.DataFrame(columns))
        summary[f"energy_error/{name}"] = float(error.max())
        summary[f"final_energy/{name}"] = float(H[-1])
        summary[f"steps/{name}"] = float(len(t) - 1)
        if isinstance(method := METHODS.get(name), RungeKutta):
            R = stability_values(method, np.array(1j * made.parameters["omega"] * asked.h))
            predicted = float(abs(R) ** (2 * asked.steps) * H[0])
            summary[f"predicted_energy/{name}"] = predicted
            summary[f"prediction_gap/{name}"] = abs(float(H[-1]) / predicted - 1)
    return Answer({"states": pd.concat(frames)}, summary)


def _adaptive(problem: Problem, end: float, tolerance: float) -> tuple[Floats, Floats]:
    from scipy.integrate import solve_ivp

    span, f = (0.0, end), problem.vector_field
    solution = solve_ivp(f, span, problem.y0, method="RK45", atol=tolerance)
    return solution.t, solution.y.T
