"""Images with labels: scikit-learn's bundled digits, MNIST and Fashion-MNIST.

`load({"name": "mnist", "train": 30_000}, folder)` reads the files from the folder named by the
environment variable GEOFLOW_DATASETS, or from `folder`, into which missing files are downloaded.
"""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoflow.ground import InputError, Table, made
from geoflow.learning.downloads import SUMS, read_idx, read_verified


@dataclass(frozen=True)
class Split:
    """images (N, channels, height, width), float32 in [0, 1]; labels (N,), int64."""

    images: NDArray[np.float32]
    labels: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.images.ndim != 4 or len(self.images) != len(self.labels):
            raise InputError(
                "expected images (N, channels, height, width) and N labels, got shapes "
                f"{self.images.shape} and {self.labels.shape}; grey images have one channel."
            )

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, rows: Any) -> "Split":
        """The images of these rows."""
        return Split(self.images[rows], self.labels[rows])

    def first(self, number: int | None) -> "Split":
        """The first `number` images, or all."""
        return self[:number]


@dataclass(frozen=True)
class DataSet:
    """Three disjoint splits: training, validation (model selection) and test (reported)."""

    name: str
    train: Split
    validation: Split
    test: Split

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of one image."""
        _, *shape = self.train.images.shape
        return shape[0], shape[1], shape[2]

    @property
    def dimension(self) -> int:
        """Number of components of one image."""
        return math.prod(self.shape)

    def grey_size(self) -> tuple[int, int]:
        """Return (height, width); raises InputError for colour images, which the figures do not support."""
        if self.shape[0] != 1:
            raise InputError(f"{self.name}: pictures need one channel, got {self.shape[0]}.")
        return self.shape[1:]


Loader = Callable[[Path], DataSet]


def digits(train: int | None = None, validation: int = 200, test: int = 400, seed: int = 0) -> Loader:
    """8 x 8 digits (Alpaydin1998): 1797 images, a seeded stratified split."""

    def loader(folder: Path) -> DataSet:
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split

        bunch = load_digits()
        images = (bunch.images[:, None] / 16).astype(np.float32)
        indices, labels = np.arange(len(images)), bunch.target.astype(np.int64)
        share: dict[str, Any] = {"random_state": seed, "stratify": labels}
        rest, last = train_test_split(indices, test_size=test, **share)
        share["stratify"] = labels[rest]
        first, middle = train_test_split(rest, test_size=validation, **share)
        return DataSet("digits", *[Split(images[i], labels[i]) for i in (first[:train], middle, last)])

    return loader


def two_moons_split(points: int, noise: float, seed: int) -> Split:
    """Two interleaving half circles, as images (N, 1, 1, 2) in [0, 1]; labels 0 and 1."""
    from sklearn.datasets import make_moons

    plane, labels = make_moons(points, noise=noise, random_state=seed)
    # The half circles lie in [-1, 2] x [-0.5, 1]; noise beyond 0.3 is clipped.
    images = ((plane - [0.5, 0.25]) / 3.6 + 0.5).clip(0, 1)
    return Split(images[:, None, None, :].astype(np.float32), labels.astype(np.int64))


def two_moons(train: int = 400, validation: int = 200, test: int = 400, noise: float = 0.1, seed: int = 0) -> Loader:
    """Two interleaving half circles in the plane (Pedregosa2011); the splits are independent samples."""

    def loader(folder: Path) -> DataSet:
        sizes = (train, validation, test)
        parts = [two_moons_split(n, noise, 3 * seed + k) for k, n in enumerate(sizes)]
        return DataSet("two_moons", *parts)

    return loader


def mnist(train: int | None = None, validation: int = 5000, test: int | None = None) -> Loader:
    """28 x 28 digits (LeCunCortesBurges1998); the last `validation` training images are the validation split."""
    return lambda folder: _idx_dataset("mnist", folder, train, validation, test)


def fashion_mnist(
    train: int | None = None, validation: int = 5000, test: int | None = None, draw: int | None = None,
) -> Loader:  # fmt: skip
    """28 x 28 clothes (XiaoRasulVollgraf2017); the last `validation` training images are the validation split.

    draw: seed with which NumPy draws training, test and then validation images, as MurariCode2025 does.
    """
    return lambda folder: _idx_dataset("fashion_mnist", folder, train, validation, test, draw)


DATASETS: Table[Callable[..., Loader]] = Table(
    "data set", {"digits": digits, "two_moons": two_moons, "mnist": mnist, "fashion_mnist": fashion_mnist}
)


def load(dataset: str | Mapping[str, Any], folder: Path | str = "data/raw") -> DataSet:
    """Load a data set given by its name, or by a mapping with `name` and parameters; raises InputError."""
    chosen = {"name": dataset} if isinstance(dataset, str) else dataset
    return made(DATASETS, chosen)(Path(folder))


def _idx_dataset(
    name: str, folder: Path, train: int | None, validation: int, test: int | None, draw: int | None = None
) -> DataSet:
    local = os.environ.get("GEOFLOW_DATASETS")
    parts = {file: read_idx(read_verified(name, file, folder, local), file) for file in SUMS[name]}

    def split(prefix: str) -> Split:
        images, labels = parts[f"{prefix}-images-idx3-ubyte"], parts[f"{prefix}-labels-idx1-ubyte"]
        return Split(np.divide(images[:, None], np.float32(255)), labels.astype(np.int64))

    whole = split("train")
    cut = len(whole) - validation
    if cut <= 0 or (train or 0) > cut:
        raise InputError(f"{name}: expected train + validation within {len(whole)} images, got {train} + {validation}.")
    tests = split("t10k")
    if draw is not None:
        drawn = np.random.RandomState(draw).choice
        own, shown = drawn(len(whole), train or cut, False), drawn(len(tests), test or len(tests), False)
        others = drawn(np.setdiff1d(np.arange(len(whole)), own), validation, False)
        return DataSet(name, whole[own], whole[others], tests[shown])
    return DataSet(name, whole.first(cut).first(train), whole[cut:], tests.first(test))
