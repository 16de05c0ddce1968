"""The digest of what a rule runs besides studies: a change reruns just the jobs whose products it can change."""

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
    """One digest of all that `modules` reach, less the modules `without`, and of the bytes of `files`.

    words: names of entries that count beside those in the code; whole: addresses of tables that count
    with all their entries.
    """
    parts = reach(modules, words, whole, source)
    parts = {name: text for name, text in parts.items() if name not in without}
    for path in map(Path, files):
        parts[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digest_of(parts)
