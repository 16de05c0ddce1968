"""complete.json: the last file of a result folder, by which readers know that the others are whole.

It holds the SHA-256 of each other file and of itself, the digest of the frozen values and that of the
code that computed the tables. A changed byte anywhere in the folder does not agree with it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from geoflow.ground.errors import InputError

NAME = "complete.json"
AGAIN = "snakemake makes it again, or git restores it where it is tracked."


@dataclass(frozen=True)
class Complete:
    """files: name -> SHA-256 in 64 hexadecimal digits; config, code: digests, "" where unknown."""

    files: Mapping[str, str]
    config: str = ""
    code: str = ""

    def text(self) -> str:
        """The content of complete.json: equal folders give equal text."""
        said = asdict(self)
        itself = sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return json.dumps({**said, "itself": itself}, indent=1, sort_keys=True) + "\n"


def describe_files(hashes: Mapping[str, str], provenance: Mapping[str, Any] | None) -> Complete:
    """What complete.json says of files with these hashes and this origin."""
    origin = provenance or {}
    return Complete(dict(hashes), str(origin.get("config", "")), str(origin.get("code", "")))


def hash_file(path: Path) -> str:
    """SHA-256 of a file, 64 hexadecimal digits."""
    return sha256(path.read_bytes()).hexdigest()


def read_complete(folder: Path) -> Complete:
    """What complete.json says of `folder`; raises InputError when it is missing or damaged."""
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
    """The bytes of a file of a result folder; raises InputError unless they are those of complete.json.

    A file in a folder without complete.json, or that it does not name, is read as it is.
    """
    data = path.read_bytes()
    if (path.parent / NAME).exists():
        expected = read_complete(path.parent).files.get(path.name)
        if expected not in (None, sha256(data).hexdigest()):
            raise InputError(f"{path} is damaged or was edited; {AGAIN}")
    return data


def faults(folder: Path) -> dict[str, str]:
    """File of `folder` -> what is wrong with it ("missing", "damaged or edited"); empty when it is whole.

    Raises InputError when complete.json itself is missing or damaged.
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
