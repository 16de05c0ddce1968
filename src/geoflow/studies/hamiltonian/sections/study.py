"""Surfaces of section q_1 = 0, p_1 > 0 of H = |p|^2/2 + U(q) by methods of equal cost, each with its step `h`."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, Tools
from geoflow.integrators import METHODS
from geoflow.integrators.section import Section, crossings
from geoflow.measure.growth import growth
from geoflow.measure.henon_heiles import energies_of, exponents, on_section, on_two_lines
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.sections.config import Sections


def study(asked: Sections, tools: Tools) -> Answer:
    """Compute the orbits of each energy, and an orbit on an invariant curve whose numerical width is measured."""
    made = make_problem(PROBLEMS, **asked.problem)
    starts = {energy: on_two_lines(made, energy, asked.orbits) for energy in asked.energies}
    first = on_section(made, asked.curve[0], np.array([asked.curve[1]]), np.array([asked.curve[2]]))
    tables: dict[str, list[pd.DataFrame]] = {"crossings": [], "curve": [], "orbits": []}
    summary: dict[str, float] = {"crossings": 0.0}
    for asked_run in tools.progress(asked.runs, "runs"):
        name, step = asked_run.method, asked_run.h
        summary[f"cost/{name}"] = METHODS[name].stages / step
        errors, residuals = [], []
        for energy, states in starts.items():
            label = f"{name}-{step!r}-{energy!r}"
            section = tools.resume(label, crossings, made, name, states, h=step, count=asked.count)
            tables["crossings"].append(_points(name, energy, section))
            errors.append(np.nanmax(np.abs(energies_of(made, section.y) - energy)))
            residuals.append(np.nanmax(section.residual))
            summary["crossings"] += float(section.found.sum())
        summary[f"energy_error/{name}"] = float(max(errors))
        label = f"{name}-{step!r}-curve"
        one = tools.resume(label, crossings, made, name, first, h=step, count=asked.curve_count)
        frame = _curve(made, name, asked.curve[0], one)
        tables["curve"].append(frame)
        summary["crossings"] += float(one.found.sum())
        summary[f"residual/{name}"] = float(max(*residuals, one.residual.max()))
        error = frame["energy_error"].to_numpy()
        summary[f"energy_growth/{name}"] = growth(error)
        summary[f"loss/{name}"] = float(error[-1])
        summary[f"width/{name}"] = width(frame["q2"].to_numpy(), frame["p2"].to_numpy())
    best = asked.runs[0]
    linear = crossings(made, best.method, first, h=best.h, count=asked.curve_count, iterations=0)
    summary["residual/linear"] = float(linear.residual.max())
    costs = [summary[f"cost/{one.method}"] for one in asked.runs]
    summary["cost_ratio"] = max(costs) / min(costs)
    for energy, states in starts.items():
        given = (states, best.method, best.h, asked.exponent_time)
        _, exponent = tools.resume(f"exponents-{energy!r}", exponents, *given, samples=1)
        orbit = np.arange(len(states))
        frame = pd.DataFrame({"energy": energy, "orbit": orbit, "exponent": exponent[-1]})
        tables["orbits"].append(frame)
    return Answer({name: pd.concat(frames) for name, frames in tables.items()}, summary)


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
    """Largest distance of the second half of the points from the closed curve through the first half, over its radius.

    The curve is r(angle) about the mean of its points, interpolated linearly; its mean radius is the unit.
    """
    half = len(x) // 2
    dx, dy = x - x[:half].mean(), y - y[:half].mean()
    angle, radius = np.arctan2(dy, dx), np.hypot(dx, dy)
    expected = np.interp(angle[half:], angle[:half], radius[:half], period=2 * np.pi)
    return float(np.abs(radius[half:] - expected).max() / radius[:half].mean())
