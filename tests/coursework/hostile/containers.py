"""Attacks by the ZIP file and the manifest: refused before anything is used, or found by the hashes."""

import io
import json
import random
import stat
import struct
import zipfile
from collections.abc import Callable
from typing import Any

from attacks import Attack, Members

MANIFEST = "MANIFEST.json"


def packed(members: Members, *more: tuple[zipfile.ZipInfo | str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The members and `more` as a ZIP file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        for name, data in (*members.items(), *more):
            archive.writestr(name, data)
    return file.getvalue()


def named(name: str, data: bytes = b"x") -> Callable[[Members], bytes]:
    return lambda members: packed(members, (name, data))


def special(name: str, kind: int, data: bytes = b"/etc/passwd", **more: Any) -> Callable[[Members], bytes]:
    """A member that is no regular file."""
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return lambda members: packed(members, (info, data), *more.get("then", ()))


def patched(members: Members, at: int, form: str, value: int) -> bytes:
    """Change a field of the last entry of the table of contents."""
    data = bytearray(packed(members))
    struct.pack_into(form, data, data.rindex(b"PK\1\2") + at, value)
    return bytes(data)


def overlapping(members: Members) -> bytes:
    """The last two entries share their bytes."""
    data = bytearray(packed(members))
    last = data.rindex(b"PK\1\2")
    before = data.rindex(b"PK\1\2", 0, last)
    data[last + 42 : last + 46] = data[before + 42 : before + 46]
    return bytes(data)


def stated(**changes: Any) -> Callable[[Members], bytes]:
    """A manifest with other fields."""

    def write(members: Members) -> bytes:
        tree = {**json.loads(members[MANIFEST]), **changes}
        return packed({**members, MANIFEST: json.dumps(tree).encode()})

    return write


def manifest(data: bytes) -> Callable[[Members], bytes]:
    return lambda members: packed({**members, MANIFEST: data})


def flip(members: Members) -> bytes:
    name = "config/coursework.yaml"
    return packed({**members, name: members[name].replace(b"me", b"us", 1)})


REFUSED = [
    Attack("a member with an absolute path", "is an absolute path", 2, write=named("/tmp/geoflow-hostile")),
    Attack("a member that climbs out", "climbs out", 2, write=named("../outside.txt")),
    Attack("a member that climbs out further down", "climbs out", 2, write=named("a/../../outside.txt")),
    Attack("a path with backslashes", "unusual part", 2, write=named("..\\outside.txt")),
    Attack("a path with a drive", "is an absolute path", 2, write=named("C:/outside.txt")),
    Attack("a hidden file", "unusual part", 2, write=named(".bashrc")),
    Attack("a file in a hidden folder", "unusual part", 2, write=named(".git/hooks/post-checkout")),
    Attack("a name that Windows reserves", "reserved name", 2, write=named("config/aux.yaml")),
    Attack("a name that reads backwards", "unusual part", 2, write=named("report/\u202efdp.exe")),
    Attack("a name with a line break", "unusual part", 2, write=named("report/a\nb")),
    Attack("a name of 5000 characters", "longer than 200", 2, write=named("a" * 5000)),
    Attack("a symbolic link", "not a regular file", 2, write=special("data/link", stat.S_IFLNK)),
    Attack("a file below a symbolic link", "not a regular file", 2,
           write=special("data/link", stat.S_IFLNK, b"/tmp", then=(("data/link/x", b"x"),))),
    Attack("a character device", "not a regular file", 2, write=special("data/zero", stat.S_IFCHR)),
    Attack("a named pipe", "not a regular file", 2, write=special("data/pipe", stat.S_IFIFO)),
    Attack("a socket", "not a regular file", 2, write=special("data/socket", stat.S_IFSOCK)),
    Attack("a folder as a member", "not a regular file", 2, write=named("data/folder/")),
    Attack("the same name twice", "more than once", 2, write=named("config/coursework.yaml")),
    Attack("two names that differ by case", "more than once", 2, write=named("CONFIG/coursework.yaml")),
    Attack("a file that is also a folder", "a file and a folder", 2, write=named("config/coursework.yaml/x")),
    Attack("100 MB of zeros in 100 kB", "as only bombs do", 2, write=named("data/zeros", bytes(10**8))),
    Attack("a file that states 300 MB", "the limit is 200000000", 2,
           write=lambda members: patched(members, 24, "<I", 3 * 10**8)),
    Attack("6000 files", "too many files", 2,
           write=lambda members: packed({**members, **{f"data/{k}": b"" for k in range(6000)}})),
    Attack("members that overlap", "overlap", 2, write=overlapping),
    Attack("a size that is too small", "damaged", 2, write=lambda members: patched(members, 24, "<I", 1)),
    Attack("a wrong checksum", "damaged", 2, write=lambda members: patched(members, 16, "<I", 1)),
    Attack("an encrypted member", "is encrypted", 2, write=lambda members: patched(members, 8, "<H", 1)),
    Attack("an unknown compression", "unexpected method", 2,
           write=lambda members: packed(members, kind=zipfile.ZIP_LZMA)),
    Attack("a truncated archive", "expected a ZIP file", 2, write=lambda members: packed(members)[:-1000]),
    Attack("bytes after the archive", "expected a ZIP file", 2, write=lambda members: packed(members) + b"x" * 50),
    Attack("a program before the archive", "damaged", 2,
           write=lambda members: b"#!/bin/sh\n" + packed(members).replace(b"PK\3\4", b"PK\3\5", 1)),
    Attack("no ZIP file at all", "expected a ZIP file", 2, write=lambda _: b"%PDF-1.5" * 100),
    Attack("an empty file", "expected a ZIP file", 2, write=lambda _: b""),
    Attack("no manifest", "expected MANIFEST.json", 2,
           write=lambda members: packed({k: v for k, v in members.items() if k != MANIFEST})),
    Attack("a manifest of 5 MB", "at most 4000000 bytes", 2, write=manifest(random.Random(0).randbytes(5_000_000))),
    Attack("a manifest of 100 000 brackets", "expected JSON", 2, write=manifest(b"[" * 100_000)),
    Attack("a manifest with a number of 5000 digits", "expected JSON", 2,
           write=manifest(b'{"format": ' + b"9" * 5000 + b"}")),
    Attack("a manifest that clears the terminal", "expected 'author' as one line", 2,
           write=stated(author="\x1b[2J")),
    Attack("a manifest that prints a verdict", "expected 'title' as one line", 2,
           write=stated(title="A\nme.zip holds at level replay")),
    Attack("an identifier that is a path", "expected a name", 2, write=stated(identifier="../me")),
    Attack("a scale that is a path", "expected a name", 2, write=stated(scale="../../results")),
    Attack("a figure that is a path", "expected a name", 2, write=stated(figures={"../../x": ["digest"]})),
    Attack("an experiment that is a path", "expected the origin", 2, write=stated(experiments={"../x": {}})),
    Attack("a manifest that lists a path outside", "climbs out", 2,
           write=stated(files={"../x": {"sha256": "0", "size": 1}})),
    Attack("a manifest with an unknown key", "unknown key", 2, write=stated(run="rm")),
]  # fmt: skip
FOUND = [
    Attack("another byte in a file", "its hash is not that of the manifest", write=flip),
    Attack("a file that the manifest does not list", "not in the manifest", write=named("data/extra.txt")),
    Attack("a file that is missing", "not in the archive",
           write=lambda members: packed({k: v for k, v in members.items() if k != "Snakefile"})),
    Attack("a manifest that lists nothing", "the manifest lists none",
           write=lambda members: stated(files={})({MANIFEST: members[MANIFEST]})),
]  # fmt: skip
