"""Statements of a compiled function, and the functions of one source that call each other.

Arrays that a name is bound to more than once are copied into memory of the name: an old value that another name still
holds stays as it is. Where that would differ from Python, because one of the two is changed in place, the function is
refused.
"""

import ast
import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from geoflow.integrators.compiler.expressions import Expressions
from geoflow.integrators.compiler.instructions import common
from geoflow.integrators.compiler.layouts import TranslationError
from geoflow.integrators.compiler.values import FLOAT, WHOLE, Array, Elementwise, Number, Value, contiguous, whole
from geoflow.integrators.compiler.values import lengths as known

Kind = Any  # of a value: FLOAT, ...; ("array", kind, shape, strides); or a tuple of kinds


class WiderKind(Exception):
    """A name or a result takes numbers of a wider kind than its first: the function is written again."""


@dataclass(frozen=True)
class Slot:
    """Memory of a name that is a number."""

    kind: str
    pointer: str


@dataclass(frozen=True)
class Callee:
    """A function of the source for arguments of some kinds; `changed` are the parameters whose elements it sets."""

    name: str
    result: Kind
    changed: frozenset[str]


@dataclass
class Source:
    """The functions and constants of one source, and what of them is written in LLVM's language."""

    trees: dict[str, ast.FunctionDef]
    constants: dict[str, Value]
    texts: list[str]
    declared: set[str] = field(default_factory=set)
    callees: dict[tuple[str, Kind], Callee] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> "Source":
        source = cls({}, {}, [])
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                source.trees[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = eval(ast.unparse(node.value), {"np": np, "inf": np.inf, "nan": np.nan})
                source.constants[node.targets[0].id] = source.constant(value)
        return source

    def constant(self, value: Any) -> Value:
        writer = Expressions(self.declared)
        if not isinstance(value, np.ndarray):
            return writer.expression(ast.Constant(value))
        pointer = f"@constant_{len(self.texts)}"
        numbers = [writer.expression(ast.Constant(float(x))).text for x in value.flat]
        size = f"[{value.size} x double]"
        self.texts.append(f"{pointer} = internal constant {size} [{', '.join(f'double {x}' for x in numbers)}]")
        return contiguous(FLOAT, pointer, tuple(whole(n) for n in value.shape))

    def callee(self, name: str, kinds: tuple[Kind, ...]) -> Callee:
        """The function for arguments of these kinds, written at its first use."""
        if (name, kinds) not in self.callees:
            label = f"{name}_{len(self.callees)}"
            body = written(self, name, kinds, None)
            self.texts.append(body.definition(label))
            self.callees[name, kinds] = Callee(label, body.result, body.changed())
        return self.callees[name, kinds]


def written(
    source: Source, name: str, kinds: tuple[Kind, ...], entry: "Callable[[Function], list[Value]] | None"
) -> "Function":
    """The function in LLVM's language; again, where a name turns out to hold numbers of a wider kind."""
    wider: dict[str, Kind] = {}
    while True:
        function = Function(source, source.trees[name], wider)
        try:
            function.write(function.parameters(kinds) if entry is None else entry(function))
        except WiderKind:
            continue
        return function


class Function(Expressions):
    """One function for arguments of some kinds."""

    def __init__(self, source: Source, tree: ast.FunctionDef, wider: dict[str, Kind]) -> None:
        super().__init__(source.declared)
        self.source, self.tree, self.wider = source, tree, wider
        self.names: dict[str, Any] = {}
        self.given: list[str] = []  # parameters in LLVM's language
        self.result: Kind = wider.get("return")
        self.results: list[str] = []  # memory of the numbers that it returns
        self.exit, self.loops = self.new_label(), list[tuple[str, str]]()
        stores = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        self.bound = Counter([*stores, *(a.arg for a in tree.args.args)])
        self.base: dict[str, str] = {}  # the name whose memory a name shares
        self.copies: list[tuple[str, str]] = []
        self.touched: set[str] = set()

    def parameters(self, kinds: tuple[Kind, ...]) -> list[Value]:
        return [self._incoming(kind) for kind in kinds]

    def _incoming(self, kind: Kind) -> Value:
        if isinstance(kind, str):
            register = f"%a{len(self.given)}"
            self.given.append(f"{kind} {register}")
            return Number(kind, register)
        if kind[:1] != ("array",):
            return tuple(self._incoming(k) for k in kind)
        register = f"%a{len(self.given)}"
        self.given.append(f"ptr {register}")
        return Array(kind[1], register, *(tuple(map(whole, numbers)) for numbers in kind[2:]))

    def write(self, values: list[Value]) -> None:
        for argument, value in zip(self.tree.args.args, values, strict=True):
            if self.bound[argument.arg] > 1:
                self.bind(argument.arg, value, None)
            else:
                self.names[argument.arg] = value
        self.statements(self.tree.body)
        self.result = () if self.result is None else self.result
        self.label(self.exit)
        for a, b in self.copies:
            if {self.origin(a), self.origin(b)} & self.touched:
                raise TranslationError(f"{a!r} and {b!r} are one array, and one of them is changed in place")

    def definition(self, name: str) -> str:
        """The whole function; arrays are returned in memory that the caller provides."""
        numbers = [k for k in _leaves(self.result) if isinstance(k, str)]
        kind = f"{{{', '.join(numbers)}}}" if numbers else "void"
        for pointer in self.freed:
            self.do(f"call void @free(ptr {pointer})")
        held = "undef"
        for k, (slot, number) in enumerate(zip(self.results, numbers, strict=True)):
            value = self.load(number, slot).text
            held = self.put("", f"insertvalue {kind} {held}, {number} {value}, {k}").text
        self.do("ret void" if not numbers else f"ret {kind} {held}")
        arrays = [f"ptr %r{k}" for k, leaf in enumerate(_leaves(self.result)) if not isinstance(leaf, str)]
        head = f"define internal {kind} @{name}({', '.join([*self.given, *arrays])}) {{"
        return "\n".join([head, "entry:", *self.entry, *self.lines, "}"])

    def changed(self) -> frozenset[str]:
        return frozenset(a.arg for a in self.tree.args.args if a.arg in self.touched)

    # Names

    def read(self, name: str) -> Value:
        value = self.names.get(name, self.source.constants.get(name))
        if isinstance(value, Slot):
            return self.load(value.kind, value.pointer)
        if isinstance(value, list):
            return tuple(self.read(part) for part in value)
        if value is None:
            raise TranslationError(f"the name {name!r} has no value")
        return value

    def origin(self, name: str) -> str:
        while name in self.base:
            name = self.base[name]
        return name

    def bind(self, name: str, value: Value, source: ast.expr | None) -> None:
        """name = value; `source` is the expression that the value comes from."""
        if isinstance(value, tuple):
            for k, part in enumerate(value):
                self.bound[f"{name}.{k}"] = 2
                self.bind(f"{name}.{k}", part, None)
            self.names[name] = [f"{name}.{k}" for k in range(len(value))]
        elif isinstance(value, Number) and value.known is not None and self.bound[name] == 1:
            self.names[name] = value
        elif isinstance(value, Number):
            self._keep(name, value)
        elif isinstance(value, Array | Elementwise):
            self._hold(name, value, source)
        else:
            raise TranslationError(f"the name {name!r} gets a value that the compiled loop does not know")

    def _keep(self, name: str, number: Number) -> None:
        if not isinstance(self.names.get(name), Slot):
            kind = common(number.kind, self.wider.get(name, number.kind))
            self.names[name] = Slot(kind, self.reserve(kind))
        slot = self.names[name]
        if common(slot.kind, number.kind) != slot.kind:
            self.wider[name] = number.kind
            raise WiderKind
        self.store(self.converted(number, slot.kind), slot.pointer)

    def _hold(self, name: str, value: Array | Elementwise, source: ast.expr | None) -> None:
        shared = source
        while isinstance(shared, ast.Subscript | ast.Attribute):
            shared = shared.value
        root = shared.id if isinstance(shared, ast.Name) and isinstance(value, Array) else None
        if self.bound[name] == 1 and (root is None or self.bound[root] <= 1):
            self.names[name] = self.stored(value)
            if root is not None:
                self.base[name] = root
            return
        if root is not None:
            self.copies.append((name, root))
        held = self.names.get(name)
        if not isinstance(held, Array):
            self.names[name] = held = self.empty(value.kind, value.shape)
        if (held.kind, held.shape) != (value.kind, value.shape):
            raise TranslationError(f"the array {name!r} changes its shape")
        self.fill(held, value)

    # Statements

    def statements(self, body: list[ast.stmt]) -> None:
        for node in body:
            if self.reached:
                self.statement(node)

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
                    self.fill(self.names[target.id], value)
                    self.touched.add(self.origin(target.id))
                else:
                    self.assign(target, value, None)
            case ast.If(test=test, body=yes, orelse=no):
                self.branched(self.truth(test), yes, no)
            case ast.While(test=test, body=inside):
                self.repeated(test, inside)
            case ast.For(target=target, iter=what, body=inside):
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
            value = tuple(self.item(value, ast.Constant(k)) for k in range(known(value.shape)[0]))
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
        if (
            isinstance(array, Array)
            and len(parts) == len(array.shape)
            and not any(isinstance(p, ast.Slice) for p in parts)
        ):
            at = [self.wrapped(self.number(p), n) for p, n in zip(parts, array.shape, strict=True)]
            if not isinstance(value, Number) or common(array.kind, value.kind) != array.kind:
                raise TranslationError(f"`{ast.unparse(target)}` is a number of another kind")
            self.store(self.converted(value, array.kind), self.place(array, at))
        else:
            self.fill(self.item(array, index), self.stored(value))

    def touch(self, node: ast.expr) -> None:
        """Remembers whose elements are set."""
        while isinstance(node, ast.Subscript | ast.Attribute):
            node = node.value
        if isinstance(node, ast.Name):
            self.touched.add(self.origin(node.id))

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
        if isinstance(what, ast.Call) and isinstance(what.func, ast.Name) and what.func.id == "range":
            ends = [self.converted(self.number(a), WHOLE) for a in what.args]
            start, stop = (whole(0), ends[0]) if len(ends) == 1 else (ends[0], ends[1])
            self._counted(
                start, stop, ends[2] if len(ends) > 2 else whole(1), lambda k: self.assign(target, k, None), body
            )
            return
        members, numbered = self._members(what)
        count = min(known(m.shape)[0] for m in members)

        def take(k: Number) -> None:
            values = tuple(self._member(m, k) for m in members)
            inner = values[0] if len(values) == 1 and not _is_zip(what) else values
            self.assign(target, (k, inner) if numbered else inner, None)

        self._counted(whole(0), whole(count), whole(1), take, body)

    def _members(self, what: ast.expr) -> tuple[list[Array], bool]:
        if isinstance(what, ast.Call) and isinstance(what.func, ast.Name) and what.func.id == "enumerate":
            return self._members(what.args[0])[0], True
        parts = what.args if isinstance(what, ast.Call) and _is_zip(what) else [what]
        values = [self.stored(self.expression(part)) for part in parts]
        return [self.packed(v) if isinstance(v, tuple) else v for v in values], False

    def _member(self, array: Array, k: Number) -> Value:
        pointer = self.place(array, [k, *[whole(0)] * (len(array.shape) - 1)])
        if len(array.shape) == 1:
            return self.load(array.kind, pointer)
        return Array(array.kind, pointer, array.shape[1:], array.strides[1:])

    def _counted(
        self, start: Number, stop: Number, step: Number, take: Callable[[Number], None], body: list[ast.stmt]
    ) -> None:
        if not step.known:
            raise TranslationError("the step of a range is not known before the loop runs")
        counter, head, inside, onward, after = self.reserve(WHOLE), *(self.new_label() for _ in range(4))
        self.store(start, counter)
        self.label(head)
        k = self.load(WHOLE, counter)
        self.branch(self.compare(ast.Lt if step.known > 0 else ast.Gt, k, stop), inside, after)
        self.label(inside)
        take(k)
        self._inside(body, onward, after)
        self.label(onward)
        self.store(self.put(WHOLE, f"add nsw i64 {self.load(WHOLE, counter).text}, {step.text}"), counter)
        self.jump(head)
        self.label(after)

    # Calls and results

    def call(self, name: str, node: ast.Call) -> Value | None:
        """A call of a function of the same source."""
        if name not in self.source.trees:
            return None
        tree = self.source.trees[name]
        names = [a.arg for a in tree.args.args]
        given = dict(zip(names, node.args, strict=False)) | {str(k.arg): k.value for k in node.keywords}
        defaults = dict(zip(reversed(names), reversed(tree.args.defaults), strict=False))
        if len(node.args) > len(names) or not set(names) <= given.keys() | defaults.keys():
            raise TranslationError(f"`{ast.unparse(node)}` has too few or too many arguments")
        values = [self.stored(self.expression(given.get(n, defaults.get(n)))) for n in names]  # type: ignore[arg-type]
        callee = self.source.callee(name, tuple(_kind(v) for v in values))
        for n in callee.changed & given.keys():
            self.touch(given[n])
        passed = [f"{v.kind} {v.text}" if isinstance(v, Number) else f"ptr {v.pointer}" for v in _leaves(values)]
        return self._called(callee, passed)

    def _called(self, callee: Callee, passed: list[str]) -> Value:
        made: list[Any] = [
            k if isinstance(k, str) else self.empty(k[1], tuple(map(whole, k[2]))) for k in _leaves(callee.result)
        ]
        passed += [f"ptr {a.pointer}" for a in made if isinstance(a, Array)]
        numbers = [k for k in made if isinstance(k, str)]
        if not numbers:
            self.do(f"call void @{callee.name}({', '.join(passed)})")
        else:
            kind = f"{{{', '.join(numbers)}}}"
            held, place = self.put("", f"call {kind} @{callee.name}({', '.join(passed)})").text, itertools.count()
            made = [
                self.put(k, f"extractvalue {kind} {held}, {next(place)}") if isinstance(k, str) else k for k in made
            ]
        return _like(callee.result, iter(made))

    def give(self, value: Value) -> None:
        """return value."""
        value = tuple(self.stored(v) for v in value) if isinstance(value, tuple) else self.stored(value)
        kind = _kind(value, fresh=True)
        if self.result is None:
            self.result = kind
        wider = _wider(self.result, kind)
        if wider != self.result:
            self.wider["return"] = wider
            raise WiderKind
        if not self.results:
            self.results = [self.reserve(k) for k in _leaves(self.result) if isinstance(k, str)]
        slots = iter(self.results)
        for k, (leaf, held) in enumerate(zip(_leaves(value), _leaves(self.result), strict=True)):
            if isinstance(leaf, Number):
                self.store(self.converted(leaf, held), next(slots))
            else:
                self.fill(contiguous(leaf.kind, f"%r{k}", leaf.shape), leaf)
        self.jump(self.exit)


def _is_zip(what: ast.expr) -> bool:
    return isinstance(what, ast.Call) and isinstance(what.func, ast.Name) and what.func.id == "zip"


def _kind(value: Value, fresh: bool = False) -> Kind:
    """What a caller and a function must agree on; a `fresh` array lies row by row."""
    if isinstance(value, tuple):
        return tuple(_kind(v, fresh) for v in value)
    if isinstance(value, Number):
        return value.kind
    if not isinstance(value, Array):
        raise TranslationError("a value is passed that the compiled loop does not know")
    return "array", value.kind, known(value.shape), () if fresh else known(value.strides)


def _leaves(tree: Any) -> list[Any]:
    """The numbers and arrays (or their kinds) in nested tuples."""
    if isinstance(tree, list) or (isinstance(tree, tuple) and tree[:1] != ("array",)):
        return [leaf for part in tree for leaf in _leaves(part)]
    return [tree]


def _like(kind: Kind, leaves: Any) -> Value:
    if isinstance(kind, tuple) and kind[:1] != ("array",):
        return tuple(_like(k, leaves) for k in kind)
    return next(leaves)


def _wider(a: Kind, b: Kind) -> Kind:
    if isinstance(a, str) and isinstance(b, str):
        return common(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b) and a[:1] != ("array",):
        return tuple(_wider(x, y) for x, y in zip(a, b, strict=True))
    if a != b:
        raise TranslationError("the returns differ in their kinds")
    return a
