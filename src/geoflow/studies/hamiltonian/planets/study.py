"""The outer solar system by several methods."""

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Tools
from geoflow.measure.growth import as_far_as_it_goes, growth
from geoflow.measure.keyed import long_form
from geoflow.measure.planets import heliocentric, reference_positions
from geoflow.problems import PROBLEMS, make_problem
from geoflow.problems.outer_solar_system import BODIES
from geoflow.studies.hamiltonian.planets.config import Planets


def study(asked: Planets, tools: Tools) -> Answer:
    """Run each method up to `time`, or until its stage equations cannot be solved."""
    made = make_problem(PROBLEMS, **asked.problem)
    truth = reference_positions(made, asked.time, tolerance=1e-12)
    tables: dict[str, list[pd.DataFrame]] = {"orbits": [], "errors": []}
    summary: dict[str, float] = {}
    for one in tools.progress(asked.runs, "runs"):
        name, step_size = one.method, one.h
        steps = round(asked.time / step_size)
        run = as_far_as_it_goes(made, name, step_size, steps, max(steps // asked.samples, 1))
        x, y, z = np.moveaxis(heliocentric(run.y), -1, 0)
        tables["orbits"].append(long_form({"t": run.t, "body": BODIES}, x=x, y=y, z=z).assign(method=name))
        energy = run.relative_error("energy")
        L = np.stack([run.invariants[f"angular_momentum_{axis}"] for axis in "xyz"], axis=1)
        momentum = np.linalg.norm(L - L[0], axis=1) / np.linalg.norm(L[0])
        tables["errors"].append(
            pd.DataFrame({"method": name, "t": run.t, "energy_error": energy, "angular_momentum_error": momentum})
        )
        if run.steps == steps:
            final = heliocentric(run.final[None, :])[0]
            summary[f"position_error/{name}"] = float(np.linalg.norm(final - truth, axis=1).max())
        summary[f"energy_error/{name}"] = float(energy.max())
        summary[f"energy_growth/{name}"] = growth(energy)
        summary[f"angular_momentum_error/{name}"] = float(momentum.max())
        summary[f"h/{name}"], summary[f"end/{name}"] = float(step_size), run.steps * step_size
    summary["time"] = asked.time
    units = {"t": "day", "x": "AU", "y": "AU", "z": "AU"}
    return Answer({name: pd.concat(frames) for name, frames in tables.items()}, summary, units)
