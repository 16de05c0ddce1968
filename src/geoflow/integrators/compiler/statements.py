"""Statements of a compiled function."""

import ast
import math
from collections.abc import Callable

from geoflow.integrators.compiler.names import Names, stem, stores
from geoflow.integrators.compiler.values import Array, Elementwise, Kind, Number, TranslationError, Value, real, whole


class Statements(Names):
    """Statements of one function. give: returns a value from the function; loops: labels for `continue`, `break`."""

    give: Callable[[Value, ast.expr | None], None]
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
                    source = target if isinstance(target, ast.Name) else source
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
                self.give(() if returned is None else self.expression(returned), returned)
            case _:
                raise TranslationError(f"`{ast.unparse(node)}` is not known to the compiled loop")

    def assign(self, target: ast.expr, value: Value, source: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            self.bind(target.id, value, source)
        elif isinstance(target, ast.Tuple | ast.List):
            self.unpack(target.elts, value, source)
        elif isinstance(target, ast.Subscript):
            self.set(target, value, source)
        else:
            raise TranslationError(f"`{ast.unparse(target)}` cannot be set in the compiled loop")

    def unpack(self, targets: list[ast.expr], value: Value, source: ast.expr | None) -> None:
        if isinstance(value, Array | Elementwise):
            value = self.stored(value)
            value = tuple(self.item(value, ast.Constant(k)) for k in range(value.lengths[0]))
        if not isinstance(value, tuple) or len(value) != len(targets):
            raise TranslationError(f"{len(targets)} names get another number of values")
        parts = source.elts if isinstance(source, ast.Tuple | ast.List) else [source] * len(value)
        copied = [
            self.apart(v) if any(self.bound[root] > 1 for root in self.roots(part, v)) else v
            for part, v in zip(parts, value, strict=True)
        ]
        for target, part, v in zip(targets, parts, copied, strict=True):
            self.assign(target, v, part)

    def set(self, target: ast.Subscript, value: Value, source: ast.expr | None) -> None:
        """Write array[index] = value."""
        array, index = self.expression(target.value), target.slice
        self.touch(target.value)
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        one = isinstance(array, Array) and len(parts) == len(array.shape)
        if one and not any(isinstance(p, ast.Slice) for p in parts):
            at = [self.wrapped(self.number(p), n) for p, n in zip(parts, array.shape, strict=True)]
            if not isinstance(value, Number) or Kind.common(array.kind, value.kind) != array.kind:
                raise TranslationError(f"`{ast.unparse(target)}` is a number of another kind")
            value, inside = self.converted(value, array.kind), self.inside(array, at, index)
            if inside is not None:  # as in `item`, NaN instead of memory of a different array
                value = self.select(inside, value, real(math.nan))
                at = [self.select(inside, k, whole(0)) for k in at]
            self.store(value, self.place(array, at))
        else:
            value = self.apart(value) if self.roots(source, value) and isinstance(stem(source), ast.Name) else value
            value = self.packed(value) if isinstance(value, tuple) else self.stored(value)
            self.fill(self.item(array, index), value)

    def branched(self, test: Number, yes: list[ast.stmt], no: list[ast.stmt]) -> None:
        first, second, after = (self.new_label() for _ in range(3))
        self.branch(test, first, second)
        before, behind = self.assigned, []
        for label, body in ((first, yes), (second, no)):
            self.assigned = set(before)
            self.label(label)
            self.statements(body)
            behind += [self.assigned] if self.reached else []
            self.jump(after)
        self.assigned = set.intersection(*behind) if behind else before
        self.label(after)

    def repeated(self, test: ast.expr, body: list[ast.stmt]) -> None:
        head, inside, after = (self.new_label() for _ in range(3))
        self.label(head)
        if isinstance(test, ast.Constant) and test.value is True:  # it ends only by break or return
            self.jump(inside)
        else:
            self.branch(self.truth(test), inside, after)
        self.label(inside)
        self._inside(body, head, after)
        self.jump(head)
        self.label(after)

    def _inside(self, body: list[ast.stmt], onward: str, after: str) -> None:
        """Write the body of a loop; names bound in it count as bound after it."""
        self.loops.append((onward, after))
        self.statements(body)
        self.loops.pop()
        self.assigned |= set(stores(*body))

    def walked(self, target: ast.expr, what: ast.expr, body: list[ast.stmt]) -> None:
        """Write `for target in what` for a range, an array, or several of them with `enumerate` and `zip`."""
        numbered, zipped, inside = False, False, what
        match what:
            case ast.Call(func=ast.Name(id="range"), args=bounds):
                ends = [self.converted(self.number(a), Kind.WHOLE) for a in bounds]
                start, stop = (whole(0), ends[0]) if len(ends) == 1 else (ends[0], ends[1])
                step = ends[2].length if len(ends) > 2 else 1
                if step == 0:
                    raise TranslationError("a range has steps of zero")
                self.loop(start, stop, step, lambda k, *labels: self._once(target, k, None, body, *labels))
                return
            case ast.Call(func=ast.Name(id="enumerate"), args=[inside], keywords=[]):
                numbered = True
        match inside:
            case ast.Call(func=ast.Name(id="zip"), args=parts, keywords=[]):
                zipped = True
            case _:
                parts = [inside]
        values = [self.stored(self.expression(part)) for part in parts]
        members = [self.packed(v) if isinstance(v, tuple) else v for v in values]
        if self.roots(ast.Tuple(parts), tuple(values)) & set(stores(*body)):
            raise TranslationError(f"`{ast.unparse(what)}` is changed by the loop over it")

        def take(k: Number, *labels: str) -> None:
            each: Value = tuple(self._member(m, k) for m in members)
            value, source = (each, ast.Tuple(parts)) if zipped else (each[0], inside)
            value, source = ((k, value), ast.Tuple([inside, source])) if numbered else (value, source)
            self._once(target, value, source, body, *labels)

        self.loop(whole(0), whole(min(m.lengths[0] for m in members)), 1, take)

    def _once(
        self, target: ast.expr, value: Value, source: ast.expr | None, body: list[ast.stmt], *labels: str
    ) -> None:
        self.assign(target, value, source)
        self._inside(body, *labels)

    def _member(self, array: Array, k: Number) -> Value:
        pointer = self.place(array, [k, *[whole(0)] * (len(array.shape) - 1)])
        if len(array.shape) == 1:
            return self.load(array.kind, pointer)
        return Array(array.kind, pointer, array.shape[1:], array.strides[1:])
