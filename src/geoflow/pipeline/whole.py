"""Check that the results of an experiment are undamaged and belong to the current values and code."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from geoflow.ground import InputError
from geoflow.ground.complete import NAME, faults, read_complete

if TYPE_CHECKING:
    from geoflow.pipeline.compose import Experiment

RESULTS = Path("data") / "results"
TRACKED = Path("data") / "reference"
STALE = "of other values or other code"
SHOWN = 4


@dataclass
class Findings:
    """wrong: path -> fault; redo: the files whose jobs must run again."""

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
        if not (wrong := self._faults(folder, names)):
            complete = read_complete(folder)
            same = (complete.config, complete.code) == (one.digest(), code())
            wrong = {} if same else {str(folder): STALE}
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

    def sentences(self) -> list[str]:
        """Return one sentence per kind of fault."""
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
