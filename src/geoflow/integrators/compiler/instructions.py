"""LLVM instructions of one function: registers, memory, jumps and loops."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from geoflow.integrators.compiler.values import Array, Elementwise, Kind, Number, TranslationError, Value, whole

LARGEST_ON_STACK = 2048  # elements; more come from the heap
SHORT = 16  # turns of a loop that LLVM should not vectorise: what remains of each vector costs more than it saves
UNROLLED = 8  # elements of a formula; LLVM keeps short arrays with known indices in registers


class Instructions:
    """Lines of a function; memory is allocated at its entry, so that a loop does not allocate again."""

    def __init__(self) -> None:
        self.entry: list[str] = []
        self.lines: list[str] = []
        self.freed: list[str] = []
        self.count = 0
        self.reached = True  # False after a jump, until the next reachable label
        self.targets: set[str] = set()

    def fresh(self) -> str:
        self.count += 1
        return f"%v{self.count}"

    def put(self, kind: str, instruction: str) -> Number:
        register = self.fresh()
        self.do(f"{register} = {instruction}")
        return Number(kind, register)

    def do(self, instruction: str) -> None:
        assert self.reached
        self.lines.append(f"  {instruction}")

    @contextmanager
    def forgotten(self) -> Iterator[None]:
        """Context whose lines are discarded."""
        kept, self.lines = self.lines, []
        yield
        self.lines = kept

    def new_label(self) -> str:
        return self.fresh()[1:]

    def label(self, name: str) -> None:
        self.jump(name)
        if name in self.targets:
            self.lines.append(f"{name}:")
            self.reached = True

    def jump(self, label: str, hint: str = "") -> None:
        if self.reached:
            self.do(f"br label %{label}{hint}")
            self.targets.add(label)
            self.reached = False

    def branch(self, truth: Number, yes: str, no: str) -> None:
        self.do(f"br i1 {truth.text}, label %{yes}, label %{no}")
        self.targets |= {yes, no}
        self.reached = False

    def reserve(self, kind: str, elements: int | None = None) -> str:
        """Allocate memory for one number, or for an array that is freed at the end of the function."""
        pointer = self.fresh()
        if elements is None or elements <= LARGEST_ON_STACK:
            size = kind if elements is None else f"[{max(elements, 1)} x {kind}]"
            self.entry.append(f"  {pointer} = alloca {size}, align 8")
        else:
            self.entry.append(f"  {pointer} = call ptr @malloc(i64 {8 * elements})")
            self.freed.append(pointer)
        return pointer

    def load(self, kind: str, pointer: str) -> Number:
        return self.put(kind, f"load {kind}, ptr {pointer}, align {1 if kind == 'i1' else 8}")

    def store(self, number: Number, pointer: str) -> None:
        align = 1 if number.kind == "i1" else 8
        self.do(f"store {number.kind} {number.text}, ptr {pointer}, align {align}")

    def converted(self, number: Number, kind: str) -> Number:
        """Convert the number to a wider kind, or an integer to a truth value."""
        if number.kind == kind:
            return number
        if kind == Kind.WHOLE and number.kind == Kind.FLOAT:
            raise TranslationError("a float stands where an integer must")
        if number.known is not None and kind == Kind.FLOAT:
            return Number(Kind.FLOAT, f"{number.known}.0")
        if kind == "i1":
            zero, compare = ("0.0", "fcmp une") if number.kind == Kind.FLOAT else ("0", "icmp ne")
            return self.put(kind, f"{compare} {number.kind} {number.text}, {zero}")
        how = "zext" if kind == Kind.WHOLE else "uitofp" if number.kind == "i1" else "sitofp"
        return self.put(kind, f"{how} {number.kind} {number.text} to {kind}")

    def loop(self, start: Number, stop: Number, step: int, body: Callable[[Number, str, str], None]) -> None:
        """Write `body` for each index from start to stop (exclusive), with the labels for `continue` and `break`."""
        counter, head, inside, onward, after = self.reserve(Kind.WHOLE), *(self.new_label() for _ in range(4))
        self.store(start, counter)
        self.label(head)
        index = self.load(Kind.WHOLE, counter)
        compare = "slt" if step > 0 else "sgt"
        self.branch(self.put("i1", f"icmp {compare} i64 {index.text}, {stop.text}"), inside, after)
        self.label(inside)
        body(index, onward, after)
        self.label(onward)
        if self.reached:
            self.store(self.put(Kind.WHOLE, f"add nsw i64 {index.text}, {step}"), counter)
        short = step > 0 and stop.known is not None and stop.known <= SHORT
        self.jump(head, ", !llvm.loop !1" if short else "")
        self.label(after)

    def each(self, shape: tuple[Number, ...], body: Callable[[list[Number]], None]) -> None:
        """Write `body` for every index of an array, unrolled for short ones."""

        def descend(indices: list[Number]) -> None:
            if len(indices) == len(shape):
                body(indices)
            elif short:
                for k in range(shape[len(indices)].length):
                    descend([*indices, whole(k)])
            else:
                self.loop(whole(0), shape[len(indices)], 1, lambda k, *_: descend([*indices, k]))

        short = math.prod(n.length for n in shape) <= UNROLLED
        descend([])

    def place(self, array: Array, indices: list[Number]) -> str:
        """Pointer to one element."""
        offset = "0"
        for index, stride in zip(indices, array.strides, strict=True):
            if index.known is not None and stride.known is not None:
                term = str(index.known * stride.known)
            elif stride.known == 1:
                term = index.text
            else:
                term = self.put(Kind.WHOLE, f"mul nsw i64 {index.text}, {stride.text}").text
            if "0" in (offset, term):
                offset = term if offset == "0" else offset
            else:
                offset = self.put(Kind.WHOLE, f"add nsw i64 {offset}, {term}").text
        return self.put("ptr", f"getelementptr inbounds {array.kind}, ptr {array.pointer}, i64 {offset}").text

    def element(self, value: Value, indices: list[Number]) -> Number:
        """Element of an array or of an elementwise value; a number is its own element."""
        if isinstance(value, Array):
            return self.load(value.kind, self.place(value, indices))
        return value.at(indices) if isinstance(value, Elementwise) else value

    def fill(self, target: Array, value: Value) -> None:
        """Write target[...] = value, which must not read different elements of target."""
        if not isinstance(value, Number) and value.lengths != target.lengths:
            raise TranslationError("an array takes another number of components")

        def write(indices: list[Number]) -> None:
            number = self.converted(self.element(value, indices), target.kind)
            self.store(number, self.place(target, indices))

        self.each(target.shape, write)
