"""Robust timings on a busy machine: medians of CPU time over alternating rounds."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One comparison: `ours` and `other` in `unit`; `target`: upper bound of their ratio, NaN if there is none."""

    comparison: str
    problem: str
    method: str
    ours: float
    other: float
    unit: str
    target: float = float("nan")
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.other


def interleaved(
    runs: Mapping[str, Callable[[], Any]], rounds: int = 7, clock: Callable[[], float] = time.thread_time
) -> dict[str, float]:
    """Median seconds of each run. The runs alternate in each round, so that background load affects all of them; the
    first call, which compiles, is not timed."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(rounds):
        for name, run in runs.items():
            began = clock()
            run()
            seconds[name].append(clock() - began)
    return {name: statistics.median(times) for name, times in seconds.items()}
