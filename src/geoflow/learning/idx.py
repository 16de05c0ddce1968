"""The IDX format of MNIST: two zero bytes, a type, the number of axes, their lengths, the bytes."""

import struct

import numpy as np
from numpy.typing import NDArray

from geoflow.ground import InputError

UNSIGNED_BYTE = 8


def read_idx(content: bytes, name: str) -> NDArray[np.uint8]:
    """The array of unsigned bytes in an IDX file; raises InputError for any other content."""
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
