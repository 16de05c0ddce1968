"""Caches and checkpoints: files that may be lost or damaged at any time without changing a result.

The content is followed by its SHA-256, so that a damaged file is detected and treated as missing.
"""

import hashlib
import sys
from pathlib import Path

from geoflow.ground.errors import FileError
from geoflow.ground.files import renamed_when_complete

LENGTH = hashlib.sha256().digest_size
_unwritable: set[Path] = set()


def remember(path: Path, content: bytes) -> None:
    """Write `content` and its SHA-256; if that fails, print one warning per folder and continue."""
    try:
        with renamed_when_complete(path) as (temporary,):
            temporary.write_bytes(content + hashlib.sha256(content).digest())
    except FileError as error:
        if path.parent not in _unwritable:
            _unwritable.add(path.parent)
            reason = getattr(error.__cause__, "strerror", None) or "it cannot be written"
            _say(f"{path.parent}: cannot store intermediate results ({reason}); the run continues without them.")


def recall(path: Path) -> bytes | None:
    """Return the stored content; None if there is none, or, after a warning, if it is damaged."""
    try:
        stored = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        ignore(path, f"cannot be read ({error.strerror})")
        return None
    content = stored[:-LENGTH]
    if hashlib.sha256(content).digest() != stored[-LENGTH:]:
        ignore(path, "is damaged")
        return None
    return content


def ignore(path: Path, reason: str) -> None:
    """Say that a file is not used; `reason` is a verb and what follows it."""
    _say(f"{path} {reason}; its content is computed again.")


def _say(sentence: str) -> None:
    print(f"geoflow: {sentence}", file=sys.stderr)
