"""Unpack an untrusted archive: every name and size is checked before a byte is written.

Only the format of `build_submission.py` is accepted: regular files with portable names, stored or deflated, without
overlap. This excludes path traversal, links, devices, duplicates and the known bombs (high ratio, many files,
overlapping members, wrong size fields).
"""

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from geoflow.coursework.paths import path_fault
from geoflow.ground import InputError

MB = 1_000_000
END = struct.Struct("<4s4H2LH")  # the record at the end of a ZIP file, without comment
ZIP64 = b"PK\x06\x07"
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
           OSError, struct.error)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """Limits of an archive: number of files; bytes of the archive, of one file and of all; compression ratio."""

    files: int = 5000
    archive: int = 200 * MB
    file: int = 200 * MB
    total: int = 1000 * MB
    ratio: float = 100.0


DEFAULT = Limits()


def check(archive: Path, limits: Limits = DEFAULT) -> list[str]:
    """Return the paths in an archive; raises InputError for an archive that `unpack` would reject."""
    with _judged(archive, limits) as opened:
        return opened.namelist()


def unpack(archive: Path, folder: Path, limits: Limits = DEFAULT) -> list[str]:
    """Unpack into the new or empty `folder`; returns the paths that were written.

    Raises InputError before anything is written if the archive exceeds a limit or contains anything except regular
    files. Also raises InputError for a damaged archive; the files written so far must then not be used.
    """
    with _judged(archive, limits) as opened:
        folder.mkdir(parents=True, exist_ok=True)
        for member in opened.infolist():
            _write(opened, member, folder)
        return opened.namelist()


@contextmanager
def _judged(archive: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open the archive after a check of its names and sizes; damage raises InputError."""
    _check_end(archive, limits)
    try:
        with zipfile.ZipFile(archive) as opened:
            _check_members(opened.infolist(), archive, limits)
            yield opened
    except DAMAGED as error:
        if isinstance(error, InputError):
            raise
        said = str(error).rstrip(".") or type(error).__name__
        raise InputError(f"{archive}: expected a valid ZIP file, but it is damaged ({said}).") from None


def _check_end(archive: Path, limits: Limits) -> None:
    """Check the size of the table of contents before it is read into memory."""
    if archive.exists() and not archive.is_file():
        raise InputError(f"{archive}: expected an archive, got a folder or a device.")
    try:
        size = archive.stat().st_size
        with archive.open("rb") as file:
            file.seek(max(0, size - END.size - 20))
            tail = file.read()
    except OSError as error:
        raise InputError(f"{archive}: expected an archive, got {error.strerror}.") from None
    if size > limits.archive:
        raise InputError(f"{archive}: has {size} bytes, the limit is {limits.archive}.")
    if size < END.size:
        raise InputError(f"{archive}: expected a ZIP file, got {size} bytes.")
    signature, _, _, _, count, length, _, comment = END.unpack(tail[-END.size :])
    if signature != b"PK\x05\x06" or comment:
        raise InputError(f"{archive}: expected a ZIP file without comment, as geoflow writes it.")
    if tail[: -END.size].startswith(ZIP64) or count > limits.files:
        raise InputError(f"{archive}: holds too many files, the limit is {limits.files}.")
    if length > limits.files * 512:
        raise InputError(f"{archive}: its table of contents is too long ({length} bytes).")


def _check_members(members: list[zipfile.ZipInfo], archive: Path, limits: Limits) -> None:
    if len(members) > limits.files:
        raise InputError(f"{archive}: holds {len(members)} files, the limit is {limits.files}.")
    seen: dict[str, str] = {}
    for member in members:
        _check_member(member, archive, limits)
        # Names that differ only in case are the same file on a case-insensitive disk.
        name = member.filename.lower()
        if name in seen:
            raise InputError(f"{archive}: holds {member.filename!r} more than once.")
        seen[name] = name
    for name in seen:
        above = name.rpartition("/")[0]
        while above:
            if above in seen:
                raise InputError(f"{archive}: {above!r} is a file and a folder at once.")
            above = above.rpartition("/")[0]
    total = sum(member.file_size for member in members)
    if total > limits.total:
        raise InputError(f"{archive}: unpacks to {total} bytes, the limit is {limits.total}.")
    _check_overlaps(members, archive)


def _check_member(member: zipfile.ZipInfo, archive: Path, limits: Limits) -> None:
    name, where = member.filename, f"{archive}: {member.filename!r}"
    fault = path_fault(name.removesuffix("/")) or path_fault(member.orig_filename.removesuffix("/"))
    if fault:
        raise InputError(f"{where} {fault}.")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if name.endswith("/") or kind not in (0, stat.S_IFREG) or member.external_attr & 0x10:
        raise InputError(f"{where} is not a regular file (a link, folder or device).")
    if member.flag_bits & 0x1:
        raise InputError(f"{where} is encrypted.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"{where} is packed by an unexpected method ({member.compress_type}).")
    if member.file_size > limits.file:
        raise InputError(f"{where} unpacks to {member.file_size} bytes, the limit is {limits.file}.")
    # Small files can have a high ratio legitimately; a bomb needs a high ratio and a large size.
    if member.file_size > MB and member.file_size > limits.ratio * member.compress_size:
        raise InputError(f"{where} shrinks more than {limits.ratio:g} to 1, as only bombs do.")


def _check_overlaps(members: list[zipfile.ZipInfo], archive: Path) -> None:
    ordered = sorted(members, key=lambda member: member.header_offset)
    for one, following in pairwise(ordered):
        header = 30 + len(one.orig_filename.encode())
        if one.header_offset + header + one.compress_size > following.header_offset:
            raise InputError(f"{archive}: {one.filename!r} and {following.filename!r} overlap.")


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    path = folder.joinpath(*member.filename.split("/"))
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    # Mode "x" never follows a link or replaces a file. ZipFile reads at most the declared size.
    with opened.open(member) as source, path.open("xb") as target:
        while block := source.read(MB):
            target.write(block)
            written += len(block)
    if written != member.file_size:
        raise zipfile.BadZipFile(f"{member.filename} ends after {written} bytes")
