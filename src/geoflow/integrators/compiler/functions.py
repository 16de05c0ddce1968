"""Translation of the functions of one source to LLVM IR, each for given kinds of arguments."""

import ast
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from geoflow.integrators.compiler.names import WiderKind
from geoflow.integrators.compiler.statements import Statements
from geoflow.integrators.compiler.values import (
    Array,
    Kind,
    Kinds,
    Number,
    TranslationError,
    Value,
    kind_of,
    leaves,
    like,
    real,
    whole,
    wider,
)


@dataclass(frozen=True)
class Callee:
    """A function of the source for given kinds of arguments. changed: parameters whose elements it sets; returned:
    parameters whose arrays it returns."""

    name: str
    result: Kinds
    changed: frozenset[str]
    returned: set[str]


@dataclass
class Source:
    """Functions and constants of one source, and the LLVM IR written so far."""

    trees: dict[str, ast.FunctionDef]
    constants: dict[str, Value]
    texts: list[str]
    declared: set[str] = field(default_factory=set)
    callees: dict[tuple[str, Kinds], Callee] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)  # functions whose translation has started

    @classmethod
    def of(cls, text: str) -> "Source":
        source = cls({}, {}, [])
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                same = ast.dump(source.trees.get(node.name, node)) == ast.dump(node)
                if node.name.startswith("helper_") and not same:  # two functions of the user's
                    raise TranslationError(f"two functions are called {node.name!r}")
                source.trees[node.name] = node
            elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = eval(ast.unparse(node.value), {"np": np, "inf": np.inf, "nan": np.nan})
                source.constants[node.targets[0].id] = source.constant(value)
        return source

    def constant(self, value: Any) -> Value:
        if not isinstance(value, np.ndarray):
            return whole(value) if isinstance(value, int) else real(value)
        pointer, numbers = f"@constant_{len(self.texts)}", ", ".join(f"double {real(x).text}" for x in value.flat)
        self.texts.append(f"{pointer} = internal constant [{value.size} x double] [{numbers}]")
        return Array.contiguous(Kind.FLOAT, pointer, tuple(whole(n) for n in value.shape))

    def callee(self, name: str, kinds: tuple[Kinds, ...]) -> Callee:
        """Return the function for arguments of these kinds, which is written at its first use."""
        if name in self.begun:
            raise TranslationError(f"the function {name!r} calls itself")
        if (name, kinds) not in self.callees:
            self.begun.append(name)
            label = f"{name}_{len(self.callees)}"
            body = written(self, name, kinds, None)
            self.begun.remove(name)
            self.texts.append(body.definition(label))
            self.callees[name, kinds] = Callee(label, body.result, body.changed(), body.shared(body.returned))
        return self.callees[name, kinds]


def written(
    source: Source, name: str, kinds: tuple[Kinds, ...], entry: "Callable[[Function], list[Value]] | None"
) -> "Function":
    """Translate a function to LLVM IR; repeated if a name turns out to hold numbers of a wider kind."""
    needed: dict[str, Kinds] = {}
    while True:
        function = Function(source, source.trees[name], needed)
        try:
            function.write([function.incoming(k) for k in kinds] if entry is None else entry(function))
        except WiderKind:
            continue
        return function


