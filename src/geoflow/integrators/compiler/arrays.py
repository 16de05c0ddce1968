"""Arrays of a compiled function: memory, products, sums, and concatenation."""

import ast
import math
from typing import Any

from geoflow.integrators.compiler.arithmetic import Arithmetic
from geoflow.integrators.compiler.values import Array, Elementwise, Kind, Number, TranslationError, Value, real, whole


class Arrays(Arithmetic):
    """Arithmetic and array operations; `counters` are names bound only by loops over ranges, or all names of `run`."""

    counters: set[str]

    def empty(self, kind: str, shape: tuple[Number, ...]) -> Array:
        return Array.contiguous(kind, self.reserve(kind, math.prod(n.length for n in shape)), shape)

    def zeros(self, kind: str, shape: tuple[Number, ...]) -> Array:
        array = self.empty(kind, shape)
        self.fill(array, whole(0))
        return array

    def copied(self, value: Value) -> Array:
        array = self.empty(value.kind, value.shape)
        self.fill(array, value)
        return array

    def stored(self, value: Value) -> Value:
        """Return the value, copied to its own memory if it is elementwise."""
        return self.copied(value) if isinstance(value, Elementwise) else value

    def packed(self, values: Value) -> Array:
        """Build an array from nested tuples of numbers, or by concatenation of arrays."""
        kind = Kind.common(*(v.kind for v in _flat(values)), Kind.WHOLE)
        array = self.empty(kind, _shape(values))
        flat = Array.contiguous(kind, array.pointer, (whole(array.size),))
        for k, number in enumerate(_flat(values)):
            self.store(self.converted(number, kind), self.place(flat, [whole(k)]))
        return array

    def joined(self, arrays: tuple[Value, ...]) -> Array:
        """Concatenate vectors."""
        sizes = [a.lengths[0] for a in arrays]
        result = self.empty(Kind.common(*(a.kind for a in arrays)), (whole(sum(sizes)),))
        for k, a in enumerate(arrays):
            pointer = self.place(result, [whole(sum(sizes[:k]))])
            self.fill(Array(result.kind, pointer, a.shape, result.strides), a)
        return result

    def wrapped(self, index: Number, n: Number) -> Number:
        """Convert an index that can be negative to one from the front."""
        if index.kind == Kind.TRUTH or (
            index.known is not None and n.known is not None and not -n.known <= index.known < n.known
        ):
            raise TranslationError("an index is a truth value, or beyond the end of its array")
        if index.known is not None:
            return index if index.known >= 0 else self.binary(ast.Add, index, n)
        index = self.converted(index, Kind.WHOLE)
        return self.select(self.compare(ast.Lt, index, whole(0)), self.binary(ast.Add, index, n), index)

    def inside(self, array: Array, indices: list[Number], node: ast.expr) -> Number | None:
        """Check that indices are within an array of floats; None if they are known or bound only by loops."""
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
        found = None
        for index, n in zip(indices, array.shape, strict=True):
            if index.known is None and array.kind == Kind.FLOAT and not names <= self.counters:
                one = self.put(Kind.TRUTH, f"icmp ult i64 {index.text}, {n.text}")
                found = one if found is None else self.put(Kind.TRUTH, f"and i1 {found.text}, {one.text}")
        return found

    def reduced(self, name: str, array: Array) -> Number:
        """Sum, maximum or minimum of the elements; NaN if one of them is."""
        slot = self.reserve(array.kind)
        if name != "sum" and 0 in array.lengths:
            raise TranslationError(f"an empty array has no {name}")
        first = self.element(array, [whole(0)] * len(array.shape))
        self.store(self.converted(whole(0), array.kind) if name == "sum" else first, slot)

        def take(at: list[Number]) -> None:
            best, x = self.load(array.kind, slot), self.element(array, at)
            if name == "sum":
                self.store(self.binary(ast.Add, best, x), slot)
                return
            better = self.compare(ast.Gt if name == "max" else ast.Lt, x, best)
            undefined = self.compare(ast.NotEq, x, x)
            self.store(self.select(self.put(Kind.TRUTH, f"or i1 {better.text}, {undefined.text}"), x, best), slot)

        self.each(array.shape, take)
        return self.load(array.kind, slot)

    def product(self, a: Value, b: Value) -> Value:
        """Compute a @ b for vectors and matrices, with sums from the first term to the last."""
        rows, columns = a.shape[:-1], b.shape[1:]
        if a.shape[-1] != b.shape[0] or max(len(a.shape), len(b.shape)) > 2:
            raise TranslationError("arrays of different shapes meet in a product")

        def entry(at: list[Number]) -> Number:
            total = self.reserve(Kind.FLOAT)
            self.store(real(0.0), total)

            def add(k: list[Number]) -> None:
                left = self.element(a, [*at[: len(rows)], *k])
                right = self.element(b, [*k, *at[len(rows) :]])
                term = self.binary(ast.Mult, self.converted(left, Kind.FLOAT), right)
                self.store(self.binary(ast.Add, self.load(Kind.FLOAT, total), term), total)

            self.each(b.shape[:1], add)
            return self.load(Kind.FLOAT, total)

        shape = (*rows, *columns)
        return Elementwise(Kind.FLOAT, shape, entry) if shape else entry([])


def _shape(values: Any) -> tuple[Number, ...]:
    if not isinstance(values, tuple):
        return ()
    shapes = {_shape(v) for v in values}
    if len(shapes) != 1:
        raise TranslationError("the rows of an array differ in their lengths")
    return (whole(len(values)), *shapes.pop())


def _flat(values: Any) -> list[Number]:
    if isinstance(values, tuple):
        return [number for v in values for number in _flat(v)]
    if not isinstance(values, Number):
        raise TranslationError("an array of arrays is not known to the compiled loop")
    return [values]
