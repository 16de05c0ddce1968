"""Verify a submitted archive at one of three levels; each level includes the previous ones.

integrity    every file exists and has the hash of the manifest; there are no other files
consistency  numbers, tables of the text and figures follow from the result tables; runs no code of the archive
replay       results, figures and PDF are computed again, with this clone's workflow and sources, in a sandbox
"""

import argparse
import tempfile
from contextlib import suppress
from pathlib import Path

from geoflow.coursework import compare
from geoflow.coursework.consistency import Consistency
from geoflow.coursework.manifest import NAME, Manifest, entry
from geoflow.coursework.outcome import Line, Report, Status, print_report
from geoflow.coursework.replay import replay
from geoflow.coursework.sandbox import Running
from geoflow.coursework.unpack import unpack
from geoflow.ground import InputError, nearest, renamed_when_complete

LEVELS = ("integrity", "consistency", "replay")
MEMORY = 8 * 2**30  # bytes of address space of a verification
LONGEST_MANIFEST = 4_000_000  # bytes


def verify(
    archive: Path,
    *,
    level: str = "consistency",
    tolerance: compare.Tolerance = compare.Tolerance(),  # noqa: B008
    running: Running = Running(),  # noqa: B008
) -> Report:
    """Unpack `archive` into a temporary folder and check it up to `level`.

    Raises InputError for an archive that `unpack` rejects.
    """
    if level not in LEVELS:
        raise InputError(f"unknown level {level!r}; {nearest(level, LEVELS)}")
    report = Report(archive, level)
    with tempfile.TemporaryDirectory(prefix="geoflow-verify-") as temporary:
        folder, again, rebuilt = (Path(temporary, name) for name in ("claimed", "again", "rebuilt"))
        paths = unpack(archive, folder)
        if NAME not in paths:
            raise InputError(f"{archive}: expected {NAME} in the archive; was it built by the target submission?")
        if (folder / NAME).stat().st_size > LONGEST_MANIFEST:
            raise InputError(f"{archive}: expected {NAME} of at most {LONGEST_MANIFEST} bytes, got a longer one.")
        manifest = Manifest.from_json((folder / NAME).read_text(encoding="utf-8", errors="replace"))
        _origin(manifest, report)
        _integrity(folder, manifest, paths, report)
        if level == "integrity" or report.failed:
            return report
        Consistency(folder, manifest, again, report, tolerance, running).check()
        if level == "replay":
            replay(folder, manifest, rebuilt, report, tolerance, running)
    report.notes.append(
        f"tolerance: numbers {tolerance.rtol:g} relative or {tolerance.atol:g} absolute, pixels {tolerance.pixels:g}."
    )
    return report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `geoflow verify`, which are the keywords of `main_verify`."""
    parser.add_argument("path", metavar="ARCHIVE", help="submission/<identifier>.zip")
    parser.add_argument(
        "--level",
        choices=LEVELS,
        default="consistency",
        help="integrity: hashes; consistency (default): text and figures follow from the tables; replay: recompute "
        "everything in a sandbox, with the workflow and sources of this clone",
    )
    parser.add_argument("--json", metavar="FILE", help="write a results.json as Gradescope reads it")
    parser.add_argument("--rtol", type=float, default=compare.Tolerance.rtol, help="relative, of numbers")
    parser.add_argument("--atol", type=float, default=compare.Tolerance.atol, help="absolute, of numbers")
    parser.add_argument("--cores", type=int, default=1, help="for replay")
    parser.add_argument(
        "--timeout", type=float, default=Running.timeout, metavar="SECONDS", help="per command of a replay"
    )
    parser.add_argument(
        "--trust-code", action="store_true", help="replay code of the archive that differs from this clone"
    )
    parser.add_argument("--unsafe", action="store_true", help="replay without a sandbox, with all your permissions")
    parser.add_argument("--quiet", action="store_true", help="do not show the progress of the replay")


def main_verify(
    path: str, level: str = "consistency", json: str | None = None, rtol: float = compare.Tolerance.rtol,
    atol: float = compare.Tolerance.atol, cores: int = 1, timeout: float | None = Running.timeout,
    quiet: bool = False, trust_code: bool = False, unsafe: bool = False,
) -> int:  # fmt: skip
    """Run the command `geoflow verify`: print the report, write it to `json` and return the exit status.

    0: all identical or within tolerance; 1: something different, missing or not checked. A rejected
    archive raises InputError (exit status 2). The file `json` is written in every case.
    """
    tolerance = compare.Tolerance(rtol=rtol, atol=atol)
    running = Running(cores, timeout, quiet, sandbox=not unsafe, trust_code=trust_code)
    archive = Path(path)

    def write(report: Report) -> None:
        if json:
            with renamed_when_complete(Path(json)) as (temporary,):
                temporary.write_text(report.to_json())

    def write_failure(sentence: str) -> None:
        write(Report(archive, level, [Line("unpack", archive.name, Status.DIFFERENT, sentence)]))

    write_failure("the verification did not finish")  # what remains if this process is killed
    _limit_memory()
    try:
        report = verify(archive, level=level, tolerance=tolerance, running=running)
    except BaseException as error:
        write_failure(str(error) or type(error).__name__)
        raise
    write(report)
    print_report(report)
    return report.exit_status


def _limit_memory() -> None:
    """Bound the memory of this process: a table of a kilobyte can ask for forty gigabytes."""
    with suppress(ImportError, ValueError, OSError):  # where the system has no such limit
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))


def _origin(manifest: Manifest, report: Report) -> None:
    report.notes.append(
        f"{manifest.identifier}: {manifest.title!r} by {manifest.author}; scale {manifest.scale}; "
        f"geoflow {manifest.geoflow}, Python {manifest.python}, {manifest.platform}; "
        f"commit {manifest.commit}, {len(manifest.altered)} files altered, {len(manifest.own)} own."
    )
    if manifest.scale not in ("default", "paper"):
        report.notes.append(f"the results are of scale {manifest.scale}, which is only a test run.")


def _integrity(folder: Path, manifest: Manifest, paths: list[str], report: Report) -> None:
    there = set(paths) - {NAME}
    for path in sorted(set(manifest.files) - there):
        report.add("integrity", path, Status.MISSING, "it is in the manifest, not in the archive")
    for path in sorted(there - set(manifest.files)):
        report.add("integrity", path, Status.DIFFERENT, "it is in the archive, not in the manifest")
    if not manifest.files:
        report.add("integrity", "files", Status.MISSING, "the manifest lists none")
    same = 0
    for path in sorted(there & set(manifest.files)):
        if entry(folder / path) == manifest.files[path]:
            same += 1
        else:
            report.add("integrity", path, Status.DIFFERENT, "its hash is not that of the manifest")
    if same:
        report.add("integrity", f"{same} files", Status.IDENTICAL, "to their hashes in the manifest")
