"""Energies of stiff springs along a run, and their sum."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, SolveError, Tools
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.measure.growth import growth
from geoflow.measure.keyed import long_form
from geoflow.measure.stiff_springs import spring_energies, with_oscillatory_energy
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.exchange.config import Exchange


def study(asked: Exchange, tools: Tools) -> Answer:
    """Run each method with its own h omega, and compare with the reference."""
    made = with_oscillatory_energy(make_problem(PROBLEMS, **asked.problem))
    fine = _run(made, asked.reference, asked.reference_h_omega, min(asked.compared, asked.time), asked.interval)
    exact = spring_energies(made, fine.y)
    frames: list[pd.DataFrame] = []
    summary: dict[str, float] = {}
    for one in tools.progress(asked.runs, "runs"):
        name, x = one.method, one.h_omega
        label = f"{name}/{x:g}"
        try:
            run = _run(made, name, x, asked.time, asked.interval)
        except SolveError:
            summary[f"overflow/{label}"] = 1.0
            continue
        energies = spring_energies(made, run.y)
        total = energies.sum(axis=1)
        frame = long_form({"spring": range(1 + energies.shape[1]), "t": run.t}, energy=[total, *energies.T])
        frames.append(frame.assign(method=name, h_omega=x))
        for invariant in ("energy", "oscillatory"):
            first = abs(float(run.invariants[invariant][0]))
            summary[f"{invariant}/{label}"] = run.drift[invariant] / first
        error = np.abs(energies[: len(exact)] - exact).max()
        summary[f"exchange_error/{label}"] = float(error / total[0])
        summary[f"transfer/{label}"] = float((energies[:, -1] / total).max())
        if (half := half_time(run.t, energies)) < np.inf:
            summary[f"speed/{label}"] = half_time(fine.t, exact) / half
        summary[f"growth/{label}"] = growth(run.relative_error("oscillatory"))
        summary[f"kept/{label}"] = float(total[-1] / total[0])
        summary[f"overflow/{label}"] = 0.0
    return Answer({"energies": pd.concat(frames)}, summary)


def half_time(t: Floats, energies: Floats) -> float:
    """First time at which the last spring has half of the oscillatory energy, else infinite; energies (samples, m)."""
    part = energies[:, -1] / energies.sum(axis=1)
    if not (above := np.flatnonzero(part > 0.5)).size or not (k := above[0]):
        return np.inf
    return float(np.interp(0.5, part[k - 1 : k + 1], t[k - 1 : k + 1]))


def _run(problem: Problem, method: str, x: float, time: float, interval: float) -> Trajectory:
    """Run a method with h omega = x."""
    h = x / problem.parameters["omega"]
    every = round(interval / h)
    if every < 1 or abs(every * h - interval) > 1e-9 * interval:
        raise InputError(f"expected an interval that is a multiple of all steps, got {interval!r} for h = {h:.6g}.")
    steps = every * round(time / interval)
    return integrate(problem, method, h=h, steps=steps, every=every, monitor=1)
