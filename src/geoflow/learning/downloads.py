"""Downloads of data sets, verified by the SHA-256 of the decompressed content for every mirror.
Time and size of a download are bounded."""

import hashlib
import struct
import time
import urllib.request
import zlib
from http.client import HTTPException
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geoflow.ground import InputError, renamed_when_complete

MIRRORS = {
    "mnist": ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"),
    "fashion_mnist": (
        "https://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
}
# SHA-256 of the decompressed files, because the compressed ones differ between mirrors.
MNIST = {
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
FASHION_MNIST = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
SUMS = {"mnist": MNIST, "fashion_mnist": FASHION_MNIST}
# Bytes of the decompressed files, the same for both sets.
SIZES = {
    "train-images-idx3-ubyte": 47_040_016,
    "train-labels-idx1-ubyte": 60_008,
    "t10k-images-idx3-ubyte": 7_840_016,
    "t10k-labels-idx1-ubyte": 10_008,
}
SILENCE = 30.0
"""Timeout of a mirror: seconds without receiving a byte."""
LONGEST = 600.0
"""Time limit of the download of one file, in seconds."""
BLOCK = 1 << 16
TRY = (
    "try again with a network, or set GEOFLOW_DATASETS to a folder that holds {name}/{file}.gz "
    "(any copy of the original will do)."
)


def read_verified(name: str, file: str, folder: Path, local: str | None = None) -> bytes:
    """Return the decompressed content of one file of a data set.

    The file is read from `local`/<name>/<file>.gz if `local` is given, otherwise from `folder`, into which a
    missing file is downloaded. Raises InputError with a remedy if this fails.
    """
    path = Path(local or folder) / name / f"{file}.gz"
    if path.exists():
        return _checked(path, name, file)
    if local:
        raise InputError(f"GEOFLOW_DATASETS={local}: there is no {name}/{file}.gz; put it there or unset it.")
    return _download(path, name, file)


def _checked(path: Path, name: str, file: str) -> bytes:
    try:
        return _content(path.read_bytes(), name, file)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: {error}; delete it and try again.") from None


def _content(packed: bytes, name: str, file: str) -> bytes:
    """Decompress a gzip file up to its known size; raises ValueError if size or SHA-256 differ."""
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(packed, SIZES[file] + 1)
    except zlib.error as error:
        raise ValueError(f"expected a gzip file, {error}") from None
    if len(content) > SIZES[file]:
        raise ValueError(f"expected {SIZES[file]} bytes when unpacked, got more")
    if not unpacker.eof:
        raise ValueError("expected a gzip file, it ends too early")
    found, expected = hashlib.sha256(content).hexdigest(), SUMS[name][file]
    if found != expected:
        raise ValueError(f"expected content of sha256 {expected[:12]}..., got {found[:12]}...")
    return content


def _download(path: Path, name: str, file: str) -> bytes:
    """Download from the first mirror with the correct content; the file is renamed to `path` after the check."""
    said = []
    for mirror in MIRRORS[name]:
        try:
            packed = fetch(f"{mirror}{path.name}", SIZES[file] + SIZES[file] // 100 + 1000)
            content = _content(packed, name, file)
        except (OSError, ValueError, HTTPException) as error:
            said.append(f"{mirror}: {type(error).__name__}")
            continue
        with renamed_when_complete(path) as (temporary,):
            temporary.write_bytes(packed)
        return content
    hint = TRY.format(name=name, file=file)
    raise InputError(f"{name}: no mirror gave {file}.gz ({'; '.join(said)}); {hint}")


def fetch(url: str, most: int) -> bytes:
    """Fetch `url`, at most `most` bytes within LONGEST seconds; raises OSError otherwise."""
    request = urllib.request.Request(url, headers={"User-Agent": "geoflow"})
    end, data = time.monotonic() + LONGEST, bytearray()
    with urllib.request.urlopen(request, timeout=SILENCE) as response:
        while block := response.read1(BLOCK):
            data += block
            if len(data) > most:
                raise OSError(f"{url} has more than {most} bytes")
            if time.monotonic() > end:
                raise TimeoutError(f"{url} took more than {LONGEST:g} seconds")
        if response.length:  # closed before the announced length
            raise ConnectionError(f"{url} ended {response.length} bytes too early")
    return bytes(data)


UNSIGNED_BYTE = 8


def read_idx(content: bytes, name: str) -> NDArray[np.uint8]:
    """Read an array of unsigned bytes from an IDX file.

    Format: two zero bytes, the type, the number of axes, their lengths, the data. Raises InputError for other content.
    """
    if len(content) < 4 or content[:3] != bytes([0, 0, UNSIGNED_BYTE]):
        raise InputError(
            f"{name}: expected an IDX file of unsigned bytes (00 00 08), got "
            f"{content[:4].hex(' ')}; fetch the file again."
        )
    axes = content[3]
    start = 4 + 4 * axes
    if len(content) < start:
        raise InputError(f"{name}: the header ends after {len(content)} bytes; fetch the file again.")
    shape = struct.unpack(f">{axes}I", content[4:start])
    if len(content) - start != int(np.prod(shape)):
        raise InputError(
            f"{name}: expected {int(np.prod(shape))} bytes for shape {shape}, got "
            f"{len(content) - start}; fetch the file again."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape)
