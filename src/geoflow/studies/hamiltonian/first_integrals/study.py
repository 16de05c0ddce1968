"""First integrals and symplecticity: methods that preserve the one, the other, or neither."""

from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators import METHODS, Method
from geoflow.integrators.integrate import integrate
from geoflow.measure import defects as measure
from geoflow.measure.growth import growth
from geoflow.measure.verdicts import PRESERVED
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.first_integrals.config import FirstIntegrals

# Digits of the Jacobian of one step, which is accurate to two thirds of them.
DIGITS = 24

# Relative change over a long run up to which an invariant counts as preserved: round-off of up to 1e6 steps.
KEPT = 1e-10
AHEAD = 8  # steps from y0, often on an axis of symmetry, to the state at which one step is examined


def study(asked: FirstIntegrals, tools: Tools) -> Answer:
    """Measure the invariants of a canonical problem over `steps` steps, and the symplectic form, for each method.

    The form is measured twice: in one step a few steps along the orbit, and over `loop_steps` steps by Poincare's
    integral invariant sum_i oint p_i dq_i on a circle of initial states in the plane (q_1, p_1) (HLW VI.2). Raises
    InputError if the problem is not canonical or an invariant vanishes at the start.
    """
    made = make_problem(PROBLEMS, **asked.problem)
    _require_canonical(made)
    start = circle(made.y0, asked.loop_radius, asked.loop_points)
    place = measure.solve(made, METHODS["gauss_2"], AHEAD * asked.h, AHEAD, floats=True)
    summary: dict[str, float] = {}
    errors, loops, rows = [], [], []
    for name in tools.progress(asked.methods, "methods"):
        method = METHODS[name]
        given = (made, method, asked.h, asked.steps, asked.every)
        frame, largest = tools.resume(name, _errors, *given)
        errors.append(frame.assign(method=name))
        row: dict[str, Any] = {"method": name, **largest}
        summary |= {f"{invariant}_error/{name}": error for invariant, error in largest.items()}
        energy = frame.loc[frame["invariant"] == "energy", "error"]
        summary[f"energy_growth/{name}"] = growth(energy.to_numpy())
        around = (made, method, start, asked.h, asked.loop_steps)
        loops.append(tools.resume(f"{name}-loop", _loop, *around).assign(method=name))
        row["loop"] = float(loops[-1]["change"].max())
        row["symplecticity"] = measure.symplecticity_defect(made, method, place, asked.h, DIGITS)
        row["symmetry"] = measure.symmetry_defect(made, method, place, asked.h, DIGITS)
        summary |= {f"{key}/{name}": row[key] for key in ("loop", "symplecticity", "symmetry")}
        rows.append(row)
    kept = pd.DataFrame(rows)
    summary |= _counts(kept) | {
        "steps": float(asked.steps),
        "time": asked.steps * asked.h,
        "loop_time": asked.loop_steps * asked.h,
    }
    return Answer({"errors": pd.concat(errors), "loops": pd.concat(loops), "kept": kept}, summary)


def _errors(
    problem: Problem, method: Method, h: float, steps: int, every: int
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Relative errors (invariant, t, error) of the invariants at the samples, and their maxima over all steps."""
    run = integrate(problem, method, h=h, steps=steps, every=every, monitor=1)
    frames = [
        pd.DataFrame({"invariant": name, "t": run.t, "error": run.relative_error(name)}) for name in problem.invariants
    ]
    largest = {name: run.drift[name] / abs(float(values[0])) for name, values in run.invariants.items()}
    return pd.concat(frames), largest


def _loop(problem: Problem, method: Method, start: Floats, h: float, steps: int) -> pd.DataFrame:
    """Table of t and the relative change of the action of the loop through `start`, after each step.

    The states are integrated one by one, by the compiled loop of the long run.
    """
    runs = [integrate(problem, method, h=h, steps=steps, monitor=steps, y0=y) for y in start]
    action = np.array([loop_action(states) for states in np.stack([run.y for run in runs], axis=1)])
    return pd.DataFrame({"t": runs[0].t, "change": np.abs(action / action[0] - 1)})


def _counts(kept: pd.DataFrame) -> dict[str, float]:
    energy, form = kept["energy"] < KEPT, kept["symplecticity"] < PRESERVED
    return {
        "methods": float(len(kept)),
        "keeps_energy": float(energy.sum()),
        "keeps_form": float(form.sum()),
        "keeps_both": float((energy & form).sum()),
    }


def _require_canonical(problem: Problem) -> None:
    if not problem.separable or "energy" not in problem.invariants:
        raise InputError(
            f"expected H = T(p) + U(q) with the invariant 'energy', got problem {problem.name!r}; try 'kepler'."
        )
    for name, invariant in problem.invariants.items():
        if problem.evaluate(invariant, 0.0, problem.y0) == 0:
            raise InputError(
                f"{name!r} of problem {problem.name!r} is zero at the start and has no relative error; "
                "try another initial state."
            )


def circle(centre: Floats, radius: float, points: int) -> Floats:
    """`points` states, shape (points, d), with (q_1, p_1) on a clockwise circle about that of `centre` (d,)."""
    angle = 2 * np.pi * np.arange(points) / points
    states = np.tile(centre, (points, 1))
    states[:, 0] += radius * np.cos(angle)
    states[:, len(centre) // 2] -= radius * np.sin(angle)
    return states


def loop_action(states: Floats) -> float:
    """Action sum_i oint p_i dq_i of a smooth closed curve through states (points, d), by Fourier series.

    For equidistant points on an analytic curve the error decreases exponentially with their number.
    """
    points, half = len(states), states.shape[1] // 2
    q, p = states[:, :half], states[:, half:] - states[:, half:].mean(axis=0)
    waves = np.fft.fftfreq(points, 1 / points)
    waves[points // 2] = 0.0 if points % 2 == 0 else waves[points // 2]  # no derivative of the highest mode
    slope = np.fft.ifft(1j * waves[:, None] * np.fft.fft(q - q.mean(axis=0), axis=0), axis=0).real
    return float(2 * np.pi * np.sum(p * slope) / points)
