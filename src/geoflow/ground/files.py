"""Files that are whole or not there at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def renamed_when_complete(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Give a temporary name for each path; rename all of them at the end, none after an error.

    The temporary name keeps the suffix, because writers choose their format by it.
    """
    hidden = tuple(path.with_name(f".{os.getpid()}.{path.name}") for path in paths)
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield hidden
        for temporary, path in zip(hidden, paths, strict=True):
            os.replace(temporary, path)
    finally:
        for temporary in hidden:
            temporary.unlink(missing_ok=True)