class Function(Statements):
    """One function for given kinds of arguments."""

    def __init__(self, source: Source, tree: ast.FunctionDef, needed: dict[str, Kinds]) -> None:
        super().__init__(source.declared, tree, source.constants, needed)
        self.source = source
        self.given: list[str] = []  # parameters in LLVM's language
        self.result: Kinds = needed.get("return")
        self.results: list[str] = []  # memory of the numbers that it returns
        self.returned: set[str] = set()  # names whose arrays it returns
        self.exit, self.loops = self.new_label(), []

    def incoming(self, kind: Kinds) -> Value:
        if isinstance(kind, str):
            register = f"%a{len(self.given)}"
            self.given.append(f"{kind} {register}")
            return Number(kind, register)
        if kind[:1] != ("array",):
            return tuple(self.incoming(k) for k in kind)
        register = f"%a{len(self.given)}"
        self.given.append(f"ptr {register}")
        return Array(kind[1], register, *(tuple(map(whole, numbers)) for numbers in kind[2:]))

    def write(self, values: list[Value]) -> None:
        for argument, value in zip(self.tree.args.args, values, strict=True):
            if self.bound[argument.arg] > 1:
                self.bind(argument.arg, value, None)
                self.copies.append((argument.arg, argument.arg))
            else:
                self.names[argument.arg] = value
        self.statements(self.tree.body)
        if self.reached and self.result:
            raise TranslationError(f"{self.tree.name!r} can end without a return")
        self.result = () if self.result is None else self.result
        self.label(self.exit)
        if not self.reached:
            raise TranslationError(f"{self.tree.name!r} never ends")
        self.changed()

    def definition(self, name: str) -> str:
        """Return the whole function; arrays are returned in memory provided by the caller."""
        numbers = [k for k in leaves(self.result) if isinstance(k, str)]
        kind = f"{{{', '.join(numbers)}}}" if numbers else "void"
        for pointer in self.freed:
            self.do(f"call void @free(ptr {pointer})")
        held = "undef"
        for k, (slot, number) in enumerate(zip(self.results, numbers, strict=True)):
            value = self.load(number, slot).text
            held = self.put("", f"insertvalue {kind} {held}, {number} {value}, {k}").text
        self.do("ret void" if not numbers else f"ret {kind} {held}")
        arrays = [f"ptr %r{k}" for k, leaf in enumerate(leaves(self.result)) if not isinstance(leaf, str)]
        head = f"define internal {kind} @{name}({', '.join([*self.given, *arrays])}) {{"
        return "\n".join([head, "entry:", *self.entry, *self.lines, "}"])

    def call(self, name: str, node: ast.Call) -> Value | None:
        """Call a function of the same source."""
        if name not in self.source.trees:
            return None
        tree = self.source.trees[name]
        names = [a.arg for a in tree.args.args]
        given = dict(zip(names, node.args, strict=False)) | {str(k.arg): k.value for k in node.keywords}
        defaults = dict(zip(reversed(names), reversed(tree.args.defaults), strict=False))
        if len(node.args) > len(names) or not given.keys() <= set(names) <= given.keys() | defaults.keys():
            raise TranslationError(f"`{ast.unparse(node)}` has too few or too many arguments")
        if any(isinstance(n, ast.Name) for d in defaults.values() for n in ast.walk(d)):
            raise TranslationError(f"a default of {name!r} is no literal")
        values = [self.stored(self.expression(given.get(n, defaults.get(n)))) for n in names]  # type: ignore[arg-type]
        callee = self.source.callee(name, tuple(kind_of(v) for v in values))
        self.changes += len(callee.changed)
        for n in callee.changed & given.keys():
            self.touch(given[n])
        roots = [
            self.roots(given[n], v) for n, v in zip(names, values, strict=True) if n in callee.returned & given.keys()
        ]
        self.handed_back[node] = set().union(*roots)
        passed = [f"{v.kind} {v.text}" if isinstance(v, Number) else f"ptr {v.pointer}" for v in leaves(values)]
        return self._called(callee, passed)

    def _called(self, callee: Callee, passed: list[str]) -> Value:
        made: list[Any] = [
            k if isinstance(k, str) else self.empty(k[1], tuple(map(whole, k[2]))) for k in leaves(callee.result)
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
        return like(callee.result, iter(made))

    def give(self, value: Value, source: ast.expr | None) -> None:
        """Write `return value`."""
        self.returned |= self.roots(source, value)
        value = tuple(self.stored(v) for v in value) if isinstance(value, tuple) else self.stored(value)
        kind = kind_of(value, fresh=True)
        if self.result is None:
            self.result = kind
        needed = wider(self.result, kind)
        if needed != self.result:
            self.wider["return"] = needed
            raise WiderKind
        if not self.results:
            self.results = [self.reserve(k) for k in leaves(self.result) if isinstance(k, str)]
        slots = iter(self.results)
        for k, (leaf, held) in enumerate(zip(leaves(value), leaves(self.result), strict=True)):
            if isinstance(leaf, Number):
                self.store(self.converted(leaf, held), next(slots))
            else:
                self.fill(Array.contiguous(leaf.kind, f"%r{k}", leaf.shape), leaf)
        self.jump(self.exit)
