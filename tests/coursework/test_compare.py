"""Files are compared by what they say: numbers within a stated tolerance, images by their pixels."""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from archives import compare
from archives.compare import Tolerance, bounded_table, files, images, largest_relative_difference
from archives.outcome import Line, Report, Status
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from geoflow.ground.errors import InputError
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
    assert compared(tmp_path, TABLE) == (Status.IDENTICAL, "all values; the origin in the metadata differs")


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
        (TABLE.assign(error=[0.5 * (1 + 1e-8), 0.1]), "nan became 0.1 in row 1"),
        (TABLE.iloc[:1], "2 rows became 1"),
        (TABLE[["method", "n"]], "columns method, n, error became method, n"),
        (TABLE.astype({"n": "int32"}), "int64 became int32"),
    ],
)
def test_an_altered_number_is_found(tmp_path: Path, other: pd.DataFrame, why: str) -> None:
    status, detail = compared(tmp_path, other)
    assert status is Status.DIFFERENT
    assert why in detail


@pytest.mark.parametrize(
    ("claimed", "rebuilt", "found"),
    [
        ([1.0], [1 + 0.9e-6], Status.WITHIN),
        ([1.0], [1 + 2e-6], Status.DIFFERENT),
        ([0.0], [0.9e-9], Status.WITHIN),
        ([0.0], [2e-9], Status.DIFFERENT),
        ([np.inf, 1.0], [np.inf, 1 + 1e-8], Status.WITHIN),
        ([np.inf, 1.0], [-np.inf, 1.0], Status.DIFFERENT),
        ([1.0], [1], Status.DIFFERENT),
    ],
)
def test_the_edges_of_the_tolerance(tmp_path: Path, claimed: list[float], rebuilt: list[float], found: Status) -> None:
    for name, values in (("a", claimed), ("b", rebuilt)):
        write_table(tmp_path / f"{name}.parquet", pd.DataFrame({"x": values}))
    assert files(tmp_path / "a.parquet", tmp_path / "b.parquet", TOLERANCE)[0] is found


def test_one_inexact_column_is_enough_and_the_worst_is_named(tmp_path: Path) -> None:
    claimed = pd.DataFrame({"a": [1.0], "b": [1.0], "c": [1.0]})
    write_table(tmp_path / "a.parquet", claimed)
    for rebuilt, worst in (([1 + 1e-8, 1.0, 1.0], "a"), ([1 + 1e-9, 1 + 1e-8, 1 + 1e-9], "b")):
        write_table(tmp_path / "b.parquet", pd.DataFrame([rebuilt], columns=["a", "b", "c"]))
        found = files(tmp_path / "a.parquet", tmp_path / "b.parquet", TOLERANCE)
        assert found == (Status.WITHIN, f"relative difference up to 1.0e-08, in {worst}")


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


def test_pixels_are_what_counts_in_an_image(tmp_path: Path) -> None:
    """Not its mode, its metadata or a name that is not its format's; and what is darker does not make up for what is
    lighter."""
    grey = np.full((10, 10), 128, dtype=np.uint8)
    one, other = tmp_path / "a.png", tmp_path / "b.png"
    Image.fromarray(grey).save(one)
    Image.fromarray(grey).convert("RGB").save(other, compress_level=1)
    assert files(one, other, TOLERANCE) == (Status.IDENTICAL, "all pixels")
    grey[0, :2] = 128 - 51, 128 + 51
    Image.fromarray(grey).save(other)
    assert files(one, other, TOLERANCE) == (Status.DIFFERENT, "pixels differ by 2.8e-02 (root mean square)")
    Image.fromarray(grey).save(other, format="JPEG")
    assert files(one, other, TOLERANCE) == (Status.DIFFERENT, "a.png is not a readable image")


