"""Unpack an archive that somebody else made: every name and size is judged before a byte is written.

Only what `build_submission.py` writes is accepted: regular files with portable names, stored or deflated, one
after the other. That leaves out path traversal, links, devices, duplicates and the known bombs (a
high ratio, many files, members that overlap, nested size fields that lie).
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

from geoflow.coursework.manifest import path_fault
from geoflow.ground import InputError

MB = 1_000_000
END = struct.Struct("<4s4H2LH")  # the record at the end of a ZIP file, without comment
ZIP64 = b"PK\x06\x07"
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError,
           OSError, struct.error)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """Bounds on an archive: number of files, bytes of the archive, of one file, of all, and their ratio."""

    files: int = 5000
    archive: int = 200 * MB
    file: int = 200 * MB
    total: int = 1000 * MB
    ratio: float = 100.0


DEFAULT = Limits()


def check(archive: Path, limits: Limits = DEFAULT) -> list[str]:
    """The paths in an archive; raises InputError for one that `unpack` would not touch."""
    with _judged(archive, limits) as opened:
        return opened.namelist()


def unpack(archive: Path, folder: Path, limits: Limits = DEFAULT) -> list[str]:
    """Unpack into the new or empty `folder`; the paths that were written.

    Raises InputError, before anything is written, for an archive that breaks a limit or holds anything but regular
    files; also for a damaged one, when what was written so far is not to be used.
    """
    with _judged(archive, limits) as opened:
        folder.mkdir(parents=True, exist_ok=True)
        for member in opened.infolist():
            _write(opened, member, folder)
        return opened.namelist()


@contextmanager
def _judged(archive: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """The opened archive, after its names and sizes were judged; damage becomes one sentence."""
    _check_end(archive, limits)
    try:
        with zipfile.ZipFile(archive) as opened:
            _check_members(opened.infolist(), archive, limits)
            yield opened
    except DAMAGED as error:
        if isinstance(error, InputError):
            raise
        said = str(error).rstrip(".") or type(error).__name__
        raise InputError(f"{archive}: expected a whole ZIP file, it is damaged ({said}).") from None


def _check_end(archive: Path, limits: Limits) -> None:
    """Bound the table of contents before it is read into memory."""
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
        raise InputError(f"{archive}: its table of contents has {length} bytes, that is too long.")


def _check_members(members: list[zipfile.ZipInfo], archive: Path, limits: Limits) -> None:
    if len(members) > limits.files:
        raise InputError(f"{archive}: holds {len(members)} files, the limit is {limits.files}.")
    seen: dict[str, str] = {}
    for member in members:
        _check_member(member, archive, limits)
        # Two names that a disk without upper and lower case takes for one are one.
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
    # Small files of one repeated line are honest; a bomb needs a high ratio and a size.
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
    # "x": never follow or replace what is there. ZipFile reads no more than the declared size.
    with opened.open(member) as source, path.open("xb") as target:
        while block := source.read(MB):
            target.write(block)
            written += len(block)
    if written != member.file_size:
        raise zipfile.BadZipFile(f"{member.filename} ends after {written} bytes")
