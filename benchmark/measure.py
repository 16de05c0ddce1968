"""Times that survive a busy machine: CPU seconds, rounds in turn, medians."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One comparison: `ours` and `other` in `unit`; `target` bounds their ratio (nan: none was set)."""

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
    """Median seconds of each run. All take turns in each round, so that what slows one slows all; none is timed
    at its first call, which compiles."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for run in runs.values():
        run()
    for _ in range(rounds):
        for name, run in runs.items():
            began = clock()
            run()
            seconds[name].append(clock() - began)
    return {name: statistics.median(times) for name, times in seconds.items()}
