"""Comparison of two files: tables by their numbers, images by their pixels, text by its bytes.

Numbers agree within tolerance if |a - b| <= atol + rtol |b|, where b is the submitted number.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archives.outcome import Status
from geoflow.ground import InputError, read_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Outcome = tuple[Status, str]
CELLS = 10_000_000  # a few kilobytes of Parquet can expand to more than the available memory
PIXELS = 10_000_000
BYTES = 100_000_000  # of a table or an image


@dataclass(frozen=True)
class Tolerance:
    """rtol, atol: tolerances of numbers; pixels: root mean square difference of images, with black 0 and white 1."""

    rtol: float = 1e-6
    atol: float = 1e-9
    pixels: float = 0.002


def files(claimed: Path, rebuilt: Path, tolerance: Tolerance) -> Outcome:
    """Compare two files according to their suffix."""
    if not rebuilt.is_file():
        return Status.MISSING, "the rebuild did not produce it"
    if not claimed.is_file():
        return Status.MISSING, "it is not in the archive"
    if max(claimed.stat().st_size, rebuilt.stat().st_size) > BYTES:
        return Status.DIFFERENT, f"it has more than {BYTES} bytes"
    if same_bytes(claimed, rebuilt):
        return Status.IDENTICAL, ""
    if claimed.suffix == ".parquet":
        return tables(claimed, rebuilt, tolerance)
    if claimed.suffix == ".png":
        return images(claimed, rebuilt, tolerance)
    return Status.DIFFERENT, "the bytes differ"


def same_bytes(one: Path, other: Path) -> bool:
    return one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()


def tables(claimed: Path, rebuilt: Path, tolerance: Tolerance) -> Outcome:
    """Compare two Parquet tables by columns; metadata such as the commit of the run are ignored."""
    try:
        one, other = bounded_table(claimed), bounded_table(rebuilt)
    except InputError as error:
        return Status.DIFFERENT, str(error)
    if list(one.columns) != list(other.columns):
        became = " became ".join(", ".join(map(str, table)) for table in (one, other))
        return Status.DIFFERENT, f"columns {became}"
    if len(one) != len(other):
        return Status.DIFFERENT, f"{len(one)} rows became {len(other)}"
    worst, place, exact = 0.0, "", True
    for column in one.columns:
        mine, yours = one[column], other[column]
        if not all(getattr(given.dtype, "kind", "") == "f" for given in (mine, yours)):
            if not mine.equals(yours):
                return Status.DIFFERENT, f"column {column}: {_first_change(mine, yours)}"
            continue
        a, b = mine.to_numpy(float), yours.to_numpy(float)
        if not close(b, a, tolerance):
            return Status.DIFFERENT, f"column {column}: {_first_change(mine, yours, tolerance)}"
        gap = largest_relative_difference(b, a)
        exact &= gap == 0
        if gap > worst:
            worst, place = gap, str(column)
    if exact:
        return Status.IDENTICAL, "all values; the origin in the metadata differs"
    return Status.WITHIN, f"relative difference up to {worst:.1e}, in {place}"


def close(rebuilt: "np.ndarray", claimed: "np.ndarray", tolerance: Tolerance) -> bool:
    """Whether all numbers agree within tolerance; NaN agrees with NaN, an infinity with itself."""
    import numpy as np

    return bool(np.allclose(rebuilt, claimed, rtol=tolerance.rtol, atol=tolerance.atol, equal_nan=True))


def largest_relative_difference(rebuilt: "np.ndarray", claimed: "np.ndarray") -> float:
    """Largest |a - b| / max(|a|, |b|) over the finite pairs that differ; 0 if there are none."""
    import numpy as np

    differ = (rebuilt != claimed) & np.isfinite(rebuilt) & np.isfinite(claimed)
    a, b = rebuilt[differ], claimed[differ]
    return float(np.max(np.abs(a - b) / np.maximum(np.abs(a), np.abs(b)), initial=0.0))


def bounded_table(path: Path) -> "pd.DataFrame":
    """Read an untrusted Parquet file; raises InputError if it is invalid or too large."""
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    try:
        metadata = pq.read_metadata(path)
        if metadata.num_rows * max(1, metadata.num_columns) > CELLS:
            raise InputError(f"{path.name} has more than {CELLS} cells")
        return read_table(path)
    except (ArrowException, OSError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path.name} is not a readable table") from None


def images(claimed: Path, rebuilt: Path, tolerance: Tolerance) -> Outcome:
    """Compare two PNG images of equal size by the root mean square of their pixels' difference."""
    import numpy as np
    from PIL import Image

    try:
        pixels = []
        for path in (claimed, rebuilt):
            with Image.open(path, formats=["PNG"]) as image:
                if image.width * image.height > PIXELS:
                    return Status.DIFFERENT, f"{path.name} has more than {PIXELS} pixels"
                pixels.append(np.asarray(image.convert("RGB"), dtype=np.float32) / 255)
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError):
        return Status.DIFFERENT, f"{claimed.name} is not a readable image"
    one, other = pixels
    if one.shape != other.shape:
        return Status.DIFFERENT, "the sizes of the images differ"
    gap = float(np.sqrt(np.mean((one - other) ** 2)))
    if gap == 0:
        return Status.IDENTICAL, "all pixels"
    words = f"pixels differ by {gap:.1e} (root mean square)"
    return (Status.WITHIN if gap <= tolerance.pixels else Status.DIFFERENT), words


def _first_change(claimed: "pd.Series[Any]", rebuilt: "pd.Series[Any]", tolerance: Tolerance | None = None) -> str:
    import numpy as np

    for row, (a, b) in enumerate(zip(claimed.tolist(), rebuilt.tolist(), strict=True)):
        if not (a == b if tolerance is None else close(np.array([b]), np.array([a]), tolerance)):
            return f"{a!r} became {b!r} in row {row}"
    return f"{claimed.dtype} became {rebuilt.dtype}"
