"""Do text, numbers and figures of an archive follow from its own tables? Nothing in it is run.

This geoflow writes the generated LaTeX and draws the figures again, from the tables handed in.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import geoflow
from geoflow.coursework import compare, settings, text
from geoflow.coursework.build import GENERATED, RESULTS
from geoflow.coursework.manifest import Manifest
from geoflow.coursework.outcome import Report, Status
from geoflow.errors import InputError
from geoflow.figures import FIGURES
from geoflow.stages.digest import sha256

T = TypeVar("T")
CHECK = "consistency"


def check(
    folder: Path, manifest: Manifest, again: Path, report: Report, limits: compare.Tolerance
) -> None:
    """Add one line for each experiment, each generated text and each figure of the archive in
    `folder`.

    again: an empty folder for what is made anew.
    """
    differing = foreign_modules(folder, manifest)
    if differing:
        report.notes.append(
            f"{len(differing)} modules of the archive are not those of this geoflow: "
            + ", ".join(differing[:5])
            + (", ..." if len(differing) > 5 else ".")
        )
    sound = [_origin(folder, manifest, name, report) for name in sorted(manifest.experiments)]
    if not all(sound):
        return
    results = folder / RESULTS / manifest.scale
    _texts(folder, manifest, results, report, bool(differing))
    for name in sorted(manifest.figures):
        _figure(folder, manifest, name, again, report, limits, bool(differing))


def foreign_modules(folder: Path, manifest: Manifest) -> list[str]:
    """Modules under src/geoflow of the archive that this geoflow lacks or has otherwise."""
    here = Path(geoflow.__file__).parent
    inside = "src/geoflow/"
    return [
        path
        for path in sorted(manifest.files)
        if path.startswith(inside) and path.endswith(".py")
        and not _same(here / path.removeprefix(inside), folder / path)
    ]  # fmt: skip


def _same(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def _origin(folder: Path, manifest: Manifest, name: str, report: Report) -> bool:
    """Whether the tables of an experiment can be read and say that they are of its config.json."""
    path = RESULTS / manifest.scale / name
    tables = [p for p in manifest.files if Path(p).parent == path and p.endswith(".parquet")]
    if not {(path / file).as_posix() for file in ("config.json", "summary.parquet")} <= set(
        manifest.files
    ):
        report.add(CHECK, path.as_posix(), Status.MISSING, "no config.json or no summary.parquet")
        return False
    try:
        frozen = json.loads((folder / path / "config.json").read_text())
        expected = (name, manifest.scale, sha256(json.dumps(frozen, sort_keys=True)))
        for table in tables:
            made = compare.bounded_table(folder / table).attrs["geoflow"]
            if (made.get("experiment"), made.get("scale"), made.get("config")) != expected:
                raise InputError(f"{table} is not of this config.json")
    except (InputError, ValueError, RecursionError, AttributeError) as error:
        report.add(CHECK, path.as_posix(), Status.DIFFERENT, str(error))
        return False
    report.add(CHECK, path.as_posix(), Status.IDENTICAL, f"{len(tables)} tables of its config.json")
    return True


def _texts(
    folder: Path, manifest: Manifest, results: Path, report: Report, foreign: bool
) -> None:  # fmt: skip
    def generate() -> dict[str, str]:
        claims = {name: origin["claims"] for name, origin in manifest.experiments.items()}
        asked = settings.load(manifest.coursework, folder)
        return text.generate(results, asked, claims, manifest.figures)

    made = _attempt(generate, "the generated text", report, foreign)
    for name, again in (made or {}).items():
        path = GENERATED / name
        if path.as_posix() not in manifest.files:
            report.add(CHECK, path.as_posix(), Status.MISSING, "it is not in the archive")
        elif (folder / path).read_bytes() == again.encode():
            report.add(CHECK, path.as_posix(), Status.IDENTICAL, "follows from the tables")
        else:
            _disagrees(path.as_posix(), "does not follow from the tables", report, foreign)


def _figure(
    folder: Path, manifest: Manifest, name: str, again: Path, report: Report,
    limits: compare.Tolerance, foreign: bool,
) -> None:  # fmt: skip
    from geoflow.figures.__main__ import render

    path = f"figures/{name}.png"
    if name not in FIGURES:
        report.add(
            CHECK, path, Status.UNCHECKED, "this geoflow does not have the figure; see replay"
        )
        return
    drawn = _attempt(
        lambda: render(name, manifest.scale, folder / RESULTS, again), path, report, foreign
    )
    if drawn is None:
        return
    status, detail = compare.files(folder / path, again / f"{name}.png", limits)
    if status in (Status.IDENTICAL, Status.WITHIN, Status.MISSING):
        report.add(CHECK, path, status, detail or "follows from the tables")
    else:
        _disagrees(path, detail, report, foreign)


def _attempt(
    make: Callable[[], T], what: str, report: Report, foreign: bool
) -> T | None:  # fmt: skip
    try:
        return make()
    except Exception as error:  # a stranger's tables may be wrong in any way
        _disagrees(what, f"cannot be made from the tables ({error})", report, foreign)
        return None


def _disagrees(what: str, detail: str, report: Report, foreign: bool) -> None:
    """Different, unless the archive has code of its own, which only a replay may run."""
    if foreign:
        report.add(
            CHECK, what, Status.UNCHECKED, f"{detail} by this geoflow; the archive has its own"
        )
    else:
        report.add(CHECK, what, Status.DIFFERENT, detail)
