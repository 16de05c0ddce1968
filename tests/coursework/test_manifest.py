"""The manifest says exactly what is in an archive, and reading it trusts nothing."""

import json
from pathlib import Path

import pytest
from archives.manifest import Entry, Manifest, entry
from hypothesis import given
from hypothesis import strategies as st

from geoflow.coursework.paths import LONGEST, PART, path_fault
from geoflow.ground.errors import InputError

NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,20}", fullmatch=True)
PATHS = st.lists(st.from_regex(PART, fullmatch=True), min_size=1, max_size=4).map("/".join)
ENTRIES = st.builds(Entry, st.binary(min_size=32, max_size=32).map(bytes.hex), st.integers(0))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
LINES = st.text(st.characters(categories=("L", "N", "P")))
MANIFESTS = st.builds(
    Manifest,
    **dict.fromkeys(("title", "author", "geoflow", "python", "platform", "commit", "code"), LINES),
    **dict.fromkeys(("package", "coursework", "upstream"), LINES),
    identifier=NAMES,
    scale=NAMES,
    experiments=st.dictionaries(NAMES, st.dictionaries(st.text(), JSON), max_size=3),
    figures=st.dictionaries(NAMES, st.lists(st.text(), max_size=3), max_size=3),
    altered=st.lists(st.text(), max_size=3),
    own=st.lists(st.text(), max_size=3),
    files=st.dictionaries(PATHS.filter(lambda path: path_fault(path) is None), ENTRIES, max_size=5),
    format=st.just(1),
)
TREE = {
    **dict.fromkeys(("title", "author", "declaration", "geoflow", "python", "platform"), "x"),
    **dict.fromkeys(("commit", "code", "package", "coursework", "upstream"), "x"),
    "experiments": {},
    "figures": {},
    "altered": [],
    "own": [],
    "identifier": "me",
    "scale": "default",
    "format": 1,
    "files": {"a/b": {"sha256": "00", "size": 1}},
}


@given(MANIFESTS)
def test_any_manifest_reads_back_as_it_was_written(manifest: Manifest) -> None:
    assert Manifest.from_json(manifest.to_json()) == manifest


@pytest.mark.parametrize(
    "change, why",
    [
        ({"format": 2}, "expected format 1, got 2"),
        ({"identifier": "../me"}, "expected a name"),
        ({"scale": 3}, "expected 'scale'"),
        ({"scale": "../.."}, "expected a name"),
        ({"extra": 1}, "unknown key 'extra'"),
        ({"own": [1]}, "list of texts in 'own'"),
        ({"figures": {"f": [1]}}, "list of texts in 'figures.f'"),
        ({"figures": {"../f": []}}, "expected a name"),
        ({"experiments": {"e": 1}}, "origin of experiment 'e'"),
        ({"experiments": {"../e": {}}}, "origin of experiment"),
        ({"files": {"../a": {"sha256": "", "size": 1}}}, "climbs out"),
        ({"files": {"a": {"sha256": "", "size": -1}}}, "expected sha256 and size"),
        ({"files": {"a": {"sha256": "", "size": 1, "mode": 7}}}, "expected sha256 and size"),
    ],
)
def test_a_manifest_that_build_did_not_write_is_refused(change: dict, why: str) -> None:
    with pytest.raises(InputError, match=why):
        Manifest.from_json(json.dumps({**TREE, **change}))


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, '"\\ud800"'])
def test_what_is_no_manifest_at_all_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"MANIFEST\.json: expected"):
        Manifest.from_json(text)


def test_an_entry_holds_the_hash_that_sha256sum_prints(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert entry(tmp_path / "a") == Entry(known, 3)


def test_a_path_is_as_long_as_allowed_and_no_longer() -> None:
    path = "/".join(["a" * 30] * 10)[:LONGEST]
    assert len(path) == LONGEST and path_fault(path) is None
    assert path_fault(path + "a") is not None
