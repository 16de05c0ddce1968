"""Many initial states at once, beside the same blocks of 32 in C on one thread."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmark import native
from benchmark.measure import Row, interleaved
from geoflow import PROBLEMS, integrate_ensemble

KEPLER = PROBLEMS["kepler"]
METHODS = ("stormer_verlet", "rk4")
MEMBERS = 1024


def initial_states(members: int) -> Any:
    """Orbits around the standard one, a little apart."""
    return KEPLER.y0 + 0.01 * np.random.default_rng(0).standard_normal((members, KEPLER.dimension))


def beside_c(seconds: float) -> Iterator[Row]:
    y0, h = initial_states(MEMBERS), 0.01
    steps = int(seconds / 3e-9 / MEMBERS)
    for method in METHODS:
        asked = {"h": h, "steps": steps, "every": steps}
        runs = {
            "C": partial(native.run_ensemble, "kepler", method, y0, h, steps),
            "one": partial(integrate_ensemble, KEPLER, method, y0, **asked),
            "two": partial(integrate_ensemble, KEPLER, method, y0, threads=2, **asked),
        }
        # On two threads only the clock on the wall tells the time.
        took = interleaved(runs, clock=time.perf_counter)
        per_step = {name: s / steps / MEMBERS * 1e9 for name, s in took.items()}
        for name, target in [("one", 1.3), ("two", 0.7)]:
            label = f"ensemble on {name} thread{'s' * (name == 'two')} / C on one"
            yield Row(label, "kepler", method, per_step[name], per_step["C"], "ns a step", target)
