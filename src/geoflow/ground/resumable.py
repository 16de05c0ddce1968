"""Resumable studies: each finished part is stored on disk until the whole study is complete."""

import io
import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
import pandas as pd

from geoflow.ground.remembered import ignore, recall, remember

T = TypeVar("T")
PLAIN = (type(None), bool, int, float, str)
TREE = "tree"


def compute_part(folder: Path | str | None, name: str, compute: Callable[..., T], /, *given: Any, **more: Any) -> T:
    """Return compute(*given, **more), or the bit-identical stored result of an earlier run of the same study.

    folder: the study's `checkpoints`, specific to its values and code, or None to store nothing. name:
    identifies the part; it must contain every value that differs between parts, to full precision. A
    damaged file is computed again. For checkpoints within one long run use `long_run`.
    """
    if folder is None:
        return compute(*given, **more)
    path = Path(folder) / f"{name}.part"
    found: T | None = recall_value(path)
    if found is not None:
        return found
    made = compute(*given, **more)
    remember(path, pack(made))
    return made


def recall_value(path: Path) -> Any:
    """What was packed and remembered; None when there is none, or after one sentence when it cannot be unpacked."""
    packed = recall(path)
    try:
        return None if packed is None else unpack(packed)
    except (BadZipFile, ValueError, LookupError, TypeError, AttributeError, ImportError) as error:
        ignore(path, f"was stored by another version ({type(error).__name__})")
        return None


def pack(value: Any) -> bytes:
    """Serialize plain values, lists, dicts, arrays, tensors, frames and geoflow dataclasses as .npz bytes."""
    arrays: dict[str, Any] = {}
    tree = json.dumps(_encode(value, arrays)).encode()
    arrays[TREE] = np.frombuffer(tree, np.uint8)
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    return packed.getvalue()


def unpack(packed: bytes) -> Any:
    """Inverse of `pack`; the result is bit-identical."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
        return _decode(json.loads(arrays[TREE].tobytes()), arrays)


def _encode(value: Any, arrays: dict[str, Any]) -> Any:
    """Convert `value` to a JSON tree of [kind, ...]; arrays go into `arrays`, and their names into the tree."""

    def stored(array: Any) -> str:
        name = f"array_{len(arrays)}"
        arrays[name] = array
        return name

    kind = type(value)
    if kind in PLAIN:
        return ["plain", value]
    if kind in (list, tuple):
        return [kind.__name__, [_encode(one, arrays) for one in value]]
    if kind is dict:
        pairs = [[_encode(k, arrays), _encode(v, arrays)] for k, v in value.items()]
        return ["dict", pairs]
    if isinstance(value, np.ndarray) and value.dtype != object:
        return ["array", stored(value)]
    if isinstance(value, np.generic):
        return ["number", stored(np.asarray(value))]
    if isinstance(value, pd.DataFrame):
        return ["frame", stored(np.frombuffer(value.to_parquet(), np.uint8))]
    if kind.__module__ == "torch":
        return ["tensor", stored(value.detach().cpu().numpy())]
    if is_dataclass(value) and kind.__module__.startswith("geoflow."):
        parts = {one.name: _encode(getattr(value, one.name), arrays) for one in fields(value)}
        return ["made", kind.__module__, kind.__qualname__, parts]
    raise TypeError(f"a part of a study cannot be stored as {kind.__module__}.{kind.__qualname__}")


def _decode(tree: Any, arrays: Any) -> Any:
    kind, *rest = tree
    if kind == "plain":
        return rest[0]
    if kind in ("list", "tuple"):
        items = [_decode(one, arrays) for one in rest[0]]
        return items if kind == "list" else tuple(items)
    if kind == "dict":
        return {_decode(k, arrays): _decode(v, arrays) for k, v in rest[0]}
    if kind == "made":
        module, name, parts = rest
        made = getattr(import_module(module), name)
        return made(**{key: _decode(one, arrays) for key, one in parts.items()})
    return _read_array(kind, arrays[rest[0]])


def _read_array(kind: str, array: Any) -> Any:
    if kind == "frame":
        return pd.read_parquet(io.BytesIO(array.tobytes()))
    if kind == "tensor":
        import torch

        return torch.from_numpy(array)
    return array[()] if kind == "number" else array
