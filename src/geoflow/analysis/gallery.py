"""Invariants over time and the orbit in a few components: one study for many problems."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geoflow.analysis.growth import growth
from geoflow.analysis.observables import OBSERVABLES
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.errors import InputError, SolveError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.registry import lookup

Floats = NDArray[np.float64]
ZERO = 1e-12  # an invariant that starts below this is measured absolutely


def gallery(
    problem: dict[str, Any],
    methods: Sequence[str],
    h: Sequence[float],
    time: float,
    samples: int,
    components: Sequence[int],
    observed: Sequence[str] = (),
    starts: Sequence[Sequence[float]] = (),
    progress: Progress = no_progress,
) -> Study:
    """Runs of each method with its own step, from each of `starts` (empty: the problem's own y0), over `time`.

    A method may come twice with different steps; its label is then <method>/<h>. A step is shortened until `time` is a
    whole number of steps. A run ends where its stage equations cannot be solved, or an invariant is not defined.

    Tables `orbits` (method, h, start, t, x, y and z of three components); `errors` (method, h, start, invariant, t,
    error), relative where the invariant is not zero at the start; `observed` (method, h, start, quantity, number, t,
    value). Summary, the largest over the starts: <invariant>_error/<label> at any step, energy_growth/<label>;
    for each observable <name>_error/, its largest change over its largest first value, _growth/, _mean/ over the second
    half of the first run and _final/, its last value in the last place; end/<label>, the time that is reached.
    """
    made = make_problem(PROBLEMS, **problem)
    _check(made, methods, h, components)
    tables: dict[str, list[pd.DataFrame]] = {"orbits": [], "errors": [], "observed": []}
    summary: dict[str, float] = {}
    counts = Counter(methods)
    for name, step in progress(list(zip(methods, h, strict=True)), "methods"):
        label = name if counts[name] == 1 else f"{name}/{step:g}"
        steps = max(round(time / step), 1)
        for number, start in enumerate(starts or [made.y0.tolist()]):
            run = as_far_as_it_goes(
                made, name, time / steps, steps, max(steps // samples, 1), start
            )
            key = {"method": name, "h": step, "start": number}
            axes = zip("xyz", components, strict=False)
            places = {axis: run.y[:, component] for axis, component in axes}
            tables["orbits"].append(pd.DataFrame({**key, "t": run.t, **places}))
            found = {f"end/{label}": run.steps * run.h}
            for invariant, error in _errors(run):
                frame = {**key, "invariant": invariant, "t": run.t, "error": error}
                tables["errors"].append(pd.DataFrame(frame))
                found[f"{invariant}_error/{label}"] = _scaled(run, invariant, run.drift[invariant])
                if invariant == "energy":
                    found[f"energy_growth/{label}"] = growth(error)
            for quantity in observed:
                values = lookup(OBSERVABLES, quantity)(made, run.y)
                tables["observed"] += _long(key, quantity, run.t, values)
                found |= _of_observable(quantity, label, values)
            for quantity, value in found.items():
                worse = min if quantity.startswith("end/") else max
                summary[quantity] = worse(summary.get(quantity, value), value)
    summary["time"] = time
    if not tables["observed"]:
        columns = ["method", "h", "start", "quantity", "number", "t", "value"]
        tables["observed"] = [pd.DataFrame(columns=columns)]
    units = {"t": made.units["t"]} if "t" in made.units else {}
    return Study({name: pd.concat(frames) for name, frames in tables.items()}, summary, units)


def _check(
    problem: Problem, methods: Sequence[str], h: Sequence[float], components: Sequence[int]
) -> None:
    if len(h) != len(methods):
        raise InputError(f"expected one h for each of {len(methods)} methods, got {len(h)}.")
    wrong = [c for c in components if not 0 <= c < problem.dimension]
    if wrong or len(components) not in (2, 3):
        raise InputError(
            f"expected two or three components of a state of {problem.name!r}, 0 to "
            f"{problem.dimension - 1}, got {list(components)}."
        )


def as_far_as_it_goes(
    problem: Problem, name: str, h: float, steps: int, every: int, y0: Any = None
) -> Trajectory:
    """The run, or its part before the first step whose stages could not be solved, or before the first sample at which
    an invariant is no number (the logarithm of fewer than no animals)."""
    method = lookup(METHODS, name)
    while True:
        try:
            run = integrate(problem, method, h=h, steps=steps, every=every, watch=1, y0=y0)
        except SolveError as stopped:
            if not stopped.step:
                raise
            steps = stopped.step
            continue
        undefined = [np.flatnonzero(~np.isfinite(I)) for I in run.invariants.values()]
        first = min((int(where[0]) for where in undefined if where.size), default=len(run.t))
        if first == len(run.t):
            return run
        steps = (first - 1) * every


def _errors(run: Trajectory) -> Iterator[tuple[str, Floats]]:
    """Name and |I(y_n) - I(y_0)| at the samples, relative where I(y_0) is not zero."""
    for name, values in run.invariants.items():
        yield name, _scaled(run, name, np.abs(values - values[0]))


def _scaled(run: Trajectory, invariant: str, change: Any) -> Any:
    first = abs(float(run.invariants[invariant][0]))
    return change / first if first > ZERO else change


def _long(key: dict[str, Any], quantity: str, t: Floats, values: Floats) -> list[pd.DataFrame]:
    return [
        pd.DataFrame({**key, "quantity": quantity, "number": k, "t": t, "value": values[:, k]})
        for k in range(values.shape[1])
    ]


def _of_observable(quantity: str, label: str, values: Floats) -> dict[str, float]:
    change = np.abs(values - values[0]).max(axis=1)
    scale = float(np.abs(values[0]).max()) or 1.0
    return {
        f"{quantity}_error/{label}": float(change.max()) / scale,
        f"{quantity}_growth/{label}": growth(change),
        f"{quantity}_mean/{label}": float(values[len(values) // 2 :, 0].mean()),
        f"{quantity}_final/{label}": float(values[-1, -1]),
    }