@pytest.mark.parametrize("suffix", [".png", ".parquet", ".tex"])
def test_a_file_that_is_missing_or_cannot_be_read_is_said(suffix: str, tmp_path: Path) -> None:
    one, other = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    one.write_bytes(b"not what its name says")
    assert files(one, other, TOLERANCE) == (Status.MISSING, "the rebuild did not produce it")
    assert files(other, one, TOLERANCE) == (Status.MISSING, "it is not in the archive")
    other.write_bytes(b"nor is this")
    status, detail = files(one, other, TOLERANCE)
    assert status is Status.DIFFERENT
    assert re.fullmatch(r"the bytes differ|a\.png is not a readable image|.*a\.parquet is not a readable table", detail)


def test_a_small_file_that_holds_a_huge_table_is_not_read(tmp_path: Path) -> None:
    write_table(tmp_path / "a.parquet", pd.DataFrame({"x": np.zeros(50_000_001, dtype=np.int8)}))
    write_table(tmp_path / "b.parquet", TABLE)
    status, detail = files(tmp_path / "a.parquet", tmp_path / "b.parquet", TOLERANCE)
    assert (status, "more than" in detail) == (Status.DIFFERENT, True)


@pytest.mark.parametrize("bad", [Status.DIFFERENT, Status.MISSING, Status.UNCHECKED])
def test_one_comparison_that_does_not_hold_fails_the_whole(bad: Status) -> None:
    lines = [Line("replay", status.name, status) for status in (Status.IDENTICAL, Status.WITHIN)]
    assert Report(Path("x.zip"), "replay", lines).exit_status == 0
    report = Report(Path("x.zip"), "replay", [Line("a", "b", bad), *lines])
    assert report.exit_status == 1
    said = "is not decided" if bad is Status.UNCHECKED else "does not hold"
    assert report.verdict().startswith(f"x.zip {said} at level replay")
    assert json.loads(report.to_json())["score"] == 2


def test_what_an_early_check_could_not_compare_is_settled_by_a_later_one_only() -> None:
    early = Line("consistency", "figure", Status.UNCHECKED)
    late = Line("replay", "figure", Status.IDENTICAL)
    assert Report(Path("x.zip"), "replay", [early, late]).exit_status == 0
    assert Report(Path("x.zip"), "replay", [late, early]).exit_status == 1


def test_infinite_and_missing_numbers_have_no_relative_difference() -> None:
    one, other = np.array([1.0, np.inf, np.nan, 2.0]), np.array([np.inf, 1.0, 3.0, 4.0])
    assert largest_relative_difference(one, other) == 0.5
    assert largest_relative_difference(one[:3], other[:3]) == 0


@pytest.mark.parametrize(("rows", "columns", "read"), [(4, 3, False), (5, 2, True), (8, 1, True), (11, 1, False)])
def test_a_table_is_read_up_to_ten_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, columns: int, read: bool
) -> None:
    monkeypatch.setattr(compare, "CELLS", 10)
    write_table(tmp_path / "a.parquet", pd.DataFrame(np.ones((rows, columns)), columns=list("abc")[:columns]))
    if read:
        assert bounded_table(tmp_path / "a.parquet").shape == (rows, columns)
    else:
        with pytest.raises(InputError):
            bounded_table(tmp_path / "a.parquet")


def black_and_white(folder: Path, size: tuple[int, int]) -> tuple[Path, Path]:
    paths = folder / "black.png", folder / "white.png"
    for path, colour in zip(paths, ((0, 0, 0), (255, 255, 255)), strict=True):
        Image.new("RGB", size, colour).save(path)
    return paths


def test_black_differs_from_white_by_exactly_one(tmp_path: Path) -> None:
    paths = black_and_white(tmp_path, (4, 3))
    for pixels, status in ((1.0, Status.WITHIN), (0.999, Status.DIFFERENT)):
        assert images(*paths, Tolerance(rtol=0, atol=0, pixels=pixels))[0] is status


@pytest.mark.parametrize(("size", "read"), [((4, 3), True), ((4, 4), False), ((13, 1), False)])
def test_an_image_is_read_up_to_twelve_pixels(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], read: bool
) -> None:
    monkeypatch.setattr(compare, "PIXELS", 12)
    black, _ = black_and_white(tmp_path, size)
    assert (images(black, black, TOLERANCE)[0] is Status.IDENTICAL) == read
