"""Files that are whole or not there at all."""

import errno
import os
import platform
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geoflow.ground.errors import FileError

# What a user can put right: a full disk, a folder or a file system that may not be written.
UNWRITABLE = {
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "EFBIG", "ENOTDIR",
                 "EISDIR", "EEXIST", "ENAMETOOLONG")
    if hasattr(errno, name)
}  # fmt: skip
HIDDEN = re.compile(r"\.(?P<machine>[A-Za-z0-9_.-]*)~(?P<process>[0-9]+)~.+", re.DOTALL)


@contextmanager
def renamed_when_complete(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Give a temporary name for each path; rename all of them, in this order, or none after an error.

    What is renamed is on the disk before, so that a crash leaves no empty file under the final name.
    The temporary name keeps the suffix, because writers choose their format by it. Raises FileError
    when the disk is full or the folder cannot be written.
    """
    hidden = tuple(path.with_name(f".{_machine()}~{os.getpid()}~{path.name}") for path in paths)
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(paths[0], error) from error
    try:
        yield hidden
        for temporary in hidden:
            _flush_to_disk(temporary)
        for temporary, path in zip(hidden, paths, strict=True):
            os.replace(temporary, path)
        for folder in {path.parent for path in paths}:
            _flush_to_disk(folder)
    except OSError as error:
        if isinstance(error, FileError) or error.errno not in UNWRITABLE:
            raise
        raise _refusal(paths[0], error) from error
    finally:
        for temporary in hidden:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _refusal(path: Path, error: OSError) -> FileError:
    what = os.strerror(error.errno).lower() if error.errno else str(error)
    return FileError(
        f"{path} could not be written ({what}). Free some space or make the folder writable, and run"
        " the same command again."
    )


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Remove the temporary files that killed processes of this machine left below `folders`."""
    for folder in folders:
        for path in folder.rglob(".*~*~*"):
            match = HIDDEN.fullmatch(path.name)
            if match and match["machine"] == _machine() and not _alive(int(match["process"])):
                with suppress(OSError):
                    path.unlink()


def _machine() -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", platform.node())[:40]


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def _flush_to_disk(path: Path) -> None:
    """fsync a file or folder, where the system lets a folder be opened."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except (PermissionError, IsADirectoryError):
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF, errno.ENOTSUP):
            raise
    finally:
        os.close(handle)
