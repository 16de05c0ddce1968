"""Values of a compiled function: numbers in registers, arrays in memory, and arrays that are computed when read."""

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

FLOAT, WHOLE, TRUTH = "double", "i64", "i1"
KINDS = (TRUTH, WHOLE, FLOAT)  # each is contained in the next


class TranslationError(Exception):
    """The function uses something that the compiled loop does not offer; the message says what."""


@dataclass(frozen=True)
class Number:
    """A number of one of the three kinds: a literal of LLVM, or the name of a register."""

    kind: str
    text: str

    @property
    def known(self) -> int | None:
        """The value of an integer that is known before the loop runs."""
        return int(self.text) if self.kind == WHOLE and self.text.lstrip("-").isdigit() else None


@dataclass(frozen=True)
class Array:
    """Elements of one kind at `pointer`; strides count elements. Only a caller's array has lengths not yet known."""

    kind: str
    pointer: str
    shape: tuple[Number, ...]
    strides: tuple[Number, ...]


@dataclass(frozen=True)
class Elementwise:
    """An array that is a formula of its elements: `at` writes the instructions for one of them."""

    kind: str
    shape: tuple[Number, ...]
    at: Callable[[list[Number]], Number]


Value = Any  # Number | Array | Elementwise | a tuple of values


def whole(value: int) -> Number:
    return Number(WHOLE, str(value))


def real(value: float) -> Number:
    """A literal of LLVM with every bit of a float."""
    return Number(FLOAT, f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}")


def lengths(shape: tuple[Number, ...]) -> tuple[int, ...]:
    """The lengths of an array, each of which is known."""
    known = tuple(n.known for n in shape)
    if None in known:
        raise TranslationError("the length of an array is not known before the loop runs")
    return known  # type: ignore[return-value]


def contiguous(kind: str, pointer: str, shape: tuple[Number, ...]) -> Array:
    """The array of known lengths that lies row by row at `pointer`."""
    strides = [whole(math.prod(lengths(shape[axis + 1 :]))) for axis in range(len(shape))]
    return Array(kind, pointer, shape, tuple(strides))


def common(*kinds: str) -> str:
    """The least kind that contains all of these."""
    return max(kinds, key=KINDS.index)


Kind = Any  # FLOAT, ...; ("array", kind, shape, strides); or a tuple of kinds


def kind_of(value: Value, fresh: bool = False) -> Kind:
    """What a caller and a function must agree on; a `fresh` array lies row by row."""
    if isinstance(value, tuple):
        return tuple(kind_of(v, fresh) for v in value)
    if isinstance(value, Number):
        return value.kind
    if not isinstance(value, Array):
        raise TranslationError("a value is passed that the compiled loop does not know")
    return "array", value.kind, lengths(value.shape), () if fresh else lengths(value.strides)


def leaves(tree: Any) -> list[Any]:
    """The numbers and arrays (or their kinds) in nested tuples."""
    if isinstance(tree, list) or (isinstance(tree, tuple) and tree[:1] != ("array",)):
        return [leaf for part in tree for leaf in leaves(part)]
    return [tree]


def like(kind: Kind, values: Any) -> Value:
    """Nested tuples of this kind, filled from an iterator."""
    if isinstance(kind, tuple) and kind[:1] != ("array",):
        return tuple(like(k, values) for k in kind)
    return next(values)


def wider(a: Kind, b: Kind) -> Kind:
    """The least kind that contains both."""
    if isinstance(a, str) and isinstance(b, str):
        return common(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b) and a[:1] != ("array",):
        return tuple(wider(x, y) for x, y in zip(a, b, strict=True))
    if a != b:
        raise TranslationError("the returns differ in their number of components")
    return a
