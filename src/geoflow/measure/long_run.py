"""Long runs with streamed diagnostics: only the current state and the accumulated rows are kept and checkpointed."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoflow.ground import Floats, InputError, remember
from geoflow.ground.remembered import ignore
from geoflow.ground.resumable import pack, recall_value
from geoflow.integrators.segments import MONITOR, Segment, Segments

Steps = NDArray[np.int64]
SECONDS = 30.0  # time between checkpoints: an interruption costs no more


def long_run(
    run: Segments, ends: Iterable[int], look: Callable[[Segments, Segment], ArrayLike], *,
    every: int | None = None, monitor: int = MONITOR, checkpoint: Path | None = None,
) -> Floats:  # fmt: skip
    """Advance `run` to the step numbers `ends` and return the rows of all look(run, segment), shape (rows, columns).

    look: callback that receives the current state `run.y`, its time `run.t`, and the segment with the drifts of the
    invariants and, with `every`, samples. It returns a row or several rows (k, columns) and must not have internal
    state. Memory is needed for one segment and the rows. checkpoint: file in which state and rows are stored every
    SECONDS and at the end; an interrupted run resumes from there with bit-identical results. The file is valid for
    these arguments only: a study names it, in its folder `checkpoints`, after all values that differ between runs.
    That of another run is not used.
    """
    rows: list[Floats] = []
    if checkpoint is not None and (stored := recall_value(checkpoint)) is not None:
        try:
            if not isinstance(stored, dict) or "rows" not in stored:
                raise InputError("expected what `long_run` stores, 'rows' is missing")
            run.restore(stored)
            rows.append(stored["rows"])
        except InputError as error:
            ignore(checkpoint, f"is not used: {error}")
    done, saved = run.step, time.monotonic()
    for end in ends:
        if end <= done:
            continue
        segment = run.advance(int(end), every, monitor)
        # A copy, because `run.y` is overwritten by the next segment.
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
    """About `number` step numbers from `first` to `steps`, equally spaced on a logarithmic scale."""
    return np.unique(np.geomspace(first, steps, number).round().astype(np.int64))
