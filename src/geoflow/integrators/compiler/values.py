"""Values of a compiled function: numbers in registers, arrays in memory, and arrays that are computed when read."""

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


def contiguous(kind: str, pointer: str, shape: tuple[Number, ...], strides: tuple[Number, ...] = ()) -> Array:
    """The array of known lengths that lies row by row at `pointer`."""
    if not strides:
        steps = [1]
        for n in reversed(lengths(shape)[1:]):
            steps.append(steps[-1] * n)
        strides = tuple(whole(n) for n in reversed(steps))[-len(shape) :]
    return Array(kind, pointer, shape, strides)


def common(*kinds: str) -> str:
    """The least kind that contains all of these."""
    return max(kinds, key=KINDS.index)
