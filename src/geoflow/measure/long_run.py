"""Long runs whose diagnostics are streamed: held are the state and what was learnt so far, stored now and then."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoflow.ground import Floats, recall, remember
from geoflow.ground.resumable import pack, unpack
from geoflow.integrators.segments import MONITOR, Segment, Segments

Steps = NDArray[np.int64]
SECONDS = 30.0  # between two checkpoints: a kill costs no more


def long_run(
    run: Segments, ends: Iterable[int], look: Callable[[Segments, Segment], ArrayLike], *,
    every: int | None = None, monitor: int = MONITOR, checkpoint: Path | None = None,
) -> Floats:  # fmt: skip
    """Carry `run` to the step numbers `ends` in turn; all that `look(run, segment)` said, one row below the other.

    `look` sees the newest state as `run.y`, its time `run.t`, and the segment: the drifts of the invariants and, with
    `every`, samples. It returns a row, or any number of rows (k, columns), and remembers nothing itself. The memory is
    that of one segment and of the rows. With a `checkpoint`, a file, state and rows are stored every SECONDS and at
    the end; a run that was killed goes on from there, to the same rows in every bit. The file belongs to these very
    arguments: a study names a file after what tells its runs apart, in its folder `checkpoints`.
    """
    rows: list[Floats] = []
    if checkpoint is not None and (packed := recall(checkpoint)) is not None:
        stored = unpack(packed)
        rows.append(stored.pop("rows"))
        run.restore(stored)
    done, saved = run.step, time.monotonic()
    for end in ends:
        if end <= done:
            continue
        segment = run.advance(int(end), every, monitor)
        # A copy: `run.y` is the run's own array, which goes on.
        rows.append(np.atleast_2d(np.array(look(run, segment), dtype=np.float64)))
        if checkpoint is not None and time.monotonic() - saved >= SECONDS:
            rows = [np.concatenate(rows)]
            remember(checkpoint, pack({**run.memory(), "rows": rows[0]}))
            saved = time.monotonic()
    table = np.concatenate(rows) if rows else np.empty((0, 0))
    if checkpoint is not None and run.step > done:
        remember(checkpoint, pack({**run.memory(), "rows": table}))
    return table


def logarithmic(steps: int, number: int, first: int = 1) -> Steps:
    """About `number` ends from `first` to `steps`, equally spaced in their logarithm."""
    return np.unique(np.geomspace(first, steps, number).round().astype(np.int64))
