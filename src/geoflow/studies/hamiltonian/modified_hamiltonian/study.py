"""Backward error analysis in numbers: conservation of truncated modified Hamiltonians along a run."""

from typing import Any

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators import METHODS, Method
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.measure.growth import growth
from geoflow.measure.keyed import long_form
from geoflow.measure.orders import EPS, PLATEAU, enters_fit, fit_line
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.modified_hamiltonian.config import ModifiedHamiltonian
from geoflow.theory.modified_hamiltonian import Series, hamiltonian_series, truncated
from geoflow.theory.poisson import ALGEBRAS, Algebra

# The optimal truncation is determined for errors between round-off and this value: if the smallest error
# is larger, orbits near the separatrix are chaotic.
VISIBLE = 2e-2


# For larger N, too few step sizes lie between this value and round-off to fit a slope.
HIGHEST_FITTED = 8


def study(asked: ModifiedHamiltonian, tools: Tools) -> Answer:
    """Compute the error max_n |H_[N](y_n) - H_[N](y_0)| / |H(y_0)| over `time` for each h and truncation N.

    For a symmetric method only even N are used. The smallest error over N is expected to be of size
    exp(-2 pi rho / h), rho the distance `singularity`.
    """
    made = make_problem(PROBLEMS, **asked.problem)
    algebra = ALGEBRAS[made.name]
    errors, drift = [], []
    summary: dict[str, float] = {}
    for asked_run in tools.progress(asked.runs, "runs"):
        name = asked_run.method
        series = hamiltonian_series(_splitting(name), algebra, asked_run.terms)
        frame = _errors(made, name, algebra, series, asked)
        errors.append(frame)
        summary |= _slopes(frame, name) | _optimum(frame, name, asked.singularity)
        one = _drift(made, name, algebra, series, asked)
        drift.append(one)
        for N, piece in one.groupby("truncation"):
            summary[f"growth/{name}/{N}"] = growth(piece["error"].to_numpy())
        last = one.groupby("truncation")["error"].max()
        summary[f"gain/{name}"] = float(last.iloc[0] / last.min())
    mistaken = asked.mistaken
    wrong = hamiltonian_series(_splitting(mistaken.hamiltonian_of), algebra, 6)
    frame = _errors(made, mistaken.method, algebra, wrong, asked)
    summary |= _slopes(frame, "mistaken")
    for name in asked.controls:
        one = _drift(made, name, algebra, [_energy(algebra)], asked)
        drift.append(one)
        summary[f"growth/{name}"] = growth(one["error"].to_numpy())
    summary["drift_h"], summary["drift_time"] = asked.drift_h, asked.drift_time
    summary["terms"] = float(max(one.terms for one in asked.runs))
    summary["expected_rate"] = 2 * np.pi * asked.singularity
    fitted = [f"slope/{one.method}/{N}" for one in asked.runs for N in range(2, HIGHEST_FITTED + 1)]
    gaps = [abs(summary[key] - int(key.rpartition("/")[2])) for key in fitted if key in summary]
    summary["slope_gap"] = float(np.max(gaps))
    return Answer({"errors": pd.concat(errors), "drift": pd.concat(drift)}, summary)


def _splitting(name: str) -> Method:
    method = METHODS[name]
    if not method.substeps:
        raise InputError(
            f"expected a splitting for the modified Hamiltonian, got {name!r}; "
            "name it among the controls, or try 'stormer_verlet'."
        )
    return method


def _energy(algebra: Algebra) -> dict[tuple[int, ...], Any]:
    return {**algebra.kinetic, **algebra.potential}


def _truncations(series: Series) -> list[int]:
    """Return 1, ..., len(series); only even ones for a symmetric method, whose other terms vanish."""
    symmetric = not any(series[1::2])
    return [N for N in range(1, len(series) + 1) if not (symmetric and N % 2)] or [1]


def _errors(problem: Problem, name: str, algebra: Algebra, series: Series, asked: ModifiedHamiltonian) -> pd.DataFrame:
    """Table of the largest error over the run for each h and N."""
    frames = []
    truncations = _truncations(series)
    for step_size in asked.h:
        run, error = _along(problem, name, algebra, series, step_size, asked.time, asked.samples)
        largest = error.max(axis=1)
        rows = {"method": name, "truncation": truncations, "h": step_size, "error": largest}
        frames.append(pd.DataFrame({**rows, "steps": run.steps}))
    frame = pd.concat(frames, ignore_index=True).sort_values(["truncation", "h"], ascending=False)
    fits = [
        pd.Series(enters_fit(one["error"].to_numpy(), one["steps"].to_numpy()), index=one.index)
        for _, one in frame.groupby("truncation")
    ]
    return frame.assign(in_fit=pd.concat(fits)).reset_index(drop=True)


def _along(
    problem: Problem, name: str, algebra: Algebra, series: Series, h: float, time: float, samples: int
) -> tuple[Trajectory, Floats]:
    """Return a run and |H_[N](y_n) - H_[N](y_0)| / |H(y_0)|, shape (truncations, samples)."""
    steps = round(time / h)
    every = max(steps // samples, 1)
    run = integrate(problem, name, h=h, steps=steps, every=every, invariants=False)
    H = truncated(algebra, series, _truncations(series), run.y.T, h)
    scale = abs(algebra.evaluate(_energy(algebra), run.y[:1].T))
    return run, np.abs(H - H[:, :1]) / scale


def _drift(problem: Problem, name: str, algebra: Algebra, series: Series, asked: ModifiedHamiltonian) -> pd.DataFrame:
    run, error = _along(problem, name, algebra, series, asked.drift_h, asked.drift_time, asked.samples)
    return long_form({"truncation": _truncations(series), "t": run.t}, error=error).assign(method=name)


def _slopes(frame: pd.DataFrame, label: str) -> dict[str, float]:
    """Fit the power of h for each N."""
    found = {}
    for N, one in frame[frame["in_fit"]].groupby("truncation"):
        found[f"slope/{label}/{N}"] = fit_line(one["h"], one["error"])
    return found


def _optimum(frame: pd.DataFrame, name: str, singularity: float) -> dict[str, float]:
    """Quantities of the smallest error over N, from the step sizes at which this N is not the last one."""
    table = frame.pivot_table(index="h", columns="truncation", values="error")
    best, at = table.min(axis=1), table.idxmin(axis=1)
    floor = PLATEAU * EPS * np.sqrt(frame.groupby("h")["steps"].first())
    visible = (best < VISIBLE) & (best > floor) & (at < int(max(table.columns)))
    if visible.sum() < 3:
        return {}
    largest = best.index[visible].max()
    rate = fit_line(np.exp(-1 / best.index[visible]), best[visible])
    return {
        f"optimal/{name}": float(at[largest]),
        f"optimal_h/{name}": float(largest),
        f"excess/{name}": float(table.loc[largest].iloc[-1] / best[largest]),
        f"rate/{name}": rate,
        f"rate_ratio/{name}": rate / (2 * np.pi * singularity),
    }
