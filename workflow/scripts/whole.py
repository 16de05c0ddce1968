"""What a run trusts: the digests of files, whatever Snakemake remembers of them and whatever their dates.

When the Snakefile is read, each result folder is compared with its complete.json, and every other
product with the SHA-256 that its rule recorded. What is damaged, edited, incomplete or of other values
or code is named in one sentence and marked as incomplete for Snakemake, so that its job runs again.

A rule ends with
    python workflow/scripts/whole.py FILE ...
which records the SHA-256 of what it has made.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from geoflow.ground import recall, remember
from geoflow.ground.complete import hash_file
from geoflow.pipeline.whole import Findings

MADE = Path(".snakemake") / "geoflow" / "made"
MARKED = Path(".snakemake") / "geoflow" / "marked"
UNKNOWN = "not known to be what a run wrote"


def record(paths: Iterable[Path]) -> None:
    """Remember the SHA-256 of files that a rule has made."""
    for path in paths:
        remember(_record_of(path), hash_file(path).encode())


def _record_of(path: Path) -> Path:
    return MADE / f"{path.as_posix()}.sha256"


class Judged(Findings):
    """What is wrong in the tree: of results and of all other products; its jobs run again."""

    def check_products(self, inputs: Iterable[str], outputs: Iterable[str]) -> None:
        """Compare what a rule has made with what it recorded, and look whether its inputs are there."""
        wanted = [Path(path) for path in outputs]
        there = [path for path in wanted if path.exists()]
        wrong = {}
        for path in there:
            recorded = recall(_record_of(path))
            if recorded is None:
                wrong[str(path)] = UNKNOWN
            elif recorded.decode() != hash_file(path):
                wrong[str(path)] = "damaged or edited"
        if there and not wrong:
            lost = [path for path in wanted if path not in there]
            lost += [path for path in map(Path, inputs) if not path.exists()]
            wrong = {str(path): "missing" for path in lost[:1]}
        self.wrong |= wrong
        self.redo += there if wrong else []

    def mark(self) -> None:
        """Mark the files to redo as incomplete, in Snakemake's own way, and lift earlier marks of ours.

        What was stale may hold again: a value that was changed and changed back.
        """
        before = MARKED.read_text().splitlines() if MARKED.is_file() else []
        if not (self.redo or before):
            return
        from snakemake.persistence.file import FilePersistence

        notes = FilePersistence(nolock=True)
        for name in before:
            notes._unmark_incomplete(name)
        for path in self.redo:
            notes._mark_incomplete(path.as_posix(), None)
        MARKED.parent.mkdir(parents=True, exist_ok=True)
        MARKED.write_text("".join(f"{path.as_posix()}\n" for path in self.redo))


if __name__ == "__main__":
    record(map(Path, sys.argv[1:]))
