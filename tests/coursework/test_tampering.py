"""Forgeries that a weaker check would let pass: each of them is found, and says where."""

from pathlib import Path

import pandas as pd
import pytest
from archives.manifest import NAME
from archives.outcome import Status
from handing_in import RESULTS, Handed, manifest_of

from geoflow.ground.results import read_table, write_table

ERRORS = f"{RESULTS}/errors.parquet"
SUMMARY = f"{RESULTS}/summary.parquet"


@pytest.fixture
def built(handed: Handed) -> Handed:
    handed.build()
    return handed


def status(handed: Handed, level: str, what: str) -> tuple[Status, str]:
    (line,) = [line for line in handed.verify(level).lines if line.what == what]
    return line.status, line.detail


def test_a_file_of_the_same_size_with_other_bytes_breaks_integrity(built: Handed) -> None:
    def flip(members: dict[str, bytes]) -> None:
        for name in ("src/geoflow/mine.py", SUMMARY):
            members[name] = members[name][:-1] + bytes([members[name][-1] ^ 1])

    sizes = {name: len(data) for name, data in built.members().items()}
    built.forge(flip, hashes=False)
    assert {name: len(data) for name, data in built.members().items()} == sizes
    for name in ("src/geoflow/mine.py", SUMMARY):
        assert status(built, "integrity", name)[0] is Status.DIFFERENT


@pytest.mark.parametrize("key, other", [("scale", "paper"), ("config", "0" * 16), ("experiment", "another")])
@pytest.mark.parametrize("table", [ERRORS, SUMMARY])
def test_a_table_of_another_scale_other_values_or_another_experiment_is_found(
    built: Handed, tmp_path: Path, key: str, other: str, table: str
) -> None:
    def claim(members: dict[str, bytes]) -> None:
        path = tmp_path / "t.parquet"
        path.write_bytes(members[table])
        frame = read_table(path)
        write_table(path, frame, provenance={**frame.attrs["geoflow"], key: other})
        members[table] = path.read_bytes()

    built.forge(claim)
    found, words = status(built, "consistency", RESULTS)
    assert found is Status.DIFFERENT and f"{Path(table).name} is not of this config.json" in words


def test_a_table_that_its_own_folder_does_not_vouch_for_is_found(built: Handed, tmp_path: Path) -> None:
    """The manifest agrees with the forged table; complete.json, which was forgotten, does not."""
    write_table(tmp_path / "t.parquet", pd.DataFrame({"x": [1.0]}))

    def forget(members: dict[str, bytes]) -> None:
        members[ERRORS] = (tmp_path / "t.parquet").read_bytes()
        members[NAME] = manifest_of(members)

    built.forge(forget, hashes=False)
    found = status(built, "consistency", RESULTS)
    assert found == (Status.DIFFERENT, "errors.parquet is damaged or edited")
