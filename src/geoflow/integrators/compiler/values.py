"""Values of a compiled function: numbers in registers, arrays in memory, and elementwise values computed on reading."""

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Kinds of numbers, in LLVM's language; each is contained in the next."""

    TRUTH = "i1"
    WHOLE = "i64"
    FLOAT = "double"

    @staticmethod
    def common(*kinds: str) -> str:
        """Smallest kind that contains all of these."""
        return max(kinds, key=ORDER.index)


ORDER: list[str] = list(Kind)


class TranslationError(Exception):
    """The function uses something that the compiler does not support; the message says what."""


@dataclass(frozen=True)
class Number:
    """A number of one of the three kinds: a literal of LLVM, or the name of a register."""

    kind: str
    text: str

    @property
    def known(self) -> int | None:
        """Value of an integer that is known before the loop runs."""
        return int(self.text) if self.kind == Kind.WHOLE and self.text.lstrip("-").isdigit() else None

    @property
    def length(self) -> int:
        """Return `known`; raises TranslationError if it is None."""
        if self.known is None:
            raise TranslationError("the length of an array is not known before the loop runs")
        return self.known


class Shaped:
    """Base class of values with a shape, and with lengths if these are known."""

    shape: tuple[Number, ...]

    @property
    def lengths(self) -> tuple[int, ...]:
        return tuple(n.length for n in self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.lengths)


@dataclass(frozen=True)
class Array(Shaped):
    """Elements of one kind at `pointer`; strides count elements. Only a caller's array has lengths not yet known."""

    kind: str
    pointer: str
    shape: tuple[Number, ...]
    strides: tuple[Number, ...]

    @classmethod
    def contiguous(cls, kind: str, pointer: str, shape: tuple[Number, ...]) -> "Array":
        """Row-major array of known lengths at `pointer`."""
        strides = [whole(math.prod(n.length for n in shape[axis + 1 :])) for axis in range(len(shape))]
        return cls(kind, pointer, shape, tuple(strides))


@dataclass(frozen=True)
class Elementwise(Shaped):
    """An array given by its elements: `at` writes the instructions for one of them."""

    kind: str
    shape: tuple[Number, ...]
    at: Callable[[list[Number]], Number]


Value = Any  # Number | Array | Elementwise | a tuple of values


def whole(value: int) -> Number:
    return Number(Kind.WHOLE, str(value))


def real(value: float) -> Number:
    """LLVM literal with every bit of a float."""
    return Number(Kind.FLOAT, f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}")


Kinds = Any  # Kind.FLOAT, ...; ("array", kind, shape, strides); or a tuple of kinds


def kind_of(value: Value, fresh: bool = False) -> Kinds:
    """Kind of a value, on which a caller and a function must agree; a `fresh` array is row-major."""
    if isinstance(value, tuple):
        return tuple(kind_of(v, fresh) for v in value)
    if isinstance(value, Number):
        return value.kind
    if not isinstance(value, Array):
        raise TranslationError("a value is passed that the compiled loop does not know")
    return "array", value.kind, value.lengths, () if fresh else tuple(n.length for n in value.strides)


def leaves(tree: Any) -> list[Any]:
    """Numbers and arrays (or their kinds) in nested tuples."""
    if isinstance(tree, list) or (isinstance(tree, tuple) and tree[:1] != ("array",)):
        return [leaf for part in tree for leaf in leaves(part)]
    return [tree]


def like(kind: Kinds, values: Any) -> Value:
    """Build nested tuples of this kind from an iterator."""
    if isinstance(kind, tuple) and kind[:1] != ("array",):
        return tuple(like(k, values) for k in kind)
    return next(values)


def wider(a: Kinds, b: Kinds) -> Kinds:
    """The least kind that contains both."""
    if isinstance(a, str) and isinstance(b, str):
        return Kind.common(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b) and a[:1] != ("array",):
        return tuple(wider(x, y) for x, y in zip(a, b, strict=True))
    if a != b:
        raise TranslationError("the returns differ in their number of components")
    return a
