"""Energies I_j = (p_(m+j)^2 + omega^2 q_(m+j)^2)/2 of the stiff springs, and their sum I, the adiabatic invariant."""

import numpy as np
import pandas as pd

from geoflow.ground.answer import Answer, Tools
from geoflow.ground.arrays import Floats
from geoflow.ground.errors import InputError, SolveError
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.measure.growth import growth
from geoflow.measure.stiff_springs import spring_energies, with_oscillatory_energy
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.exchange.config import Exchange


def study(asked: Exchange, tools: Tools) -> Answer:
    """Energies I_j = (p_(m+j)^2 + omega^2 q_(m+j)^2)/2 of the stiff springs, and their sum I, the adiabatic invariant.

    Each method has its step, given as h omega; states are kept every `interval` of time, a multiple of all steps. Up to
    the time `compared` the I_j are measured against those of `reference`, a fine run. Table `energies` (method,
    h_omega, t, spring, energy), spring 0 for I. Summary, for <run> = <method>/<h omega>: energy/<run> and
    oscillatory/<run>, the largest |H - H_0|/H_0 and |I - I_0|/I_0 over all steps; growth/<run>, of |I - I_0|;
    exchange_error/<run>, the largest error of an I_j over I_0; speed/<run>, the `half_time` of the reference over its
    own, where it has one; transfer/<run>, the largest part of I that the last
    spring has; kept/<run>, I at the end over I_0; overflow/<run>, 1 where a run overflows, 0 otherwise.
    """
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
        for j, energy in enumerate([total, *energies.T]):
            columns = {"method": name, "h_omega": x, "t": run.t, "spring": j, "energy": energy}
            frames.append(pd.DataFrame(columns))
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
    """When the last spring first has half of the oscillatory energy, infinite if never; energies (samples, m)."""
    part = energies[:, -1] / energies.sum(axis=1)
    if not (above := np.flatnonzero(part > 0.5)).size or not (k := above[0]):
        return np.inf
    return float(np.interp(0.5, part[k - 1 : k + 1], t[k - 1 : k + 1]))


def _run(problem: Problem, method: str, x: float, time: float, interval: float) -> Trajectory:
    """The run with h omega = x."""
    h = x / problem.parameters["omega"]
    every = round(interval / h)
    if every < 1 or abs(every * h - interval) > 1e-9 * interval:
        raise InputError(f"expected an interval that is a multiple of all steps, {interval!r} is none of h = {h:.6g}.")
    steps = every * round(time / interval)
    return integrate(problem, method, h=h, steps=steps, every=every, watch=1)
