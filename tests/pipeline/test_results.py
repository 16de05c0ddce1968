"""Files of results: whole or absent, and the same bytes for the same content."""

import pandas as pd
import pytest

from geoflow.ground import complete
from geoflow.ground.errors import InputError
from geoflow.ground.files import renamed_when_complete
from geoflow.ground.results import Results, read_table, seal, write_table, write_tables

FRAME = pd.DataFrame({"method": ["rk4", "gauss_2"], "h": [0.1, 0.05]})


def test_a_table_comes_back_with_its_units_and_origin(tmp_path):
    path, given = tmp_path / "orbits.parquet", ({"h": "s", "absent": "m"}, {"commit": "abc"})
    write_table(path, FRAME[::-1], *given)  # the order of the rows is kept, their numbers are not
    write_tables(tmp_path / "run", {"orbits": FRAME[::-1]}, *given)
    for back in (read_table(path), read_table(tmp_path / "run" / "orbits.parquet")):
        pd.testing.assert_frame_equal(back, FRAME[::-1].reset_index(drop=True), check_dtype=False)
        assert back.attrs["geoflow"] == {"commit": "abc", "units": {"h": "s"}}


def test_a_byte_of_a_page_that_changed_is_found_where_no_folder_vouches_for_the_table(tmp_path):
    path = tmp_path / "orbits.parquet"
    write_table(path, FRAME)
    data = path.read_bytes()
    at = data.index(b"gauss_2") + 2
    path.write_bytes(data[:at] + b"X" + data[at + 1 :])
    with pytest.raises(InputError, match=r"orbits.parquet is not a whole table \(.*[^.]\); snakemake makes it again"):
        read_table(path)


def test_a_table_of_another_program_has_no_origin(tmp_path):
    FRAME.to_parquet(tmp_path / "theirs.parquet")
    assert read_table(tmp_path / "theirs.parquet").attrs["geoflow"] == {}


def test_a_missing_table_says_how_to_make_it(tmp_path):
    with pytest.raises(InputError, match=r"there is no table .*a\.parquet; make it with `snakemake "):
        read_table(tmp_path / "a.parquet")
    with pytest.raises(InputError, match=r"has no table 'a'; run the experiment first\.$"):
        Results(tmp_path).table("a")


def test_equal_tables_are_equal_bytes(tmp_path):
    for name, origin in (("a", {"seed": 1, "commit": "x"}), ("b", {"commit": "x", "seed": 1})):
        write_table(tmp_path / name, FRAME.copy(), provenance=origin)
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


def test_what_is_no_table_of_the_run_is_not_offered_as_one(tmp_path):
    write_tables(tmp_path, {"orbits": FRAME, "summary": FRAME})
    (tmp_path / "strays.parquet").write_bytes((tmp_path / "orbits.parquet").read_bytes())
    (tmp_path / "orbits.parquet").unlink()
    (tmp_path / "orbits.parquet").mkdir()
    with pytest.raises(InputError, match=r"no table 'orbits'; choose one of strays, summary\.$"):
        Results(tmp_path).table("orbits")
    with pytest.raises(InputError, match=r"no table 'strays'; choose one of summary\.$"):
        Results(tmp_path).table("strays")


def test_a_result_folder_is_read_as_summary_and_values(tmp_path):
    summary = pd.DataFrame({"key": ["drift/rk4"], "value": [0.5]})
    frozen = '{"values": {"h": 0.1}}'
    write_tables(tmp_path, {"summary": summary}, provenance={"scale": "smoke"}, config=frozen)
    assert (tmp_path / "config.json").read_text() == frozen
    assert set(complete.read_complete(tmp_path).files) == {"summary.parquet", "config.json"}
    results = Results(tmp_path)
    assert results.summary == {"drift/rk4": 0.5}
    assert results.values == {"h": 0.1}
    assert results.provenance["scale"] == "smoke"


def test_values_that_are_there_already_are_not_written_again(tmp_path):
    """Snakemake would take a new date for a change."""
    tables = {"summary": FRAME}
    write_tables(tmp_path, tables, config="{}")
    before = (tmp_path / "config.json").stat()
    write_tables(tmp_path, tables, config="{}")
    assert (tmp_path / "config.json").stat().st_mtime_ns == before.st_mtime_ns
    write_tables(tmp_path, tables, config='{"a": 1}')
    assert (tmp_path / "config.json").read_text() == '{"a": 1}'


def test_a_sealed_folder_vouches_for_what_it_holds_now(tmp_path):
    origin = {"config": "values", "code": "code"}
    write_tables(tmp_path, {"summary": FRAME}, provenance=origin)
    first = complete.read_complete(tmp_path)
    assert (first.config, first.code) == ("values", "code")
    (tmp_path / "machine.json").write_text("{}")
    for _ in range(2):
        seal(tmp_path)
        assert complete.faults(tmp_path) == {}
    (tmp_path / complete.NAME).unlink()
    seal(tmp_path)
    sealed = complete.read_complete(tmp_path)
    assert set(sealed.files) == {"summary.parquet", "machine.json"}
    assert (sealed.config, sealed.code) == ("values", "code")
    (tmp_path / "machine.json").write_text("[]")
    assert complete.faults(tmp_path) == {"machine.json": "damaged or edited"}
