"""Invariants over time and a few components of the orbit, for many problems."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from geoflow.ground import Answer, Floats, InputError, Tools
from geoflow.integrators.integrate import Trajectory
from geoflow.measure.growth import as_far_as_it_goes, growth
from geoflow.measure.keyed import long_form
from geoflow.measure.observables import OBSERVABLES
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.studies.hamiltonian.gallery.config import Gallery

ZERO = 1e-12  # for smaller initial values of an invariant the error is absolute

TYPES = {"quantity": "str", "method": "str", "number": "int64", "start": "int64"}  # the others are float64
NOTHING = pd.DataFrame(columns=Gallery.tables["observed"].split(), dtype="float64").astype(TYPES)


def study(asked: Gallery, tools: Tools) -> Answer:
    """Run each method with its own step size from each of `starts` (empty: the problem's own y0) over `time`.

    A step size is reduced so that `time` is a whole number of steps. A run ends if its stage equations cannot be solved
    or an invariant is not defined.
    """
    made = make_problem(PROBLEMS, **asked.problem)
    _check(made, asked.components)
    tables: dict[str, list[pd.DataFrame]] = {"orbits": [], "errors": [], "observed": [NOTHING]}
    summary: dict[str, float] = {}
    counts = Counter(one.method for one in asked.runs)
    for one in tools.progress(asked.runs, "runs"):
        name, step = one.method, one.h
        label = name if counts[name] == 1 else f"{name}/{step:g}"
        steps = max(round(asked.time / step), 1)
        every = max(steps // asked.samples, 1)
        for number, start in enumerate(asked.starts or [made.y0.tolist()]):
            run = as_far_as_it_goes(made, name, asked.time / steps, steps, every, start)
            key = {"method": name, "h": step, "start": number}
            tables["orbits"].append(_orbit(run, asked.components).assign(**key))
            tables["errors"] += [frame.assign(**key) for frame in _errors(run)]
            found = {f"end/{label}": run.steps * run.h} | _of_invariants(run, label)
            for quantity in asked.observed:
                values = OBSERVABLES[quantity](made, run.y)
                frame = long_form({"t": run.t, "number": range(values.shape[1])}, value=values)
                tables["observed"].append(frame.assign(quantity=quantity, **key))
                found |= _of_observable(quantity, label, values)
            for quantity, value in found.items():
                worse = min if quantity.startswith("end/") else max
                summary[quantity] = worse(summary.get(quantity, value), value)
    summary["time"] = asked.time
    units = {"t": made.units["t"]} if "t" in made.units else {}
    return Answer({name: pd.concat(frames) for name, frames in tables.items()}, summary, units)


def _check(problem: Problem, components: Sequence[int]) -> None:
    wrong = [c for c in components if not 0 <= c < problem.dimension]
    if wrong or len(components) not in (2, 3):
        raise InputError(
            f"expected two or three components of a state of {problem.name!r}, 0 to "
            f"{problem.dimension - 1}, got {list(components)}."
        )


def _orbit(run: Trajectory, components: Sequence[int]) -> pd.DataFrame:
    axes = zip("xyz", components, strict=False)
    return pd.DataFrame({"t": run.t, **{axis: run.y[:, component] for axis, component in axes}})


def _errors(run: Trajectory) -> Iterator[pd.DataFrame]:
    """Yield |I(y_n) - I(y_0)| of each invariant at the samples, relative if I(y_0) is not zero."""
    for name, values in run.invariants.items():
        error = np.abs(values - values[0]) / _scale(run, name)
        yield pd.DataFrame({"invariant": name, "t": run.t, "error": error})


def _of_invariants(run: Trajectory, label: str) -> dict[str, float]:
    found = {f"{I}_error/{label}": run.drift[I] / _scale(run, I) for I in run.invariants}
    if "energy" in run.invariants:
        energy = run.invariants["energy"]
        found[f"energy_growth/{label}"] = growth(np.abs(energy - energy[0]))
    return found


def _scale(run: Trajectory, invariant: str) -> float:
    first = abs(float(run.invariants[invariant][0]))
    return first if first > ZERO else 1.0


def _of_observable(quantity: str, label: str, values: Floats) -> dict[str, float]:
    change = np.abs(values - values[0]).max(axis=1)
    scale = float(np.abs(values[0]).max()) or 1.0
    return {
        f"{quantity}_error/{label}": float(change.max()) / scale,
        f"{quantity}_growth/{label}": growth(change),
        f"{quantity}_mean/{label}": float(values[len(values) // 2 :, 0].mean()),
        f"{quantity}_final/{label}": float(values[-1, -1]),
    }
