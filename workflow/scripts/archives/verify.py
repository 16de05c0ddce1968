"""Verify a submitted archive at one of three levels; each level includes the previous ones.

integrity    every file exists and has the hash of the manifest; there are no other files
consistency  numbers, tables of the text and figures follow from the result tables; runs no code of the archive
replay       results, figures and PDF are computed again, with this clone's workflow and sources, in a sandbox
"""

import tempfile
from pathlib import Path

from archives import compare
from archives.consistency import Consistency
from archives.manifest import NAME, Manifest, entry
from archives.outcome import Report, Status
from archives.replay import replay
from archives.sandbox import Running
from archives.unpack import unpack
from geoflow.ground import InputError, nearest

LEVELS = ("integrity", "consistency", "replay")
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
