"""Ensembles of initial states, compared with the same batches of 32 in C on one thread."""

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
    """Initial states close to the default one."""
    return KEPLER.y0 + 0.01 * np.random.default_rng(0).standard_normal((members, KEPLER.dimension))


def beside_c(seconds: float) -> Iterator[Row]:
    y0, h = initial_states(MEMBERS), 0.01
    steps = int(seconds / 3e-9 / MEMBERS)
    for method in METHODS:
        c = partial(native.run_ensemble, "kepler", method, y0, h, steps)
        # Two threads require wall-clock time, so that this row needs an idle machine.
        for threads, target, clock in [(1, 1.3, time.thread_time), (2, 0.7, time.perf_counter)]:
            asked = {"h": h, "steps": steps, "every": steps, "threads": threads}
            ours = partial(integrate_ensemble, KEPLER, method, y0, **asked)
            took = interleaved({"ours": ours, "c": c}, clock=clock)
            ours_ns, c_ns = (took[key] / steps / MEMBERS * 1e9 for key in ("ours", "c"))
            label = f"ensemble on {threads} thread{'s' * (threads > 1)} / C on one"
            yield Row(label, "kepler", method, ours_ns, c_ns, "ns a step", target)
