"""Statements of a compiled function."""

import ast
from collections.abc import Callable, Sequence

from geoflow.integrators.compiler.names import Names
from geoflow.integrators.compiler.values import (
    WHOLE,
    Array,
    Elementwise,
    Number,
    TranslationError,
    Value,
    common,
    lengths,
    whole,
)


class Statements(Names):
    """`give` returns a value from the function; `loops` are the labels of `continue` and `break`."""

    give: Callable[[Value], None]
    loops: list[tuple[str, str]]

    def statements(self, body: list[ast.stmt]) -> None:
        for node in body:
            if not self.reached:
                return
            try:
                self.statement(node)
            except (AttributeError, IndexError, TypeError, ValueError) as error:  # a value of an unforeseen kind
                raise TranslationError(f"`{ast.unparse(node)}` is not known to the compiled loop") from error

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Pass() | ast.Expr(value=ast.Constant()):
                pass
            case ast.Expr(value=value):
                self.expression(value)
            case ast.Assign(targets=targets, value=source):
                value = self.stored(self.expression(source)) if len(targets) > 1 else self.expression(source)
                for target in targets:
                    self.assign(target, value, source)
            case ast.AugAssign(target=target, op=sign, value=other):
                value = self.binary(type(sign), self.expression(target), self.expression(other))
                if isinstance(target, ast.Name) and isinstance(value, Elementwise):
                    self.fill(self.read(target.id), self.stored(value))
                    self.touched.add(self.origin(target.id))
                else:
                    self.assign(target, value, None)
            case ast.If(test=test, body=yes, orelse=no):
                self.branched(self.truth(test), yes, no)
            case ast.While(test=test, body=inside, orelse=[]):
                self.repeated(test, inside)
            case ast.For(target=target, iter=what, body=inside, orelse=[]):
                self.walked(target, what, inside)
            case ast.Break():
                self.jump(self.loops[-1][1])
            case ast.Continue():
                self.jump(self.loops[-1][0])
            case ast.Return(value=returned):
                self.give(() if returned is None else self.expression(returned))
            case _:
                raise TranslationError(f"`{ast.unparse(node)}` is not known to the compiled loop")

    def assign(self, target: ast.expr, value: Value, source: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, value, source)
        elif isinstance(target, ast.Tuple | ast.List):
            self.unpack(target.elts, value, source)
        elif isinstance(target, ast.Subscript):
            self.set(target, value)
        else:
            raise TranslationError(f"`{ast.unparse(target)}` cannot be set in the compiled loop")

    def unpack(self, targets: list[ast.expr], value: Value, source: ast.expr | None) -> None:
        if isinstance(value, Array | Elementwise):
            value = self.stored(value)
            value = tuple(self.item(value, ast.Constant(k)) for k in range(lengths(value.shape)[0]))
        if not isinstance(value, tuple) or len(value) != len(targets):
            raise TranslationError(f"{len(targets)} names get another number of values")
        parts: Sequence[ast.expr | None] = source.elts if isinstance(source, ast.Tuple) else [None] * len(value)
        copied = [
            self.copied(v) if isinstance(part, ast.Name) and isinstance(v, Array) and self.bound[part.id] > 1 else v
            for part, v in zip(parts, value, strict=True)
        ]
        for target, part, v in zip(targets, parts, copied, strict=True):
            self.assign(target, v, part)

    def set(self, target: ast.Subscript, value: Value) -> None:
        """array[index] = value."""
        self.touch(target.value)
        array, index = self.expression(target.value), target.slice
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        one = isinstance(array, Array) and len(parts) == len(array.shape)
        if one and not any(isinstance(p, ast.Slice) for p in parts):
            at = [self.wrapped(self.number(p), n) for p, n in zip(parts, array.shape, strict=True)]
            if not isinstance(value, Number) or common(array.kind, value.kind) != array.kind:
                raise TranslationError(f"`{ast.unparse(target)}` is a number of another kind")
            self.store(self.converted(value, array.kind), self.place(array, at))
        else:
            value = self.packed(value) if isinstance(value, tuple) else self.stored(value)
            self.fill(self.item(array, index), value)

    def branched(self, test: Number, yes: list[ast.stmt], no: list[ast.stmt]) -> None:
        first, second, after = (self.new_label() for _ in range(3))
        self.branch(test, first, second if no else after)
        for label, body in ((first, yes), (second, no)):
            if body:
                self.label(label)
                self.statements(body)
                self.jump(after)
        self.label(after)

    def repeated(self, test: ast.expr, body: list[ast.stmt]) -> None:
        head, inside, after = (self.new_label() for _ in range(3))
        self.label(head)
        self.branch(self.truth(test), inside, after)
        self.label(inside)
        self._inside(body, head, after)
        self.jump(head)
        self.label(after)

    def _inside(self, body: list[ast.stmt], onward: str, after: str) -> None:
        self.loops.append((onward, after))
        self.statements(body)
        self.loops.pop()

    def walked(self, target: ast.expr, what: ast.expr, body: list[ast.stmt]) -> None:
        """for target in what: a range, an array, or several of them by `enumerate` and `zip`."""
        if isinstance(what, ast.Call) and _is_call(what, "range"):
            ends = [self.converted(self.number(a), WHOLE) for a in what.args]
            start, stop = (whole(0), ends[0]) if len(ends) == 1 else (ends[0], ends[1])
            step = lengths(tuple(ends[2:]) or (whole(1),))[0]
            self.loop(start, stop, step, lambda k, *labels: self._once(target, k, body, *labels))
            return
        members, numbered = self._members(what)
        count = min(lengths(m.shape)[0] for m in members)

        def take(k: Number, *labels: str) -> None:
            values = tuple(self._member(m, k) for m in members)
            inner = values[0] if len(values) == 1 and not _is_call(what, "zip") else values
            self._once(target, (k, inner) if numbered else inner, body, *labels)

        self.loop(whole(0), whole(count), 1, take)

    def _once(self, target: ast.expr, value: Value, body: list[ast.stmt], *labels: str) -> None:
        self.assign(target, value, None)
        self._inside(body, *labels)

    def _members(self, what: ast.expr) -> tuple[list[Array], bool]:
        if isinstance(what, ast.Call) and _is_call(what, "enumerate"):
            return self._members(what.args[0])[0], True
        parts = what.args if isinstance(what, ast.Call) and _is_call(what, "zip") else [what]
        values = [self.stored(self.expression(part)) for part in parts]
        return [self.packed(v) if isinstance(v, tuple) else v for v in values], False

    def _member(self, array: Array, k: Number) -> Value:
        pointer = self.place(array, [k, *[whole(0)] * (len(array.shape) - 1)])
        if len(array.shape) == 1:
            return self.load(array.kind, pointer)
        return Array(array.kind, pointer, array.shape[1:], array.strides[1:])


def _is_call(what: ast.expr, name: str) -> bool:
    return isinstance(what, ast.Call) and isinstance(what.func, ast.Name) and what.func.id == name
