"""Order and chaos in two degrees of freedom: surfaces of section and Lyapunov exponents (HenonHeiles1964)."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.growth import growth
from geoflow.analysis.pieces import piece
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.arrays import Floats
from geoflow.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.ensemble import integrate_ensemble
from geoflow.integrators.section import Section, crossings
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.problems.henon_heiles import henon_heiles_tangent
from geoflow.registry import lookup

# Steps of the additive sequence that fills a square evenly: powers of 1/x with x^3 = x + 1.
EVENLY = np.array([0.7548776662466927, 0.5698402909980532])
# The state of the tangent problem is (q, v, p, w).
POINT, VECTOR = [0, 1, 4, 5], [2, 3, 6, 7]
RENORMALISE = 1000.0  # a tangent vector grows by exp(140) in this time, a float64 holds exp(709)


def sections(
    problem: dict[str, Any],
    energies: Sequence[float],
    methods: Sequence[str],
    h: Sequence[float],
    orbits: int,
    count: int,
    curve: Sequence[float],
    curve_count: int,
    exponent_time: float,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> Study:
    """Surfaces of section q_1 = 0, p_1 > 0 of H = |p|^2/2 + U(q) by methods of equal cost, each with its step `h`.

    At each energy `orbits` orbits, from two lines of the section, cross it `count` times. One more orbit, from `curve`
    = (H, q_2, p_2), crosses it `curve_count` times: it lies on an invariant curve, whose numerical width is measured.
    Tables `crossings` (method, energy, orbit, q2, p2); `orbits` (energy, orbit, exponent), the Lyapunov exponent over
    `exponent_time` by the first method; `curve` (method, t, q2, p2, energy_error). Summary: crossings in all;
    cost/<method>, evaluations of the force per unit of time, and cost_ratio, the largest over the smallest;
    residual/<method>, the largest |q_1| of a crossing, and residual/linear, that of linear interpolation;
    energy_error/<method> over all crossings; width/<method>, energy_growth/<method> and loss/<method>, of the curve:
    its width relative to its radius, the growth and the last value of |H - H_0|/H_0.
    """
    if len(h) != len(methods):
        raise InputError(f"expected one h for each of {len(methods)} methods, got {len(h)}.")
    made = make_problem(PROBLEMS, **problem)
    starts = {energy: on_two_lines(made, energy, orbits) for energy in energies}
    first = on_section(made, curve[0], np.array([curve[1]]), np.array([curve[2]]))
    tables: dict[str, list[pd.DataFrame]] = {"crossings": [], "curve": [], "orbits": []}
    summary: dict[str, float] = {"crossings": 0.0}
    for name, step in progress(list(zip(methods, h, strict=True)), "methods"):
        summary[f"cost/{name}"] = lookup(METHODS, name).stages / step
        errors, residuals = [], []
        for energy, states in starts.items():
            label = f"{name}-{step!r}-{energy!r}"
            section = piece(checkpoints, label, crossings, made, name, states, h=step, count=count)
            tables["crossings"].append(_points(name, energy, section))
            errors.append(np.nanmax(np.abs(energies_of(made, section.y) - energy)))
            residuals.append(np.nanmax(section.residual))
            summary["crossings"] += float(section.found.sum())
        summary[f"energy_error/{name}"] = float(max(errors))
        label = f"{name}-{step!r}-curve"
        one = piece(checkpoints, label, crossings, made, name, first, h=step, count=curve_count)
        frame = _curve(made, name, curve[0], one)
        tables["curve"].append(frame)
        summary["crossings"] += float(one.found.sum())
        summary[f"residual/{name}"] = float(max(*residuals, one.residual.max()))
        error = frame["energy_error"].to_numpy()
        summary[f"energy_growth/{name}"] = growth(error)
        summary[f"loss/{name}"] = float(error[-1])
        summary[f"width/{name}"] = width(frame["q2"].to_numpy(), frame["p2"].to_numpy())
    linear = crossings(made, methods[0], first, h=h[0], count=curve_count, iterations=0)
    summary["residual/linear"] = float(linear.residual.max())
    costs = [summary[f"cost/{name}"] for name in methods]
    summary["cost_ratio"] = max(costs) / min(costs)
    for energy, states in starts.items():
        given = (states, methods[0], h[0], exponent_time)
        _, exponent = piece(checkpoints, f"exponents-{energy!r}", exponents, *given, samples=1)
        orbit = np.arange(len(states))
        frame = pd.DataFrame({"energy": energy, "orbit": orbit, "exponent": exponent[-1]})
        tables["orbits"].append(frame)
    return Study({name: pd.concat(frames) for name, frames in tables.items()}, summary)


def on_section(problem: Problem, energy: float, q2: Floats, p2: Floats) -> Floats:
    """States (n, 4) with q_1 = 0, p_1 > 0 and H = energy, for H = |p|^2/2 + U(q); p_1 is NaN where there is none."""
    rest = energies_of(problem, np.stack([0 * q2, q2, 0 * q2, p2], axis=1))
    p1 = np.sqrt(np.where(rest < energy, 2 * (energy - rest), np.nan))
    return np.stack([0 * q2, q2, p1, p2], axis=1)


def energies_of(problem: Problem, states: Floats) -> Floats:
    """H of states (..., d), shape (...)."""
    if problem.hamiltonian is None:
        raise InputError(f"expected a problem with a hamiltonian, {problem.name!r} has none.")
    return np.asarray(problem.evaluate(problem.hamiltonian, 0.0, np.moveaxis(states, -1, 0)))


def on_two_lines(problem: Problem, energy: float, count: int) -> Floats:
    """Two thirds of `count` states on the line p_2 = 0 of the section, the others on q_2 = 0."""
    axis = np.linspace(-1, 1, 2001)
    allowed = np.isfinite(on_section(problem, energy, axis, 0 * axis)[:, 2])
    low, high = axis[allowed][[0, -1]]
    n = 2 * count // 3
    q2 = low + (high - low) * (np.arange(n) + 0.5) / n
    p2 = np.sqrt(2 * energy) * (2 * (np.arange(count - n) + 0.5) / (count - n) - 1)
    return on_section(problem, energy, np.append(q2, 0 * p2), np.append(0 * q2, p2))


def spread_evenly(problem: Problem, energy: float, count: int) -> Floats:
    """`count` states that fill the section with even density: their fractions are fractions of its area."""
    u = (np.arange(1, 100 * count)[:, None] * EVENLY) % 1 * 2 - 1
    found = on_section(problem, energy, u[:, 0], np.sqrt(2 * energy) * u[:, 1])
    return found[np.isfinite(found[:, 2])][:count]


def _points(name: str, energy: float, section: Section) -> pd.DataFrame:
    orbit = np.repeat(np.arange(len(section.found)), section.t.shape[1])
    q2, p2 = section.y[:, :, 1].ravel(), section.y[:, :, 3].ravel()
    frame = pd.DataFrame({"method": name, "energy": energy, "orbit": orbit, "q2": q2, "p2": p2})
    return frame[np.isfinite(q2)]


def _curve(problem: Problem, name: str, energy: float, section: Section) -> pd.DataFrame:
    y = section.y[0, : section.found[0]]
    error = np.abs(energies_of(problem, y) / energy - 1)
    columns = {"t": section.t[0, : len(y)], "q2": y[:, 1], "p2": y[:, 3], "energy_error": error}
    return pd.DataFrame({"method": name, **columns})


def width(x: Floats, y: Floats) -> float:
    """How far the second half of the points lies from the closed curve through the first half, over its mean radius.

    The curve is r(angle) about the mean of its points, with straight lines between them.
    """
    half = len(x) // 2
    dx, dy = x - x[:half].mean(), y - y[:half].mean()
    angle, radius = np.arctan2(dy, dx), np.hypot(dx, dy)
    expected = np.interp(angle[half:], angle[:half], radius[:half], period=2 * np.pi)
    return float(np.abs(radius[half:] - expected).max() / radius[:half].mean())


def exponents(
    starts: Floats, method: str, h: float, time: float, samples: int
) -> tuple[Floats, Floats]:
    """Times (samples,) and the largest Lyapunov exponents log|v(t)|/t up to there, (samples, n), from states (n, 4).

    The variational equation is integrated along with the orbit, and |v| brought back to 1 now and then
    (BenettinEtAl1980): the equation is linear, so that any time before an overflow is as good.
    """
    state, size = np.full((len(starts), 8), 0.5), np.zeros(len(starts))
    state[:, POINT] = starts
    pieces = samples * math.ceil(time / samples / RENORMALISE)
    steps = max(round(time / pieces / h), 1)
    t: Floats = h * steps * np.arange(1, pieces + 1, dtype=np.float64)
    rows, problem = [], henon_heiles_tangent()
    for now in t:
        run = integrate_ensemble(problem, method, state, h=h, steps=steps, every=steps)
        state, length = run.final, np.linalg.norm(run.final[:, VECTOR], axis=1)
        state[:, VECTOR] /= length[:, None]
        size += np.log(length)
        rows.append(size / now)
    kept = slice(pieces // samples - 1, None, pieces // samples)
    return t[kept], np.array(rows)[kept]


def lyapunov(
    energies: Sequence[float],
    methods: Sequence[str],
    h: Sequence[float],
    orbits: int,
    time: float,
    samples: int,
    margin: float,
    checkpoints: Path | None = None,
    progress: Progress = no_progress,
) -> Study:
    """Largest Lyapunov exponents of orbits that fill the section of the Henon-Heiles problem, by methods of equal cost.

    The tangent vector of a regular orbit grows like t, so that its exponent is about log(t)/t: chaotic is called an
    orbit with more than `margin` times that, undecided one between that and three times as much. Tables `exponents`
    (method, energy, orbit, t, exponent) and `fractions` (method, energy, chaotic, median). Summary, for a
    method and an energy of three digits: chaotic/<method>/<H>, the fraction; median/<method>/<H>, of all exponents;
    regular/<method>/<H> and irregular/<method>/<H>, the median of the orbits of either kind; undecided, the largest
    fraction of the first method at any energy; threshold; cost_ratio.
    """
    if len(h) != len(methods):
        raise InputError(f"expected one h for each of {len(methods)} methods, got {len(h)}.")
    threshold, problem = margin * np.log(time) / time, PROBLEMS["henon_heiles"]
    costs = [lookup(METHODS, name).stages / step for name, step in zip(methods, h, strict=True)]
    summary = {"threshold": float(threshold), "cost_ratio": max(costs) / min(costs)}
    frames, fractions, undecided = [], [], []
    cases = [(name, step, H) for name, step in zip(methods, h, strict=True) for H in energies]
    for name, step, energy in progress(cases, "energies"):
        starts = spread_evenly(problem, energy, orbits)
        given = (starts, name, step, time, samples)
        t, exponent = piece(checkpoints, f"{name}-{step!r}-{energy!r}", exponents, *given)
        grid = {"orbit": np.tile(np.arange(orbits), samples), "t": np.repeat(t, orbits)}
        columns = {"method": name, "energy": energy, **grid, "exponent": exponent.ravel()}
        frames.append(pd.DataFrame(columns))
        last = exponent[-1]
        chaotic, label = last > threshold, f"{name}/{energy:.3g}"
        fraction, median = float(chaotic.mean()), float(np.median(last))
        fractions.append((name, energy, fraction, median))
        summary |= {f"chaotic/{label}": fraction, f"median/{label}": median}
        for kind, those in (("regular", ~chaotic), ("irregular", chaotic)):
            if those.any():
                summary[f"{kind}/{label}"] = float(np.median(last[those]))
        if name == methods[0]:
            undecided.append(float((chaotic & (last < 3 * threshold)).mean()))
    summary["undecided"] = max(undecided)
    parts = pd.DataFrame(fractions, columns=["method", "energy", "chaotic", "median"])
    return Study({"exponents": pd.concat(frames), "fractions": parts}, summary)
