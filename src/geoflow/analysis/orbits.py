"""Long runs of a planar problem: the orbits, and the errors of energy and angular momentum."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from geoflow.analysis.growth import growth
from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import Trajectory, integrate
from geoflow.problems import PROBLEMS, make_problem
from geoflow.registry import lookup


def orbits(
    problem: dict[str, Any],
    methods: Sequence[str],
    h: float,
    steps: int,
    every: int,
    shown: int,
    progress: Progress = no_progress,
) -> Study:
    """Long runs of a planar problem with the invariants energy and angular_momentum.

    Tables `orbits` (method, part, t, q1, q2): the `first` and the `last` `shown` steps; `errors` (method, t,
    energy_error, angular_momentum_error): relative, every `every`-th step. Summary, for each invariant: the largest
    relative error over all steps, `<invariant>_error/<method>`; for the energy also its growth, the largest error in
    the last tenth of the run over that in the first tenth (1 when bounded, 10 for a linear drift), and its slope per
    unit of time by least squares.
    """
    made = make_problem(PROBLEMS, **problem)
    pieces, errors, summary = [], [], {}
    for name in progress(methods, "methods"):
        method = lookup(METHODS, name)
        run = integrate(made, method, h=h, steps=steps, every=every, watch=1)
        first = integrate(made, method, h=h, steps=shown, invariants=False)
        last = integrate(made, method, h=h, steps=shown, invariants=False, y0=run.final)
        pieces += [_piece(name, "first", first), _piece(name, "last", last)]
        frame = pd.DataFrame({"method": name, "t": run.t})
        for invariant in made.invariants:
            frame[f"{invariant}_error"] = run.relative_error(invariant)
            scale = abs(float(run.invariants[invariant][0]))
            summary[f"{invariant}_error/{name}"] = run.drift[invariant] / scale
        errors.append(frame)
        summary[f"energy_growth/{name}"] = growth(frame["energy_error"].to_numpy())
        summary[f"energy_slope/{name}"] = float(np.polyfit(run.t, frame["energy_error"], 1)[0])
    summary["steps"], summary["time"], summary["h"] = float(steps), h * steps, h
    return Study({"orbits": pd.concat(pieces), "errors": pd.concat(errors)}, summary)


def _piece(name: str, part: str, run: Trajectory) -> pd.DataFrame:
    return pd.DataFrame(
        {"method": name, "part": part, "t": run.t, "q1": run.y[:, 0], "q2": run.y[:, 1]}
    )
