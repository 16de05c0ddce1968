"""Atomic file writes."""

import errno
import os
import platform
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from geoflow.ground.errors import FileError

# Errors that a user can fix: a full disk, or a folder or file system without write permission.
UNWRITABLE = {
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "EFBIG", "ENOTDIR",
                 "EISDIR", "EEXIST", "ENAMETOOLONG")
    if hasattr(errno, name)
}  # fmt: skip
HIDDEN = re.compile(r"\.(?P<machine>[A-Za-z0-9_.-]*)~(?P<process>[0-9]+)~.+", re.DOTALL)


@contextmanager
def renamed_when_complete(*paths: Path) -> Iterator[tuple[Path, ...]]:
    """Yield a temporary name per path; on success rename all files, in this order, and after an error none.

    The data are flushed to disk before the renaming, so that a crash leaves no empty file under the final
    name. The temporary name keeps the suffix, from which writers choose the format. Raises FileError if
    the disk is full or the folder is not writable.
    """
    hidden = tuple(path.with_name(f".{_machine_name()}~{os.getpid()}~{path.name}") for path in paths)
    try:
        for path in paths:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _describe_failure(paths[0], error) from error
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
        raise _describe_failure(paths[0], error) from error
    finally:
        for temporary in hidden:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def _describe_failure(path: Path, error: OSError) -> FileError:
    what = os.strerror(error.errno).lower() if error.errno else str(error)
    return FileError(
        f"{path} could not be written ({what}). Free some space or make the folder writable, and run"
        " the same command again."
    )


def remove_leftovers(folders: Iterable[Path]) -> None:
    """Remove temporary files below `folders` that belong to dead processes of this machine."""
    for folder in folders:
        for path in folder.rglob(".*~*~*"):
            match = HIDDEN.fullmatch(path.name)
            if match and match["machine"] == _machine_name() and not _is_running(int(match["process"])):
                with suppress(OSError):
                    path.unlink()


def _machine_name() -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", platform.node())[:40]


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def _flush_to_disk(path: Path) -> None:
    """Call fsync on a file, or on a folder if the system allows it to be opened."""
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
