"""Studies of many short runs go on after a kill: a piece that was computed is stored until its study is complete."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from geoflow.ground.files import renamed_when_complete

T = TypeVar("T")


def piece(
    folder: Path | str | None, name: str, compute: Callable[..., T], /, *given: Any, **more: Any
) -> T:
    """compute(*given, **more), or what it gave in an earlier run of the same study, in every bit.

    `folder` is the study's `checkpoints`, which belongs to its very values and code, or None to store nothing; `name`
    tells its pieces apart by all that differs between them, to the last digit. Long single runs, which are stored on
    the way, are for `long_run`.
    """
    if folder is None:
        return compute(*given, **more)
    path = Path(folder) / f"{name}.pickle"
    if path.exists():
        stored: T = pickle.loads(path.read_bytes())
        return stored
    made = compute(*given, **more)
    with renamed_when_complete(path) as (temporary,):
        temporary.write_bytes(pickle.dumps(made))
    return made
