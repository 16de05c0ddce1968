"""Data sets: shapes, disjoint parts, and files that are accepted by what is inside them."""

import gzip
import hashlib
import os
import struct
from pathlib import Path

import numpy as np
import pytest

from geoflow.ground.errors import InputError
from geoflow.learning import downloads
from geoflow.learning.datasets import DATASETS, load
from geoflow.learning.downloads import read_idx


def idx(array: np.ndarray) -> bytes:
    head = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return head + array.astype(np.uint8).tobytes()


def tiny_files() -> dict[str, bytes]:
    random = np.random.default_rng(0)
    files = {}
    for prefix, number in (("train", 30), ("t10k", 8)):
        files[f"{prefix}-images-idx3-ubyte"] = idx(random.integers(0, 256, (number, 4, 4)))
        files[f"{prefix}-labels-idx1-ubyte"] = idx(random.integers(0, 10, number))
    return files


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a miniature of MNIST, whose sums take the place of the real ones."""
    monkeypatch.delenv("GEOFLOW_DATASETS", raising=False)
    files = tiny_files()
    for name in ("mnist", "fashion_mnist"):
        (tmp_path / name).mkdir()
        for file, content in files.items():
            (tmp_path / name / f"{file}.gz").write_bytes(gzip.compress(content))
    sums = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    for known in downloads.SUMS.values():
        for file, value in sums.items():
            monkeypatch.setitem(known, file, value)
    return tmp_path


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionError("no network")

    monkeypatch.setattr(downloads, "fetch", refuse)


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_images_lie_in_the_unit_interval_with_at_most_ten_classes(name: str, tiny: Path) -> None:
    data = load({"name": name, "validation": 10}, tiny)
    for part in (data.train, data.validation, data.test):
        assert part.images.dtype == np.float32
        assert part.labels.dtype == np.int64
        assert 0 <= part.images.min() <= part.images.max() <= 1
        assert set(part.labels) <= set(range(10))
    assert data.train.images.max() > 0.9
    assert data.dimension == data.train.images[0].size


def test_digits_are_split_once_for_a_seed_and_evenly() -> None:
    data, again, other = load("digits"), load("digits"), load({"name": "digits", "seed": 1})
    assert [len(part) for part in (data.train, data.validation, data.test)] == [1197, 200, 400]
    assert np.array_equal(data.test.images, again.test.images)
    assert not np.array_equal(data.test.images, other.test.images)
    counts = np.bincount(data.test.labels)
    assert counts.max() - counts.min() <= 3


def test_sizes_can_be_asked_for(tiny: Path) -> None:
    data = load({"name": "mnist", "train": 12, "validation": 5, "test": 3}, tiny)
    assert [len(part) for part in (data.train, data.validation, data.test)] == [12, 5, 3]
    with pytest.raises(InputError, match="within 30 images"):
        load({"name": "mnist", "train": 28, "validation": 5}, tiny)


def test_a_file_with_other_content_is_refused(tiny: Path) -> None:
    path = tiny / "mnist" / "train-labels-idx1-ubyte.gz"
    path.write_bytes(gzip.compress(idx(np.zeros(30))))
    with pytest.raises(InputError, match="sha256"):
        load({"name": "mnist", "validation": 5}, tiny)


def test_a_file_that_is_cut_short_is_refused(tiny: Path) -> None:
    path = tiny / "mnist" / "train-images-idx3-ubyte.gz"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="expected a gzip file"):
        load({"name": "mnist", "validation": 5}, tiny)


def test_a_local_folder_without_the_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOFLOW_DATASETS", str(tmp_path))
    with pytest.raises(InputError, match="there is no mnist/train-images"):
        load("mnist", tmp_path / "raw")


def test_the_local_folder_is_read(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOFLOW_DATASETS", str(tiny))
    assert len(load({"name": "mnist", "validation": 5}, tiny / "nowhere").test) == 8


def test_without_network_the_sentence_says_what_to_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, offline: None
) -> None:
    monkeypatch.delenv("GEOFLOW_DATASETS", raising=False)
    with pytest.raises(InputError, match="GEOFLOW_DATASETS"):
        load("mnist", tmp_path)
    assert not (tmp_path / "mnist").exists()


def test_a_wrong_mirror_is_passed_over_and_only_a_right_file_stays(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def fake(url: str, most: int) -> bytes:
        asked.append(url)
        return gzip.compress(b"not it" if "ossci" in url else tiny_files()[Path(url).stem])

    monkeypatch.setattr(downloads, "fetch", fake)
    raw = tmp_path / "raw"
    assert len(load({"name": "mnist", "validation": 5}, raw).test) == 8
    assert len(asked) == 8
    assert len(list((raw / "mnist").iterdir())) == 4
    load({"name": "mnist", "validation": 5}, raw)
    assert len(asked) == 8


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x8b", bytes([0, 0, 9, 1]), bytes([0, 0, 8, 1, 0]), idx(np.zeros(5))[:-1]]
)
def test_what_is_no_idx_file_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="fetch the file again"):
        read_idx(content, "labels")


@pytest.mark.skipif("GEOFLOW_DATASETS" not in os.environ, reason="no local data sets")
@pytest.mark.parametrize("name", ["mnist", "fashion_mnist"])
def test_the_real_files_have_the_known_sums(name: str) -> None:
    data = load(name)
    assert data.train.images.shape == (55_000, 1, 28, 28)
    assert data.test.images.shape == (10_000, 1, 28, 28)
