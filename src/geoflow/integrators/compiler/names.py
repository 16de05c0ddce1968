"""Names of a compiled function and their values.

If a name is bound to arrays more than once, they are copied to memory of the name, so that an old value held by a
different name does not change. If this would differ from Python, because one of the two is changed in place, the
function is rejected.
"""

import ast
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from geoflow.integrators.compiler.expressions import Expressions
from geoflow.integrators.compiler.values import (
    Array,
    Elementwise,
    Kind,
    Kinds,
    Number,
    TranslationError,
    Value,
    leaves,
    real,
)


class WiderKind(Exception):
    """A name or a result needs a wider kind of number than its first value; the function is translated again."""


@dataclass(frozen=True)
class Slot:
    """Memory of a name whose value is a number."""

    kind: str
    pointer: str


class Names(Expressions):
    """Names of one function. wider: kinds of numbers that it was found to need; constants: its globals."""

    def __init__(
        self, declared: set[str], tree: ast.FunctionDef, constants: dict[str, Value], wider: dict[str, Kinds]
    ) -> None:
        super().__init__(declared)
        self.tree, self.constants, self.wider = tree, constants, wider
        self.names: dict[str, Any] = {}
        parameters = [a.arg for a in tree.args.args]
        self.bound = Counter([*stores(tree), *parameters])
        self.assigned = set(parameters)  # on every path to the current position
        self.base: dict[str, str] = {}  # the name whose memory a name shares
        loops = (n for n in ast.walk(tree) if isinstance(n, ast.For) and ast.unparse(n.iter).startswith("range("))
        counted = Counter(name for loop in loops for name in stores(loop.target))
        self.counters = {name for name in self.bound if tree.name == "run" or counted[name] == self.bound[name]}
        self.copies: list[tuple[str, str]] = []
        self.touched: set[str] = set()  # names whose elements are set
        self.handed_back: dict[Any, set[str]] = {}  # call -> names whose arrays it returns

    def read(self, name: str) -> Value:
        if name in self.bound and name not in self.assigned:
            raise TranslationError(f"the name {name!r} may have no value where it is read")
        value = self.names.get(name, self.constants.get(name))
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
        """Bind name = value; `source` is the expression of the value."""
        held, self.bound[name] = self.names.get(name), self.bound[name] or 2
        self.assigned.add(name)
        if held is not None and _form(held) != _form(value):
            raise TranslationError(f"the name {name!r} changes between a number, an array and a tuple")
        if isinstance(value, tuple):
            parts = source.elts if isinstance(source, ast.Tuple | ast.List) else [source] * len(value)
            for k, (part, node) in enumerate(zip(value if held is None else self.apart(value), parts, strict=True)):
                self.bind(f"{name}.{k}", part, node)
            self.names[name] = [f"{name}.{k}" for k in range(len(value))]
        elif isinstance(value, Number) and value.known is not None and self.bound[name] == 1:
            self.names[name] = value
        elif isinstance(value, Number):
            self.keep(name, value)
        elif isinstance(value, Array | Elementwise):
            self._hold(name, value, source)
        else:
            raise TranslationError(f"the name {name!r} gets a value that the compiled loop does not know")

    def apart(self, value: Value) -> Value:
        """Return the value with copies of its arrays."""
        if isinstance(value, tuple):
            return tuple(self.apart(v) for v in value)
        return self.copied(value) if isinstance(value, Array) else value

    def keep(self, name: str, number: Number) -> None:
        if not isinstance(self.names.get(name), Slot):
            kind = Kind.common(number.kind, self.wider.get(name, number.kind))
            self.names[name] = Slot(kind, self.reserve(kind))
            if kind == Kind.FLOAT:  # NaN if read before it is bound, after a loop without iterations
                self.entry.append(f"  store double {real(math.nan).text}, ptr {self.names[name].pointer}")
        slot = self.names[name]
        if Kind.common(slot.kind, number.kind) != slot.kind:
            self.wider[name] = number.kind
            raise WiderKind
        self.store(self.converted(number, slot.kind), slot.pointer)

    def roots(self, node: ast.expr | None, value: Value) -> set[str]:
        """Names whose arrays would, in Python, be contained in the value of `node`."""
        if isinstance(node, ast.Tuple | ast.List) and isinstance(value, tuple):
            return {root for n, v in zip(node.elts, value, strict=True) for root in self.roots(n, v)}
        if not any(isinstance(v, Array) for v in leaves(value)):
            return set()
        whole = stem(node)
        return {whole.id} if isinstance(whole, ast.Name) else self.handed_back.get(whole, set())

    def _hold(self, name: str, value: Array | Elementwise, source: ast.expr | None) -> None:
        roots = self.roots(source, value)
        if self.bound[name] == 1 and all(self.bound[root] <= 1 for root in roots):
            self.names[name] = self.stored(value)
            if isinstance(stem(source), ast.Name):  # the same memory
                self.base |= zip([name], roots, strict=False)
                return
        else:
            held = self.names.get(name) or self.empty(value.kind, value.shape)
            if (held.kind, held.shape) != (value.kind, value.shape):
                raise TranslationError(f"the array {name!r} changes its shape")
            self.names[name] = held
            self.fill(held, self.stored(value))
        self.copies += [(name.partition(".")[0], root) for root in roots]

    def touch(self, node: ast.expr) -> None:
        """Record the name whose elements are set."""
        if isinstance(node, ast.Tuple | ast.List):
            for part in node.elts:
                self.touch(part)
        elif isinstance(root := stem(node), ast.Name):
            self.touched.add(self.origin(root.id))
        elif self.handed_back.get(root):
            raise TranslationError(f"`{ast.unparse(node)}` is changed in place without a name of its own")

    def shared(self, names: Iterable[str]) -> set[str]:
        """Origins of the names, and of all names with which they share arrays in Python."""
        found, todo = set(), [self.origin(name) for name in names]
        while todo:
            found.add(name := todo.pop())
            todo += {self.origin(b) for a, b in self.copies if self.origin(a) == name} - found
        return found

    def changed(self) -> frozenset[str]:
        """Parameters whose elements are set; raises TranslationError if copies would differ from a shared array."""
        for a, b in self.copies:
            if {self.origin(a), self.origin(b)} & self.touched:
                raise TranslationError(f"{a!r} and {b!r} are one array, and one of them is changed in place")
        if constant := self.touched & self.constants.keys():
            raise TranslationError(f"the constant {min(constant)!r} is changed in place")
        return frozenset(a.arg for a in self.tree.args.args if a.arg in self.touched)


def stores(*trees: ast.AST) -> list[str]:
    """Names that statements bind, with repetitions."""
    nodes = (node for tree in trees for node in ast.walk(tree))
    return [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]


def stem(node: ast.AST | None) -> ast.AST | None:
    """Expression of which `node` is a part, such as a subscript."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    return node


def _form(value: Any) -> object:
    """Type of the value of a name: number, array, or tuple of a given length."""
    if isinstance(value, tuple | list):
        return len(value)
    return "array" if isinstance(value, Array | Elementwise) else "number"
