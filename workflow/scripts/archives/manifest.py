"""MANIFEST.json: contents and provenance of an archive, and the SHA-256 of every file.

The manifest is a statement of its author. The hashes show that nothing has changed since it was
written; only a rebuild shows that the results follow from the code.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from geoflow.coursework.paths import path_fault
from geoflow.ground import InputError

NAME = "MANIFEST.json"
FORMAT = 1
NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Entry:
    """One file of the archive: SHA-256 as 64 hexadecimal digits, size in bytes."""

    sha256: str
    size: int


def entry(path: Path) -> Entry:
    """Compute hash and size of a file."""
    with path.open("rb") as file:
        return Entry(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


@dataclass(frozen=True)
class Manifest:
    """Contents and provenance of an archive.

    experiments: name -> provenance of its results (digests of config and code, commit of the run) and its claims.
    figures: name -> digest of the code that draws it, then the experiments whose results it reads. code: digest of all
    Python modules under src/. commit: the commit that was checked out, with "-dirty" if tracked files were changed;
    altered: these files. coursework: path of its configuration. own: files of the student's own package and, if an
    upstream commit is given, those that differ from it.
    """

    identifier: str
    title: str
    author: str
    declaration: str
    scale: str
    experiments: dict[str, dict[str, Any]]
    figures: dict[str, list[str]]
    geoflow: str
    python: str
    platform: str
    commit: str
    altered: list[str]
    code: str
    package: str
    coursework: str
    upstream: str
    own: list[str]
    files: dict[str, Entry]
    format: int = FORMAT

    def to_json(self) -> str:
        """Write indented JSON with sorted keys, so that equal manifests give equal text."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read the output of `to_json`; raises InputError for anything else."""
        try:
            tree = json.loads(text)
        except (ValueError, RecursionError):
            raise InputError(f"{NAME}: expected JSON, got something else.") from None
        if not isinstance(tree, dict) or tree.get("format") != FORMAT:
            found = tree.get("format") if isinstance(tree, dict) else None
            raise InputError(f"{NAME}: expected format {FORMAT}, got {found!r}; use that geoflow.")
        for name, hint in _KINDS.items():
            if not isinstance(tree.get(name), hint):
                raise InputError(f"{NAME}: expected {name!r} as {hint.__name__}, got something else.")
            if name != "declaration" and isinstance(tree[name], str) and not tree[name].isprintable():
                raise InputError(
                    f"{NAME}: expected {name!r} as one line of text, got line breaks or control characters."
                )
        unknown = sorted(set(tree) - set(_KINDS) - {"format"})
        if unknown:
            raise InputError(f"{NAME}: unknown key {unknown[0]!r}.")
        for name in ("altered", "own"):
            _check_texts(name, tree[name])
        for figure, made in tree["figures"].items():
            _check_texts(f"figures.{figure}", made)
        for name, origin in tree["experiments"].items():
            if not isinstance(origin, dict) or not NAMED.fullmatch(name):
                raise InputError(f"{NAME}: expected the origin of experiment {name!r}, got none.")
        for name in (*tree["figures"], tree["scale"], tree["identifier"]):
            if not NAMED.fullmatch(name):
                raise InputError(f"{NAME}: expected a name, got {name!r}.")
        return cls(**{**tree, "files": _files(tree["files"])})


_KINDS: dict[str, type] = {
    name: get_origin(hint) or hint for name, hint in get_type_hints(Manifest).items() if name != "format"
}


def _check_texts(name: str, items: Any) -> None:
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise InputError(f"{NAME}: expected a list of texts in {name!r}, got something else.")


def _files(tree: Mapping[str, Any]) -> dict[str, Entry]:
    files = {}
    for path, item in tree.items():
        fault = path_fault(path)
        if fault:
            raise InputError(f"{NAME}: the path {path!r} {fault}.")
        match item:
            case {"sha256": str(digest), "size": int(size), **rest} if not rest and size >= 0:
                files[path] = Entry(digest, size)
            case _:
                raise InputError(f"{NAME}: expected sha256 and size of {path!r}, got {item!r}.")
    return files
