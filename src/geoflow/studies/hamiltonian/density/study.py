"""Density of an ensemble in the phase plane: Liouville's theorem for numerical methods (HLW VI.2)."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators.ensemble import integrate_ensemble
from geoflow.measure.counts import largest_poisson_count
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.density.config import Density

# Half the diagonal of a probe. The area of a probe has errors of the size of its square and of round-off divided by it.
PROBE = 1e-6
FULL = 0.5  # cells filled to a smaller fraction are at the edge
BAND = 0.1  # widening of the range of initial energies, relative to the range


def study(asked: Density, tools: Tools) -> Answer:
    """Fill a disc in the plane (q, p) uniformly with members and probes, and integrate all by each method."""
    made = make_problem(PROBLEMS, **asked.problem)
    if made.dimension != 2:
        raise InputError(f"a picture needs a problem of dimension 2, {made.name!r} has {made.dimension}.")
    if sorted(set(asked.shown)) != list(asked.shown) or not asked.shown or asked.shown[0] < 1:
        raise InputError(f"expected increasing numbers of steps to be shown, got {list(asked.shown)}.")
    rng = np.random.default_rng(asked.seed)
    disc = _disc(asked.centre, asked.radius, asked.members, rng)
    corners = _probes(_disc(asked.centre, 0.9 * asked.radius, asked.probes, rng))
    cell = (2 * np.pi / asked.bins), (2 * asked.highest / asked.bins)
    full = asked.members / (np.pi * asked.radius**2) * cell[0] * cell[1]
    band = _band(_energy(made, disc))
    tables: dict[str, list[pd.DataFrame]] = {"density": [], "probes": []}
    summary: dict[str, float] = {"members": asked.members, "h": asked.h}
    summary |= {"time": asked.h * asked.shown[-1], "in_a_cell": full}
    for name in tools.progress(asked.methods, "methods"):
        states, step, worst, densest, filled = np.concatenate([disc, corners]), 0, 0.0, 0.0, 0
        tables["density"].append(_picture(name, 0.0, disc, asked, full))
        for last in asked.shown:
            steps, step = last - step, last
            run = integrate_ensemble(made, name, states, h=asked.h, steps=steps, every=steps)
            states, t = run.final, asked.h * step
            picture = _picture(name, t, states[: asked.members], asked, full)
            along = _area(corners) / _area(states[asked.members :])
            rows = {"method": name, "t": t, "probe": np.arange(asked.probes), "density": along}
            tables["density"].append(picture)
            tables["probes"].append(pd.DataFrame(rows))
            worst = max(worst, float(np.abs(along - 1).max()))
            densest = max(densest, float(picture["density"].max()))
            filled += int((picture["density"] > FULL).sum())
        energy = _energy(made, states[: asked.members])
        summary[f"density_error/{name}"] = worst
        summary[f"density_ratio/{name}"] = float(np.median(along))
        summary[f"densest/{name}"] = densest
        expected = largest_poisson_count(full, filled)
        summary[f"surplus/{name}"] = (densest * full - expected) / np.sqrt(full)
        summary[f"chance/{name}"] = expected / full
        summary[f"escaped/{name}"] = float(((energy < band[0]) | (energy > band[1])).mean())
    return Answer({name: pd.concat(frames) for name, frames in tables.items()}, summary)


def _disc(centre: Sequence[float], radius: float, number: int, rng: np.random.Generator) -> Floats:
    """Random points with uniform distribution in a disc, shape (number, 2)."""
    r, angle = radius * np.sqrt(rng.random(number)), 2 * np.pi * rng.random(number)
    points: Floats = np.array(centre) + (r * np.array([np.cos(angle), np.sin(angle)])).T
    return points


def _probes(centres: Floats) -> Floats:
    """Corners east, north, west and south of each centre, shape (4 probes, 2)."""
    around = PROBE * np.array([[1, 0], [0, 1], [-1, 0], [0, -1]])
    return (centres[:, None] + around).reshape(-1, 2)


def _area(corners: Floats) -> Floats:
    """Areas of quadrilaterals by their diagonals, shape (probes,), from corners (4 probes, 2)."""
    east, north, west, south = np.moveaxis(corners.reshape(-1, 4, 2), 1, 0)
    (a, b), (c, d) = (east - west).T, (north - south).T
    areas: Floats = np.abs(a * d - b * c) / 2
    return areas


def _energy(problem: Problem, states: Floats) -> Floats:
    return np.asarray(problem.evaluate(problem.invariants["energy"], 0.0, states.T))


def _band(energy: Floats) -> tuple[float, float]:
    low, high = float(energy.min()), float(energy.max())
    return low - BAND * (high - low), high + BAND * (high - low)


def _picture(name: str, t: float, states: Floats, asked: Density, full: float) -> pd.DataFrame:
    """Table of the non-empty cells by their centres; members outside the window are not counted."""
    (q, p), bins, highest = states.T, asked.bins, asked.highest
    edges = np.linspace(-np.pi, np.pi, bins + 1), np.linspace(-highest, highest, bins + 1)
    counts, *_ = np.histogram2d((q + np.pi) % (2 * np.pi) - np.pi, p, bins=edges)
    i, j = np.nonzero(counts)
    middles = [(edge[1:] + edge[:-1]) / 2 for edge in edges]
    columns = {"q": middles[0][i], "p": middles[1][j], "density": counts[i, j] / full}
    return pd.DataFrame({"method": name, "t": t, **columns})
