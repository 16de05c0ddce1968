"""What a run trusts: the digests of files, whatever Snakemake remembers of them and whatever their dates.

When the Snakefile is read, each result folder is compared with its complete.json, and every other
product with the SHA-256 that its rule recorded. What is damaged, edited, incomplete or of other values
or code is named in one sentence and marked as incomplete for Snakemake, so that its job runs again.

A rule ends with
    python -m geoflow.pipeline.whole FILE ...
which records the SHA-256 of what it has made.
"""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geoflow.ground import InputError, recall, remember
from geoflow.ground.complete import NAME, faults, hash_file, read_complete

if TYPE_CHECKING:
    from geoflow.pipeline.compose import Experiment

MADE = Path(".snakemake") / "geoflow" / "made"
MARKED = Path(".snakemake") / "geoflow" / "marked"
STALE = "of other values or other code"
UNKNOWN = "not known to be what a run wrote"
SHOWN = 4


def record(paths: Iterable[Path]) -> None:
    """Remember the SHA-256 of files that a rule has made."""
    for path in paths:
        remember(_record_of(path), hash_file(path).encode())


def _record_of(path: Path) -> Path:
    return MADE / f"{path.as_posix()}.sha256"


@dataclass
class Findings:
    """wrong: path -> what is wrong with it; redo: the files whose jobs have to run again."""

    wrong: dict[str, str] = field(default_factory=dict)
    redo: list[Path] = field(default_factory=list)

    def check_results(self, folder: Path, one: "Experiment", code: Callable[[], str]) -> None:
        """Compare the result folder of an experiment with its complete.json, values and code."""
        config = folder / "config.json"
        if config.exists() and config.read_bytes() != f"{one.slice()}\n".encode():
            self.redo.append(config)
        names = [*(f"{table}.parquet" for table in one.tables), NAME]
        there = [folder / name for name in names if (folder / name).exists()]
        if not there:
            return
        wrong = self._faults(folder, names) or self._other_origin(folder, one, code)
        if wrong:
            self.wrong |= wrong
            self.redo += there

    @staticmethod
    def _faults(folder: Path, names: Iterable[str]) -> dict[str, str]:
        try:
            found = faults(folder)
            known = read_complete(folder).files
        except InputError:
            return {str(folder): f"without a {NAME} that can be read"}
        found |= {name: "missing" for name in names if name != NAME and name not in known}
        return {str(folder / name): why for name, why in found.items()}

    @staticmethod
    def _other_origin(folder: Path, one: "Experiment", code: Callable[[], str]) -> dict[str, str]:
        complete = read_complete(folder)
        same = (complete.config, complete.code) == (one.digest(), code())
        return {} if same else {str(folder): STALE}

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

    def sentences(self) -> list[str]:
        """One sentence for each thing that is wrong."""
        said = []
        for reason in dict.fromkeys(self.wrong.values()):
            paths = [path for path, why in self.wrong.items() if why == reason]
            more = f" and {len(paths) - SHOWN} more" if len(paths) > SHOWN else ""
            one = len(paths) == 1
            said.append(
                f"{', '.join(paths[:SHOWN])}{more} {'is' if one else 'are'} {reason};"
                f" a run that needs {'it' if one else 'them'} makes {'it' if one else 'them'} again."
            )
        return said

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
