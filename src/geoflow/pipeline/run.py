"""Run a study: read the frozen values, call the study, write its tables.

A rule runs
    python -m geoflow.run config=FILE.json out=FOLDER
and a user runs (see `geoflow.pipeline.entry`)
    geoflow run experiment=NAME [scale=smoke] [study.h=0.1 ...] [out=FOLDER]
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoflow.ground import InputError, Tools, nearest
from geoflow.ground.progress import progress
from geoflow.ground.results import write_tables
from geoflow.ground.study import TABLES, Study, build_values
from geoflow.pipeline.digests import digest_of, entries_reached, reach, words_of
from geoflow.pipeline.quantities import check_answer
from geoflow.pipeline.source import short_sha256
from geoflow.studies import find_studies, module_of

if TYPE_CHECKING:
    from geoflow.ground.answer import Answer

# A resumable study keeps its state here, in one folder per digest of values and code, so that a run
# never resumes from the state of a different one.
CHECKPOINTS = Path("data") / "results" / ".checkpoints"
THREADS = ("OMP", "OPENBLAS", "MKL")


def is_frozen(words: Iterable[str]) -> bool:
    """Whether a command line contains frozen values (config=FILE)."""
    return any(word.startswith("config=") for word in words)


def run_frozen(words: Sequence[str]) -> None:
    """Run a study with frozen values, as called by a rule: `config=FILE.json out=FOLDER`."""
    given, others = parse(words, ("config", "out"), required=["config", "out"])
    if others:
        raise InputError(f"config= is already frozen; leave out {' '.join(others)}.")
    try:
        frozen = dict(json.loads(Path(given["config"]).read_text()))
    except (OSError, ValueError) as error:
        raise InputError(f"config={given['config']}: expected frozen values; {error}.") from None
    execute(frozen, Path(given["out"]))


def execute(frozen: dict[str, Any], out: Path) -> None:
    """Set the number of threads, call the study, and write all tables and the values, or nothing after an error."""
    use_threads(frozen["threads"])
    study = f"{frozen['stage']}/{frozen['study']}"
    declared = find_studies()[study]
    provenance = describe(frozen, study)
    call = import_study(study)  # imports NumPy or torch, which read the number of threads at import

    def labelled(iterable: Iterable[Any], label: str) -> Iterable[Any]:
        return progress(iterable, f"{frozen['experiment']}: {label}")

    scratch = CHECKPOINTS / f"{provenance['config']}-{provenance['code']}"
    tools = Tools(progress=labelled, checkpoints=scratch)
    with restricted_tables(reached(study, frozen["values"])):
        answer = call(build_values(declared, frozen["values"]), tools)
    check_answer(declared, frozen["values"], answer, frozen["experiment"])
    tables = {**answer.tables, "summary": _summary(answer)}
    text = json.dumps(frozen, sort_keys=True) + "\n"
    write_tables(out, tables, answer.units, provenance, config=text)
    shutil.rmtree(scratch, ignore_errors=True)  # needed only after an interruption


def import_study(study: str) -> "Callable[[Any, Tools], Answer]":
    """Import the function `study` of the study "chapter/name"."""
    call: Callable[[Any, Tools], Answer] = import_module(module_of(study)).study
    return call


def code(study: str, values: Mapping[str, Any]) -> str:
    """Digest of all code that a study with these values uses; if it changes, the study runs again."""
    return digest_of(reached(study, values))


def reached(study: str, values: Mapping[str, Any]) -> dict[str, str]:
    """Modules, definitions and table entries that a study with these values uses."""
    whole = whole_tables(find_studies()[study], values)
    return reach([__name__, module_of(study)], words_of(values), whole)


@contextmanager
def restricted_tables(found: Iterable[str]) -> Iterator[None]:
    """Context in which only the table entries in `found` can be looked up."""
    found = list(found)
    tables = [
        (address, getattr(sys.modules[module], name))
        for address in TABLES
        for module, _, name in [address.partition(":")]
        if module in sys.modules
    ]
    try:
        for address, table in tables:
            table.restrict(entries_reached(found, address))
        yield
    finally:
        for _, table in tables:
            table.restrict(None)


def whole_tables(study: type[Study], values: Mapping[str, Any]) -> list[str]:
    """Tables that a study with these values reads as a whole."""
    asked = [table for field, table in study.named.items() if values.get(field) == []]
    return sorted({*study.whole, *asked})


def parse(words: Sequence[str], keys: Sequence[str], required: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """Split key=value arguments into those in `keys` and the rest, which is for Hydra."""
    pairs = [text.partition("=") for text in words]
    for text, (key, equals, _) in zip(words, pairs, strict=True):
        if not equals:
            raise InputError(f"expected key=value, got {text!r}; {nearest(key, keys)}")
    given = {key: value for key, _, value in pairs if key in keys}
    for key in required:
        if key not in given:
            raise InputError(f"expected {key}=... on the command line, got none.")
    return given, [text for text in words if text.partition("=")[0] not in keys]


def use_threads(number: int) -> None:
    """Set the number of threads of BLAS and torch before they are imported.

    The rounding of parallel sums depends on it, so it is taken from the config, never from --cores.
    """
    os.environ.update({f"{library}_NUM_THREADS": str(number) for library in THREADS})
    if "numpy" in sys.modules:
        # The composition of values has imported the tables, so BLAS is loaded and has read the variables.
        from threadpoolctl import threadpool_limits

        threadpool_limits(number)


def describe(frozen: dict[str, Any], study: str) -> dict[str, Any]:
    """Provenance metadata of a result: experiment, scale, seed, threads, digests, commit of the run."""
    return {
        **{key: frozen[key] for key in ("experiment", "stage", "study", "scale", "threads")},
        "seed": frozen["values"].get("seed"),
        "config": short_sha256(json.dumps(frozen, sort_keys=True)),
        "code": code(study, frozen["values"]),
        "commit": commit(),
    }


def commit() -> str:
    """Checked-out commit, with "-dirty" if tracked files were changed, or "unknown"."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _summary(answer: "Answer") -> Any:
    import pandas as pd

    values = [float(value) for value in answer.summary.values()]
    return pd.DataFrame({"key": list(answer.summary), "value": values})
