"""Files of results: whole or absent, and the same bytes for the same content."""

import pandas as pd
import pytest

from geoflow.ground.errors import InputError
from geoflow.ground.files import renamed_when_complete
from geoflow.ground.results import Results, read_table, write_table, write_tables

FRAME = pd.DataFrame({"method": ["rk4", "gauss_2"], "h": [0.1, 0.05]})


def test_a_table_comes_back_with_its_units_and_origin(tmp_path):
    path = tmp_path / "orbits.parquet"
    write_table(path, FRAME, units={"h": "s", "absent": "m"}, provenance={"commit": "abc"})
    back = read_table(path)
    pd.testing.assert_frame_equal(back, FRAME, check_dtype=False)
    assert back.attrs["geoflow"] == {"commit": "abc", "units": {"h": "s"}}


def test_equal_tables_are_equal_bytes(tmp_path):
    for name in ("a", "b"):
        write_table(tmp_path / name, FRAME.copy(), provenance={"seed": 1})
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_all_tables_of_a_study_appear_or_none(tmp_path):
    tables = {"good": FRAME, "bad": pd.DataFrame({"x": [object()]})}
    with pytest.raises(Exception, match="object"):
        write_tables(tmp_path, tables)
    assert list(tmp_path.iterdir()) == []
    write_tables(tmp_path, {"good": FRAME, "also": FRAME})
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "also.parquet", "complete.json", "good.parquet"
    ]  # fmt: skip


def test_an_error_on_the_way_keeps_the_old_file(tmp_path):
    path = tmp_path / "numbers.tex"
    path.write_text("old")

    def fail():
        with renamed_when_complete(path) as (temporary,):
            temporary.write_text("half of the new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_table_is_answered_with_the_nearest(tmp_path):
    write_table(tmp_path / "orbits.parquet", FRAME)
    with pytest.raises(InputError, match="no table 'orbit'; did you mean 'orbits'"):
        Results(tmp_path).table("orbit")


def test_a_result_folder_is_read_as_summary_and_values(tmp_path):
    summary = pd.DataFrame({"key": ["drift/rk4"], "value": [0.5]})
    frozen = '{"values": {"h": 0.1}}'
    write_tables(tmp_path, {"summary": summary}, provenance={"scale": "smoke"}, config=frozen)
    assert (tmp_path / "config.json").read_text() == frozen
    results = Results(tmp_path)
    assert results.summary == {"drift/rk4": 0.5}
    assert results.values == {"h": 0.1}
    assert results.provenance["scale"] == "smoke"
