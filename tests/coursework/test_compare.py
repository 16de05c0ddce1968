"""Files are compared by what they say: numbers within a stated tolerance, images by their pixels."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from geoflow.coursework.compare import Tolerance, files
from geoflow.coursework.outcome import Line, Report, Status
from geoflow.ground.results import write_table

TOLERANCE = Tolerance(rtol=1e-6, atol=1e-9, pixels=0.002)
TABLE = pd.DataFrame({"method": ["rk4", "rk4"], "n": [1, 2], "error": [0.5, np.nan]})


def compared(folder: Path, other: pd.DataFrame, commit: str = "two") -> tuple[Status, str]:
    write_table(folder / "a.parquet", TABLE, provenance={"commit": "one"})
    write_table(folder / "b.parquet", other, provenance={"commit": commit})
    return files(folder / "a.parquet", folder / "b.parquet", TOLERANCE)


def changed(column: str, value: object) -> pd.DataFrame:
    other = TABLE.copy()
    other.loc[0, column] = value
    return other


def test_the_same_values_are_identical_whatever_commit_made_them(tmp_path: Path) -> None:
    assert compared(tmp_path, TABLE, "one") == (Status.IDENTICAL, "")
    assert compared(tmp_path, TABLE)[0] is Status.IDENTICAL


def test_a_number_within_tolerance_is_not_identical(tmp_path: Path) -> None:
    status, detail = compared(tmp_path, changed("error", 0.5 * (1 + 1e-8)))
    assert status is Status.WITHIN
    assert "1.0e-08, in error" in detail


@pytest.mark.parametrize(
    "other, why",
    [
        (changed("error", 0.5001), "0.5 became 0.5001 in row 0"),
        (changed("error", np.nan), "0.5 became nan"),
        (changed("method", "rk5"), "'rk4' became 'rk5'"),
        (changed("n", 3), "1 became 3"),
        (TABLE.iloc[:1], "2 rows became 1"),
        (TABLE[["method", "n"]], "columns method, n, error became method, n"),
        (TABLE.astype({"n": "int32"}), "int64 became int32"),
    ],
)
def test_an_altered_number_is_found(tmp_path: Path, other: pd.DataFrame, why: str) -> None:
    status, detail = compared(tmp_path, other)
    assert status is Status.DIFFERENT
    assert why in detail


@given(value=st.floats(), other=st.floats())
def test_tolerance_means_what_it_says(tmp_path_factory: pytest.TempPathFactory, value: float, other: float) -> None:
    folder = tmp_path_factory.mktemp("numbers")
    for name, number in (("a", value), ("b", other)):
        write_table(folder / f"{name}.parquet", pd.DataFrame({"x": [number]}))
    status, _ = files(folder / "a.parquet", folder / "b.parquet", TOLERANCE)
    same = value == other or (np.isnan(value) and np.isnan(other))
    with np.errstate(all="ignore"):
        finite = np.isfinite([value, other]).all()
        near = finite and abs(other - value) <= 1e-9 + 1e-6 * abs(value)
    expected = Status.IDENTICAL if same else Status.WITHIN if near else Status.DIFFERENT
    assert status is expected


def test_a_tampered_figure_is_found_and_a_speck_of_another_font_is_not(tmp_path: Path) -> None:
    pixels = np.full((100, 100, 3), 255, dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    pixels[50, 50] = 250
    Image.fromarray(pixels).save(tmp_path / "b.png")
    assert files(tmp_path / "a.png", tmp_path / "b.png", TOLERANCE)[0] is Status.WITHIN
    pixels[50, 20:80] = 0
    Image.fromarray(pixels).save(tmp_path / "b.png")
    assert files(tmp_path / "a.png", tmp_path / "b.png", TOLERANCE)[0] is Status.DIFFERENT
    Image.fromarray(pixels[:50]).save(tmp_path / "b.png")
    status, detail = files(tmp_path / "a.png", tmp_path / "b.png", TOLERANCE)
    assert (status, detail) == (Status.DIFFERENT, "the sizes of the images differ")


@pytest.mark.parametrize("suffix", [".png", ".parquet", ".tex"])
def test_a_file_that_is_missing_or_cannot_be_read_is_said(suffix: str, tmp_path: Path) -> None:
    one, other = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    one.write_bytes(b"not what its name says")
    assert files(one, other, TOLERANCE)[0] is Status.MISSING
    assert files(other, one, TOLERANCE)[0] is Status.MISSING
    other.write_bytes(b"nor is this")
    assert files(one, other, TOLERANCE)[0] is Status.DIFFERENT


def test_a_small_file_that_holds_a_huge_table_is_not_read(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet", pd.DataFrame({"x": np.zeros(50_000_001, dtype=np.int8)}))
    write_table(tmp_path / "b.parquet", TABLE)
    status, detail = files(tmp_path / "a.parquet", tmp_path / "b.parquet", TOLERANCE)
    assert (status, "more than" in detail) == (Status.DIFFERENT, True)


@pytest.mark.parametrize("bad, exit_status", [(Status.DIFFERENT, 1), (Status.MISSING, 1)])
def test_one_difference_fails_the_whole(bad: Status, exit_status: int) -> None:
    good = [Status.IDENTICAL, Status.WITHIN, Status.UNCHECKED]
    lines = [Line("replay", status.name, status) for status in good]
    assert Report(Path("x.zip"), "replay", lines).exit_status == 0
    assert Report(Path("x.zip"), "replay", [*lines, Line("a", "b", bad)]).exit_status == exit_status
