"""Check the files of the pipeline by their digests, independently of their dates and of Snakemake's records.

When the Snakefile is read, each result folder is compared with its complete.json, and every other product with the
SHA-256 that its rule recorded. A file that is damaged, edited, incomplete or of other values or code is reported in
one sentence and marked as incomplete for Snakemake, so that its job runs again.

Each rule ends with
    python workflow/scripts/whole.py FILE ...
which records the SHA-256 of its output.
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
    """Record the SHA-256 of the output files of a rule."""
    for path in paths:
        remember(_record_of(path), hash_file(path).encode())


def _record_of(path: Path) -> Path:
    return MADE / f"{path.as_posix()}.sha256"


class Judged(Findings):
    """Faults of results and of all other products; their jobs run again."""

    def check_products(self, inputs: Iterable[str], outputs: Iterable[str]) -> None:
        """Compare the output of a rule with its recorded digests, and check that its inputs exist."""
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
        """Mark the files to redo as incomplete for Snakemake, and remove our earlier marks.

        A file may be valid again, for example after a value was changed and changed back.
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
