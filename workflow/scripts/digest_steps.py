"""Digests of the code of rules other than studies: a change reruns only the jobs that depend on it."""

import hashlib
from collections.abc import Collection, Iterable
from pathlib import Path

from geoflow.pipeline.digests import digest_of, reach
from geoflow.pipeline.source import SOURCE


def digest(
    *modules: str,
    words: Iterable[str] = (),
    whole: Collection[str] = (),
    files: Iterable[Path | str] = (),
    without: Collection[str] = (),
    source: Path = SOURCE,
) -> str:
    """One digest of all code that `modules` reach, except the modules `without`, and of the bytes of `files`.

    words: names of entries that count in addition to those in the code; whole: addresses of tables of which all
    entries count.
    """
    parts = reach(modules, words, whole, source)
    parts = {name: text for name, text in parts.items() if name not in without}
    for path in map(Path, files):
        parts[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digest_of(parts)
