"""Chains with stiff springs (HLW I.5.1, XIII): exchange of oscillatory energy, and the steps that resonate with it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.growth import growth
from geoflow.analysis.pieces import piece
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.arrays import Floats
from geoflow.errors import InputError, SolveError
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.problems import PROBLEMS, Problem, make_problem


def exchange(
    problem: dict[str, Any],
    methods: Sequence[str],
    h_omega: Sequence[float],
    time: float,
    interval: float,
    reference: str,
    reference_h_omega: float,
    compared: float,
    progress: Progress = no_progress,
) -> Study:
    """Energies I_j = (p_(m+j)^2 + omega^2 q_(m+j)^2)/2 of the stiff springs, and their sum I, the adiabatic invariant.

    Each method has its step, given as h omega; states are kept every `interval` of time, a multiple of all steps. Up to
    the time `compared` the I_j are measured against those of `reference`, a fine run. Table `energies` (method,
    h_omega, t, spring, energy), spring 0 for I. Summary, for <run> = <method>/<h omega>: energy/<run> and
    oscillatory/<run>, the largest |H - H_0|/H_0 and |I - I_0|/I_0 over all steps; growth/<run>, of |I - I_0|;
    exchange_error/<run>, the largest error of an I_j over I_0; speed/<run>, the `half_time` of the reference over its
    own, where it has one; transfer/<run>, the largest part of I that the last
    spring has; kept/<run>, I at the end over I_0; overflow/<run>, 1 where a run overflows, 0 otherwise.
    """
    if len(h_omega) != len(methods):
        raise InputError(
            f"expected one h_omega for each of {len(methods)} methods, got {len(h_omega)}."
        )
    made = with_oscillatory_energy(make_problem(PROBLEMS, **problem))
    fine = _run(made, reference, reference_h_omega, min(compared, time), interval)
    exact = spring_energies(made, fine.y)
    frames: list[pd.DataFrame] = []
    summary: dict[str, float] = {}
    for name, x in progress(list(zip(methods, h_omega, strict=True)), "methods"):
        label = f"{name}/{x:g}"
        try:
            run = _run(made, name, x, time, interval)
        except SolveError:
            summary[f"overflow/{label}"] = 1.0
            continue
        energies = spring_energies(made, run.y)
        total = energies.sum(axis=1)
        for j, one in enumerate([total, *energies.T]):
            columns = {"method": name, "h_omega": x, "t": run.t, "spring": j, "energy": one}
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
    return Study({"energies": pd.concat(frames)}, summary)


def with_oscillatory_energy(problem: Problem) -> Problem:
    """The chain with I beside its invariants, so that the loop watches it; I is conserved only nearly."""
    m, omega = problem.parameters["m"], problem.parameters["omega"]

    def oscillatory(q, p):  # type: ignore[no-untyped-def]
        energy = 0.0
        for j in range(m):
            energy += (p[m + j] ** 2 + omega**2 * q[m + j] ** 2) / 2
        return energy

    return replace(problem, invariants={**problem.invariants, "oscillatory": oscillatory})


def spring_energies(problem: Problem, states: Floats) -> Floats:
    """I_j of states (samples, 4 m), shape (samples, m)."""
    m, omega = problem.parameters["m"], problem.parameters["omega"]
    stretch, momentum = states[:, m : 2 * m], states[:, 3 * m :]
    return np.asarray((momentum**2 + (omega * stretch) ** 2) / 2)


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
        raise InputError(
            f"expected an interval that is a multiple of all steps, {interval!r} is none of h = {h:.6g}."
        )
    steps = every * round(time / interval)
    return integrate(problem, method, h=h, steps=steps, every=every, watch=1)


def resonances(
    problem: dict[str, Any],
    methods: Sequence[str],
    h: float,
    time: float,
    largest: float,
    points: int,
    near: Sequence[float],
    reference: str,
    reference_points: int,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> Study:
    """The largest errors of H and I over `time` at one step h, for frequencies with h omega up to `largest` pi.

    h omega takes `points` equidistant values and, at every k pi, those at the distances `near`.

    The soft springs are quartic, so with c = omega/omega_0 the chain of frequency omega with steps h, q and p is the
    chain of frequency omega_0 with steps c h, q/c and p/c^2: one compiled loop serves all frequencies. Beside them, at
    `reference_points` frequencies, fine runs of the method `reference`, with h omega = 1/2. Tables `deviations`
    (method, h_omega, energy, oscillatory), relative to H_0 and I_0, NaN after an overflow, and `fine` (h_omega, energy,
    oscillatory). Summary: typical/<quantity>/<method>, the median over h omega from 1 to `largest` pi;
    worst/<quantity>/<method>; peak/<quantity>/<method>/<k>, the largest within 0.3 of k pi over the typical one;
    stable/<method>, the largest h omega below which no run overflows; fine/energy, the worst; ratio/<method>, the
    median of the method's error of I over that of the fine runs, beyond h omega = 1.
    """
    made = with_oscillatory_energy(make_problem(PROBLEMS, **problem))
    grid = _grid(largest, points, near)

    def deviations(name: str) -> list[tuple[str, float, float, float]]:
        return [(name, x, *_deviations(made, name, h, time, x / h)) for x in grid]

    rows = []
    for name in progress(methods, "methods"):
        rows += piece(checkpoints, name, deviations, name)
    table = pd.DataFrame(rows, columns=["method", "h_omega", "energy", "oscillatory"])
    few = np.pi * np.geomspace(0.05 * largest, largest, reference_points)
    exact = [(x, *_deviations(made, reference, h / (2 * x), time, x / h)) for x in few]
    fine = pd.DataFrame(exact, columns=["h_omega", "energy", "oscillatory"])
    summary: dict[str, float] = {"fine/energy": float(fine["energy"].max())}
    for name in methods:
        frame = table[table["method"] == name]
        summary |= _peaks(name, frame, int(largest))
        large = frame[frame["h_omega"] >= 1]
        truth = np.exp(
            np.interp(np.log(large["h_omega"]), np.log(few), np.log(fine["oscillatory"]))
        )
        summary[f"ratio/{name}"] = float((large["oscillatory"] / truth).median())
    return Study({"deviations": table, "fine": fine}, summary)


def _peaks(name: str, frame: pd.DataFrame, multiples: int) -> dict[str, float]:
    """What a method does near each multiple of pi, against what it does typically."""
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
    """Values of h omega in (0, largest pi), no multiple of pi among them: there some psi/sinc is 0/0."""
    even = largest * (np.arange(points) + 0.5) / points
    multiples = np.arange(1, int(largest) + 1)
    close = [
        k + side * distance / np.pi for k in multiples for distance in near for side in (-1, 1)
    ]
    return np.pi * np.unique([x for x in (*even, *close) if 0 < x < largest and x % 1])


def _deviations(
    problem: Problem, method: str, h: float, time: float, omega: float
) -> tuple[float, float]:
    """The largest relative errors of H and I over `time` with another frequency, by the scaling of `resonances`."""
    scale = omega / problem.parameters["omega"]
    start = problem(omega=omega).y0.copy()
    half = len(start) // 2
    start[:half] /= scale
    start[half:] /= scale**2
    steps = round(time / h)
    try:
        run = integrate(problem, method, h=h * scale, steps=steps, every=steps, watch=1, y0=start)
    except SolveError:
        return np.nan, np.nan
    energy, oscillatory = (
        run.drift[name] / abs(float(run.invariants[name][0])) for name in ("energy", "oscillatory")
    )
    return energy, oscillatory
