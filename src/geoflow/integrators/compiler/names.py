"""Names of a compiled function, and what they are bound to.

Arrays that a name is bound to more than once are copied into memory of the name: an old value that another name still
holds stays as it is. Where that would differ from Python, because one of the two is changed in place, the function is
refused.
"""

import ast
from collections import Counter
from dataclasses import dataclass
from typing import Any

from geoflow.integrators.compiler.expressions import Expressions
from geoflow.integrators.compiler.values import Array, Elementwise, Kind, Number, TranslationError, Value, common


class WiderKind(Exception):
    """A name or a result takes numbers of a wider kind than its first: the function is written again."""


@dataclass(frozen=True)
class Slot:
    """Memory of a name that is a number."""

    kind: str
    pointer: str


class Names(Expressions):
    """The names of one function; `wider` are kinds of numbers that it turned out to need, `constants` its globals."""

    def __init__(
        self, declared: set[str], tree: ast.FunctionDef, constants: dict[str, Value], wider: dict[str, Kind]
    ) -> None:
        super().__init__(declared)
        self.tree, self.constants, self.wider = tree, constants, wider
        self.names: dict[str, Any] = {}
        stores = [n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        self.bound = Counter([*stores, *(a.arg for a in tree.args.args)])
        self.base: dict[str, str] = {}  # the name whose memory a name shares
        self.copies: list[tuple[str, str]] = []
        self.touched: set[str] = set()  # whose elements are set

    def read(self, name: str) -> Value:
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
        """name = value; `source` is the expression that the value comes from."""
        if isinstance(value, tuple):
            for k, part in enumerate(value):
                self.bound[f"{name}.{k}"] = 2
                self.bind(f"{name}.{k}", part, None)
            self.names[name] = [f"{name}.{k}" for k in range(len(value))]
        elif isinstance(value, Number) and value.known is not None and self.bound[name] == 1:
            self.names[name] = value
        elif isinstance(value, Number):
            self.keep(name, value)
        elif isinstance(value, Array | Elementwise):
            self._hold(name, value, source)
        else:
            raise TranslationError(f"the name {name!r} gets a value that the compiled loop does not know")

    def keep(self, name: str, number: Number) -> None:
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
        self.fill(held, self.stored(value))

    def touch(self, node: ast.expr) -> None:
        """Remembers whose elements are set."""
        while isinstance(node, ast.Subscript | ast.Attribute):
            node = node.value
        if isinstance(node, ast.Name):
            self.touched.add(self.origin(node.id))

    def changed(self) -> frozenset[str]:
        """The parameters whose elements are set; refuses the function if copies and one array would differ."""
        for a, b in self.copies:
            if {self.origin(a), self.origin(b)} & self.touched:
                raise TranslationError(f"{a!r} and {b!r} are one array, and one of them is changed in place")
        return frozenset(a.arg for a in self.tree.args.args if a.arg in self.touched)
