"""Attacks on unpacking: each is refused before a byte is written."""

import io
import stat
import struct
import zipfile
from pathlib import Path

import pytest
from archives.unpack import Limits, unpack
from build_submission import write_archive
from hypothesis import given
from hypothesis import strategies as st

from geoflow.ground.errors import InputError

SMALL = Limits(files=20, archive=100_000, file=3_000_000, total=4_000_000, ratio=100)


def archive_of(path: Path, *members: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    """A ZIP file as an attacker writes it: nothing is judged."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, data in members:
            archive.writestr(info, data)
    return path


def info_of(name: str, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def refused(archive: Path, folder: Path, limits: Limits = SMALL) -> str:
    with pytest.raises(InputError) as caught:
        unpack(archive, folder, limits)
    assert not list(folder.rglob("*")), "something was written"
    return str(caught.value)


def test_what_build_writes_unpacks_to_the_same_bytes(tmp_path: Path) -> None:
    members = {"a.txt": b"one", "src/b c.py": b"", "data/x=1/t.parquet": bytes(range(256))}
    write_archive(tmp_path / "x.zip", members)
    assert sorted(unpack(tmp_path / "x.zip", tmp_path / "out")) == sorted(members)
    assert {name: (tmp_path / "out" / name).read_bytes() for name in members} == members


@pytest.mark.parametrize(
    "name, why",
    [
        ("../evil", "climbs out"),
        ("a/../../evil", "climbs out"),
        ("a/..", "climbs out"),
        ("/etc/passwd", "absolute"),
        ("C:/evil", "absolute"),
        ("c:evil", "absolute"),
        ("a\\..\\evil", "unusual part"),
        ("a//b", "unusual part"),
        ("./a", "unusual part"),
        (".git/config", "unusual part"),
        (".snakemake/metadata", "unusual part"),
        ("a/ ", "unusual part"),
        ("trailing.", "unusual part"),
        ("line\nbreak", "unusual part"),
        ("\u202egpj.exe", "unusual part"),
        ("src/NUL.txt", "reserved"),
        ("a" * 201, "longer"),
    ],
)
def test_a_name_that_leads_astray_is_refused(name: str, why: str, tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "x.zip", ("good.txt", b"1"), (info_of(name), b"evil"))
    assert why in refused(archive, tmp_path / "out")
    assert not (tmp_path / "evil").exists()


def test_a_name_cut_by_a_null_byte_is_refused(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "x.zip", (info_of("aXevil"), b"1"))
    archive.write_bytes(archive.read_bytes().replace(b"aXevil", b"a\0evil"))
    refused(archive, tmp_path / "out")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_folders_and_devices_are_refused(kind: int, tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "x.zip", (info_of("link", kind | 0o777), b"/etc/passwd"))
    assert "not a regular file" in refused(archive, tmp_path / "out")


@pytest.mark.parametrize("again", ["report/main.tex", "REPORT/Main.tex"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused(again: str, tmp_path: Path) -> None:
    members = [("report/main.tex", b"seen"), (again, b"compiled")]
    assert "more than once" in refused(archive_of(tmp_path / "x.zip", *members), tmp_path / "out")


def test_a_file_that_is_also_a_folder_is_refused(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "x.zip", ("a/b/c", b"1"), ("a", b"2"))
    assert "at once" in refused(archive, tmp_path / "out")


def test_a_bomb_of_one_file_is_refused(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "x.zip", ("zeros", bytes(2_000_000)))
    assert "bombs" in refused(archive, tmp_path / "out")


def test_a_file_a_total_and_a_count_beyond_the_limits_are_refused(tmp_path: Path) -> None:
    one = archive_of(tmp_path / "1.zip", ("zeros", bytes(3_000_001)))
    assert "the limit is 3000000" in refused(one, tmp_path / "out")
    several = archive_of(tmp_path / "2.zip", *((f"z{i}", bytes(900_000)) for i in range(5)))
    assert "the limit is 4000000" in refused(several, tmp_path / "out")
    many = archive_of(tmp_path / "3.zip", *((f"z{i}", b"") for i in range(21)))
    assert "too many files" in refused(many, tmp_path / "out")
    (tmp_path / "4.zip").write_bytes(bytes(100_001))
    assert "the limit is 100000" in refused(tmp_path / "4.zip", tmp_path / "out")


def test_a_count_that_lies_does_not_help(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "x.zip", *((f"z{i}", b"") for i in range(21)))
    data = bytearray(archive.read_bytes())
    data[-14:-10] = struct.pack("<2H", 1, 1)
    archive.write_bytes(data)
    assert "holds 21 files" in refused(archive, tmp_path / "out")


def test_members_that_share_their_data_are_refused(tmp_path: Path) -> None:
    """The bomb without high ratio: many entries of the table of contents point at one kernel."""
    archive = archive_of(tmp_path / "x.zip", ("a1", b"x" * 1000), ("a2", b"x" * 1000))
    data = bytearray(archive.read_bytes())
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<L", 0)
    archive.write_bytes(data)
    assert "overlap" in refused(archive, tmp_path / "out")


def test_a_size_that_lies_is_never_exceeded(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "x.zip", ("a", b"x" * 5000))
    data = bytearray(archive.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<L", 10)
    archive.write_bytes(data)
    with pytest.raises(InputError, match="damaged"):
        unpack(archive, tmp_path / "out", SMALL)
    assert sum(p.stat().st_size for p in (tmp_path / "out").rglob("*")) <= 10


def test_an_encrypted_or_oddly_packed_member_is_refused(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "x.zip", ("a", b"1"))
    data = bytearray(archive.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)
    assert "encrypted" in refused(archive, tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "y.zip", "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("a", b"1")
    assert "unexpected method" in refused(tmp_path / "y.zip", tmp_path / "out")


def test_a_comment_and_what_is_no_archive_are_refused(tmp_path: Path) -> None:
    archive = archive_of(tmp_path / "x.zip", ("a", b"1"))
    with zipfile.ZipFile(archive, "a") as opened:
        opened.comment = b"hello"
    assert "comment" in refused(archive, tmp_path / "out")
    (tmp_path / "text.zip").write_text("no archive at all, only words")
    assert "ZIP" in refused(tmp_path / "text.zip", tmp_path / "out")
    assert "expected an archive" in refused(tmp_path, tmp_path / "out2")


@given(st.integers(min_value=0), st.integers(0, 255))
def test_a_changed_byte_gives_one_sentence_or_an_archive(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b.txt", b"some text " * 20)
        archive.writestr("c.txt", b"")
    data = bytearray(packed.getvalue())
    data[place % len(data)] = value
    (folder / "x.zip").write_bytes(data)
    try:
        paths = unpack(folder / "x.zip", folder / "out", SMALL)
    except InputError:
        return
    assert all((folder / "out" / path).resolve().is_relative_to(folder) for path in paths)
