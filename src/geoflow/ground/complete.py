"""complete.json: the last file written to a result folder, against which readers verify all others.

It holds the SHA-256 of each other file and of itself, the digest of the frozen values and the digest of
the code that computed the tables. Any changed byte in the folder is therefore detected.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from geoflow.ground.errors import InputError

NAME = "complete.json"
AGAIN = "snakemake makes it again, or git restores it if it is tracked."


@dataclass(frozen=True)
class Complete:
    """files: name -> SHA-256 in 64 hexadecimal digits; config, code: digests, "" if unknown."""

    files: Mapping[str, str]
    config: str = ""
    code: str = ""

    def text(self) -> str:
        """Content of complete.json; identical folders give identical text."""
        said = asdict(self)
        itself = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return json.dumps({**said, "itself": itself}, indent=1, sort_keys=True) + "\n"


def describe_files(hashes: Mapping[str, str], provenance: Mapping[str, Any] | None) -> Complete:
    """Build the content of complete.json from file hashes and provenance metadata."""
    origin = provenance or {}
    return Complete(dict(hashes), str(origin.get("config", "")), str(origin.get("code", "")))


def hash_file(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    return sha256(path.read_bytes()).hexdigest()


def read_complete(folder: Path) -> Complete:
    """Read complete.json of `folder`; raises InputError if it is missing or damaged."""
    path = folder / NAME
    try:
        text = path.read_text()
        said = json.loads(text)
        complete = Complete(**{key: said[key] for key in ("files", "config", "code")})
        named = complete.files.items()
        if complete.text() == text and all(Path(k).name == k and isinstance(v, str) for k, v in named):
            return complete
    except FileNotFoundError:
        raise InputError(f"{folder} has no {NAME}, so it may not be whole; {AGAIN}") from None
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
        pass
    raise InputError(f"{path} is damaged; {AGAIN}")


def read_whole(path: Path) -> bytes:
    """Read a file of a result folder; raises InputError if its hash differs from the one in complete.json.

    A file that complete.json does not list, or in a folder without complete.json, is read without a check.
    """
    data = path.read_bytes()
    if (path.parent / NAME).exists():
        expected = read_complete(path.parent).files.get(path.name)
        if expected not in (None, sha256(data).hexdigest()):
            raise InputError(f"{path} is damaged or was edited; {AGAIN}")
    return data


def faults(folder: Path) -> dict[str, str]:
    """Map each faulty file of `folder` to its fault ("missing", "damaged or edited"); empty if there is none.

    Raises InputError if complete.json itself is missing or damaged.
    """
    found = {}
    for name, expected in read_complete(folder).files.items():
        try:
            if hash_file(folder / name) != expected:
                found[name] = "damaged or edited"
        except FileNotFoundError:
            found[name] = "missing"
        except OSError:
            found[name] = "unreadable"
    return found
