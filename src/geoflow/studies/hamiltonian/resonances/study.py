"""Chains with stiff springs (HLW I.5.1, XIII): exchange of oscillatory energy, and numerical resonances."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, SolveError, Tools
from geoflow.integrators.integrate import integrate
from geoflow.measure.stiff_springs import with_oscillatory_energy
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.resonances.config import Resonances


def study(asked: Resonances, tools: Tools) -> Answer:
    """Run all methods and frequencies, and fine runs with h omega = 1/2 at `reference_points` frequencies.

    The soft springs are quartic: with c = omega/omega_0, the chain of frequency omega with step h and state q, p is the
    chain of frequency omega_0 with step c h and state q/c, p/c^2. One compiled loop is used for all frequencies."""
    made = with_oscillatory_energy(make_problem(PROBLEMS, **asked.problem))
    grid = _grid(asked.largest, asked.points, asked.near)

    def deviations(name: str) -> list[tuple[str, float, float, float]]:
        return [(name, x, *_deviations(made, name, asked.h, asked.time, x / asked.h)) for x in grid]

    rows = []
    for name in tools.progress(asked.methods, "methods"):
        rows += tools.resume(name, deviations, name)
    table = pd.DataFrame(rows, columns=["method", "h_omega", "energy", "oscillatory"])
    few = np.pi * np.geomspace(0.05 * asked.largest, asked.largest, asked.reference_points)
    h, time = asked.h, asked.time
    exact = [(x, *_deviations(made, asked.reference, h / (2 * x), time, x / h)) for x in few]
    fine = pd.DataFrame(exact, columns=["h_omega", "energy", "oscillatory"])
    summary: dict[str, float] = {"fine/energy": float(fine["energy"].max())}
    for name in asked.methods:
        frame = table[table["method"] == name]
        summary |= _peaks(name, frame, int(asked.largest))
        large = frame[frame["h_omega"] >= 1]
        truth = np.interp(np.log(large["h_omega"]), np.log(few), np.log(fine["oscillatory"]))
        summary[f"ratio/{name}"] = float((large["oscillatory"] / np.exp(truth)).median())
    return Answer({"deviations": table, "fine": fine}, summary)


def _peaks(name: str, frame: pd.DataFrame, multiples: int) -> dict[str, float]:
    """Errors of a method near each multiple of pi, relative to its typical error."""
    fails = frame["energy"].isna().cummax()
    summary = {f"stable/{name}": float(frame.loc[~fails, "h_omega"].max())}
    for quantity in ("energy", "oscillatory"):
        typical = float(frame.loc[frame["h_omega"] >= 1, quantity].median())
        summary[f"typical/{quantity}/{name}"] = typical
        summary[f"worst/{quantity}/{name}"] = float(frame[quantity].max())
        for k in range(1, multiples + 1):
            near = frame.loc[(frame["h_omega"] - k * np.pi).abs() < 0.3, quantity]
            if near.notna().any():
                summary[f"peak/{quantity}/{name}/{k}"] = float(near.max() / typical)
    return summary


def _grid(largest: float, points: int, near: Sequence[float]) -> Floats:
    """Values of h omega in (0, largest pi), except multiples of pi, at which some psi/sinc is 0/0."""
    even = largest * (np.arange(points) + 0.5) / points
    multiples = np.arange(1, int(largest) + 1)
    close = [k + side * distance / np.pi for k in multiples for distance in near for side in (-1, 1)]
    return np.pi * np.unique([x for x in (*even, *close) if 0 < x < largest and x % 1])


def _deviations(problem: Problem, method: str, h: float, time: float, omega: float) -> tuple[float, float]:
    """Largest relative errors of H and I over `time` for frequency `omega`, by the scaling described in `study`."""
    scale = omega / problem.parameters["omega"]
    start = problem(omega=omega).y0.copy()
    half = len(start) // 2
    start[:half] /= scale
    start[half:] /= scale**2
    steps = round(time / h)
    try:
        run = integrate(problem, method, h=h * scale, steps=steps, every=steps, monitor=1, y0=start)
    except SolveError:
        return np.nan, np.nan
    first = {name: abs(float(values[0])) for name, values in run.invariants.items()}
    return run.drift["energy"] / first["energy"], run.drift["oscillatory"] / first["oscillatory"]
