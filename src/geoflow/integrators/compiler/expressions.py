"""Expressions of a compiled function: names, arithmetic, comparisons, calls, elements and slices of arrays."""

import ast
import math
from collections.abc import Callable

from geoflow.integrators.compiler.arrays import Arrays
from geoflow.integrators.compiler.values import Array, Elementwise, Kind, Number, TranslationError, Value, real, whole

KINDS_OF_NUMPY = {"int64": Kind.WHOLE, "float64": Kind.FLOAT}


class Expressions(Arrays):
    """`read` gives the value of a name, `keep` binds a number to one; `call` calls a function of the same source."""

    read: Callable[[str], Value]
    keep: Callable[[str, Number], None]
    call: Callable[[str, ast.Call], Value | None]
    changes = 0  # number of calls that have set elements of their arguments

    def expression(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool(value)):
                return Number(Kind.TRUTH, str(value).lower())
            case ast.Constant(value=int(value)):
                return whole(value)
            case ast.Constant(value=float(value)):
                return real(value)
            case ast.Name(id=name):
                return self.read(name)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return tuple(self.stored(self.expression(part)) for part in parts)
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                return self.product(self.stored(self.expression(left)), self.stored(self.expression(right)))
            case ast.BinOp(left=left, op=sign, right=right):
                a, changes = self.expression(left), self.changes
                b = self.expression(right)
                if isinstance(a, Elementwise) and self.changes > changes:
                    raise TranslationError(f"`{ast.unparse(right)}` changes an array that its formula has read")
                return self.binary(type(sign), a, b)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self.put(Kind.TRUTH, f"xor i1 {self.truth(operand).text}, true")
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                value = self.expression(operand)
                return value if isinstance(value, Number) else self.elementwise(lambda x: x, value)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.negative(self.expression(operand))
            case ast.BoolOp() | ast.Compare():
                return self.truth(node, value=True)
            case ast.IfExp():
                return self.chosen(node)
            case ast.Subscript(value=base, slice=index):
                return self.item(self.expression(base), index)
            case ast.Attribute(value=base, attr=name):
                return self.attribute(base, name)
            case ast.Call(func=ast.Name(id=name)):
                found = self.call(name, node)
                return self.builtin(name, node) if found is None else found
            case ast.Call(func=ast.Attribute(value=base, attr=name)):
                return self.method(base, name, node)
        raise TranslationError(f"`{ast.unparse(node)}` is not known to the compiled loop")

    def number(self, node: ast.expr) -> Number:
        value = self.expression(node)
        if not isinstance(value, Number):
            raise TranslationError(f"`{ast.unparse(node)}` is no number")
        return value

    def negative(self, value: Value) -> Value:
        if not isinstance(value, Number):
            return self.elementwise(self.negative, value)
        if value.kind == Kind.FLOAT:
            return self.put(Kind.FLOAT, f"fneg contract double {value.text}")
        return self.binary(ast.Sub, whole(0), value)

    def truth(self, node: ast.expr, value: bool = False) -> Number:
        """Evaluate a condition; the second operand of `and`, `or` is computed only if needed.

        value: the result is used as a value, so that all operands must be conditions, because Python's `and` and `or`
        of numbers return one of the numbers.
        """
        if isinstance(node, ast.Compare):
            numbers = [self.number(part) for part in (node.left, *node.comparators)]
            tests = [self.compare(type(s), a, b) for s, a, b in zip(node.ops, numbers, numbers[1:], strict=False)]
            result = tests[0]
            for test in tests[1:]:
                result = self.put(Kind.TRUTH, f"and i1 {result.text}, {test.text}")
            return result
        if not isinstance(node, ast.BoolOp):
            held = self.number(node)
            if value and held.kind != Kind.TRUTH:
                raise TranslationError(f"`{ast.unparse(node)}` is no condition, and its value would be asked for")
            return self.converted(held, Kind.TRUTH)
        slot, after = self.reserve(Kind.TRUTH), self.new_label()
        for k, part in enumerate(node.values):
            held = self.truth(part, value)
            self.store(held, slot)
            if k + 1 < len(node.values):
                onward = self.new_label()
                self.branch(held, *((onward, after) if isinstance(node.op, ast.And) else (after, onward)))
                self.label(onward)
        self.label(after)
        return self.load(Kind.TRUTH, slot)

    def chosen(self, node: ast.IfExp) -> Value:
        """Evaluate `yes if test else no`; only one of them is computed and stored under its own name."""
        first, second, after = (self.new_label() for _ in range(3))
        self.branch(self.truth(node.test), first, second)
        name = f"{node.lineno}:{node.col_offset}"
        for label, part in ((first, node.body), (second, node.orelse)):
            self.label(label)
            self.keep(name, self.number(part))
            self.jump(after)
        self.label(after)
        return self.read(name)

    def item(self, base: Value, index: ast.expr) -> Value:
        """Evaluate base[index]: an element, a view of an array, or a member of a tuple."""
        if isinstance(base, tuple):
            k = self.number(index).known
            if k is not None:
                return base[k]
            base = self.packed(base)
        base = self.stored(base)
        parts = index.elts if isinstance(index, ast.Tuple) else [index]
        if not isinstance(base, Array) or len(parts) > len(base.shape):
            raise TranslationError(f"`[{ast.unparse(index)}]` is no place in a value of the compiled loop")
        begins: list[Number] = []
        shape, strides = [], []
        for part, n, stride in zip(parts, base.shape, base.strides, strict=False):
            if isinstance(part, ast.Slice):
                begin, length = self.section(part, n)
                shape.append(length)
                strides.append(stride)
                begins.append(begin)
            else:
                begins.append(self.wrapped(self.number(part), n))
        rest = len(base.shape) - len(parts)
        pointer = self.place(base, [*begins, *[whole(0)] * rest])
        if not shape and not rest:
            inside = self.inside(base, begins, index)
            if inside is not None:  # NaN stops a run where Python raises IndexError
                pointer = self.put("ptr", f"select i1 {inside.text}, ptr {pointer}, ptr @nan").text
            return self.load(base.kind, pointer)
        split = len(parts)
        return Array(base.kind, pointer, (*shape, *base.shape[split:]), (*strides, *base.strides[split:]))

    def section(self, part: ast.Slice, n: Number) -> tuple[Number, Number]:
        """Return first index and length of a slice with known ends."""
        ends = [None if e is None else self.number(e).length for e in (part.lower, part.upper)]
        if part.step is not None:
            raise TranslationError("a slice takes every element between its ends")
        begin, end, _ = slice(*ends).indices(n.length)
        return whole(begin), whole(max(end - begin, 0))

    def attribute(self, base: ast.expr, name: str) -> Value:
        if isinstance(base, ast.Name) and base.id == "np":
            if name in KINDS_OF_NUMPY:
                return KINDS_OF_NUMPY[name]
            if name in ("nan", "inf", "pi"):
                return real(getattr(math, name))
            raise TranslationError(f"`np.{name}` is not known to the compiled loop")
        value = self.expression(base)
        if name == "dtype":
            return value.kind
        if name == "shape":
            return value.shape
        if name == "size":
            return whole(value.size)
        if name == "T":
            value = self.stored(value)
            return Array(value.kind, value.pointer, value.shape[::-1], value.strides[::-1])
        raise TranslationError(f"`.{name}` is not known to the compiled loop")

    def values(self, node: ast.Call) -> list[Value]:
        if node.keywords:
            raise TranslationError(f"`{ast.unparse(node)}` passes an argument by name")
        return [self.expression(a) for a in node.args]

    def builtin(self, name: str, node: ast.Call) -> Value:
        values = self.values(node)
        if name in ("min", "max") and all(isinstance(v, Number) for v in values):
            return self.extreme(ast.Gt if name == "max" else ast.Lt, values)
        if name == "len":
            return whole(len(values[0])) if isinstance(values[0], tuple) else values[0].shape[0]
        if name == "zeros_like":
            like = self.packed(values[0]) if isinstance(values[0], tuple) else values[0]
            return self.zeros(like.kind, like.shape)
        if name == "divmod":
            kind = Kind.common(*(v.kind for v in values), Kind.WHOLE)
            return self.divided(*(self.converted(v, kind) for v in values))
        return self.mathematical(name, *values)

    def method(self, base: ast.expr, name: str, node: ast.Call) -> Value:
        """Call `np.name(...)` or a method of an array."""
        values = self.values(node)
        if isinstance(base, ast.Name) and base.id == "np":
            match name, values:
                case "zeros", [shape, *kind]:
                    shape = shape if isinstance(shape, tuple) else (shape,)
                    return self.zeros(kind[0] if kind else Kind.FLOAT, shape)
                case "array", [entries]:
                    return self.packed(entries)
                case "concatenate", [arrays]:
                    return self.joined(arrays)
            return self.mathematical(name, *values)
        value = self.expression(base)
        if name == "copy" and not values:
            return self.copied(value)
        if name in ("max", "min", "sum") and not values:
            return self.reduced(name, self.stored(value))
        raise TranslationError(f"`.{name}` is not known to the compiled loop")
