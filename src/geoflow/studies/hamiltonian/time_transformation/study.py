"""Errors on Kepler's problem with equal steps in t and in transformed times, for equal numbers of evaluations."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.problems import PROBLEMS, Problem, time_transformed
from geoflow.studies.hamiltonian.time_transformation.config import TimeTransformation

PERIOD = 2 * np.pi
CLOCK = 2  # index of the time in a state (q, t, p, p_t)


def study(asked: TimeTransformation, tools: Tools) -> Answer:
    """Run all methods with all powers until the end of the last period. A period in s is oint |q|^-power dt."""
    if asked.powers[:1] != [0] or not all(0 <= e < 1 for e in asked.eccentricities):
        raise InputError(
            f"expected powers that begin with 0 and eccentricities in [0, 1), got {asked.powers}, "
            f"{asked.eccentricities}."
        )
    rows, summary, late = [], {}, [0.0]
    for e in tools.progress(asked.eccentricities, "eccentricities"):
        kepler = PROBLEMS["kepler"](eccentricity=e)
        for name in asked.methods:
            for power in asked.powers:
                run = _run(kepler, name, power, e, asked.evaluations, asked.periods)
                t, q = (run.y[:, CLOCK] if power else run.t), run.y[:, :2]
                late += [abs(run.final[CLOCK] / PERIOD - asked.periods)] if power else []
                label = f"{name}/{power:g}/{e:g}"
                summary[f"error/{label}"] = error = _last_error(kepler, t, q)
                summary[f"energy/{label}"] = energy = run.drift["energy"] / abs(run.invariants["energy"][0])
                summary[f"gain/{label}"] = summary[f"error/{name}/0/{e:g}"] / error
                row = {"method": name, "power": power, "eccentricity": e, "error": error, "energy": energy}
                rows.append(row | {"evaluations": run.steps * run.method.stages / asked.periods})
    summary |= {"clock_error": max(late), "evaluations": float(asked.evaluations), "periods": float(asked.periods)}
    return Answer({"errors": pd.DataFrame(rows)}, summary, {"error": "semi-axis", "evaluations": "1/period"})


def _run(kepler: Problem, name: str, power: float, e: float, evaluations: int, periods: int) -> Trajectory:
    problem = time_transformed(kepler, power) if power else kepler
    E = (
        PERIOD * np.arange(4096) / 4096
    )  # oint |q|^-power dt = oint (1 - e cos E)^(1 - power) dE, by the trapezoidal rule
    h = PERIOD * np.mean((1 - e * np.cos(E)) ** (1 - power)) * METHODS[name].stages / evaluations
    return integrate(problem, name, h=float(h), until=periods * PERIOD, monitor=1)


def _last_error(kepler: Problem, t: Floats, q: Floats) -> float:
    last = t > t[-1] - PERIOD
    assert kepler.exact is not None
    exact = np.array([kepler.exact(time)[:2] for time in t[last]])
    return float(np.linalg.norm(q[last] - exact, axis=1).max())
