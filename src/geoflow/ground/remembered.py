"""Caches and checkpoints: files that may be lost or damaged at any time, and never change a result.

The content is followed by its SHA-256, so that a damaged file is noticed; it then counts as lost.
"""

import hashlib
import sys
from pathlib import Path

from geoflow.ground.errors import FileError
from geoflow.ground.files import renamed_when_complete

LENGTH = hashlib.sha256().digest_size
_unwritable: set[Path] = set()


def remember(path: Path, content: bytes) -> None:
    """Write `content` and its SHA-256; where that cannot be done, say so once and go on."""
    try:
        with renamed_when_complete(path) as (temporary,):
            temporary.write_bytes(content + hashlib.sha256(content).digest())
    except FileError as error:
        if path.parent not in _unwritable:
            _unwritable.add(path.parent)
            reason = getattr(error.__cause__, "strerror", None) or "it cannot be written"
            _say(f"{path.parent}: nothing is remembered there ({reason}); the run goes on without.")


def recall(path: Path) -> bytes | None:
    """What was remembered; None, after one sentence, when it is damaged, and when there is none."""
    try:
        stored = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        _say(f"{path} cannot be read ({error.strerror}); what it held is made again.")
        return None
    content = stored[:-LENGTH]
    if hashlib.sha256(content).digest() != stored[-LENGTH:]:
        _say(f"{path} is damaged; what it held is made again.")
        return None
    return content


def _say(sentence: str) -> None:
    print(f"geoflow: {sentence}", file=sys.stderr)
