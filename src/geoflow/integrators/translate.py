"""From a problem's Python function to source that numba compiles well.

A function of few components becomes straight-line code over scalars; any other writes its result in place.
Both avoid the allocations that make a compiled loop slow. Free names become literals (integers), arguments
of the compiled loop (numbers, arrays) or functions of the mathematical library.
"""

import ast
import inspect
import math
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from geoflow.problems.problem import arguments

BUILTINS = {
    "range",
    "len",
    "abs",
    "min",
    "max",
    "float",
    "int",
    "round",
    "enumerate",
    "zip",
    "divmod",
}
LIBRARY = {name for name in dir(math) if not name.startswith("_")}
SCALAR_LIMIT = 4


class TranslationError(Exception):
    """The function uses something that the compiled loop does not offer; the message says what."""


@dataclass(frozen=True)
class Translated:
    """Source of a function `name`(t, components or arrays[, h], constants[, out]) and its constants by name."""

    name: str
    source: str
    arguments: tuple[str, ...]
    constants: dict[str, Any]
    components: int  # 0 for a number


def component(vector: str, k: int) -> str:
    return f"{vector}__{k}"


def translate(
    function: Callable[..., Any], name: str, sizes: dict[str, int], scalar: bool
) -> Translated:
    """Source of `function` over scalars (`scalar`) or in place; raises TranslationError when it cannot be had.

    `sizes` gives the number of components of y, q and p.
    """
    tree = _parsed(function)
    taken = arguments(function)
    free = _FreeNames(function)
    body = [free.visit(statement) for statement in _without_docstring(tree.body)]
    vectors = {v: sizes[v] for v in taken if v in sizes}
    constants = {f"{name}_{key}": value for key, value in free.constants.items()}
    body = [_Renamed({key: f"{name}_{key}" for key in free.constants}).visit(s) for s in body]
    if scalar:
        body = [_Components(vectors).visit(statement) for statement in body]
        parameters = ["t", *(component(v, k) for v, n in vectors.items() for k in range(n))]
        body, size = _returning_tuple(body)
    else:
        body, size = _in_place(body)
        parameters = ["t", *vectors]
    parameters += ["h"] if "h" in taken else []
    parameters += [*constants, *(["out"] if size and not scalar else [])]
    lines = "\n".join(ast.unparse(ast.fix_missing_locations(statement)) for statement in body)
    source = f"@njit(**OPTIONS)\ndef {name}({', '.join(parameters)}):\n{textwrap.indent(lines, '    ')}\n"
    return Translated(name, "".join(free.helpers) + source, taken, constants, size)


def _parsed(function: Callable[..., Any]) -> ast.FunctionDef:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, IndentationError) as error:
        raise TranslationError(f"the source of {function.__name__!r} cannot be read") from error
    if not isinstance(tree, ast.FunctionDef):
        raise TranslationError(f"{function.__name__!r} is not written with `def`")
    return tree


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return body[1:] if is_text else body


class _FreeNames(ast.NodeTransformer):
    """Resolves the names that are neither arguments nor locals of a function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.values = dict(inspect.getclosurevars(function).nonlocals)
        self.globals = function.__globals__
        code = function.__code__
        self.local = set(code.co_varnames) | set(code.co_cellvars)
        self.constants: dict[str, Any] = {}
        self.helpers: list[str] = []

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in self.local or not isinstance(node.ctx, ast.Load):
            return node
        if node.id in self.values or node.id in self.globals:
            value = self.values[node.id] if node.id in self.values else self.globals[node.id]
            return self._resolved(node.id, value)
        if node.id in BUILTINS:
            return node
        raise TranslationError(f"the name {node.id!r} has no value")

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """`np.sin` and `math.sin` are both the mathematical library's `sin`."""
        if isinstance(node.value, ast.Name) and node.value.id in self.globals:
            module = self.globals[node.value.id]
            if inspect.ismodule(module):
                value = getattr(module, node.attr)
                return self._resolved(node.attr, value)
        return self.generic_visit(node)  # type: ignore[return-value]

    def _resolved(self, name: str, value: Any) -> ast.expr:
        if isinstance(value, bool | int | np.integer):
            return ast.Constant(int(value))
        if isinstance(value, float | np.floating):
            self.constants[name] = float(value)
            return ast.Name(name, ast.Load())
        if isinstance(value, tuple | list | np.ndarray):
            array = np.ascontiguousarray(value, dtype=np.float64)
            self.constants[name] = array
            return ast.Name(name, ast.Load())
        if callable(value):
            called = getattr(value, "__name__", "")
            if called in LIBRARY or called == "zeros_like":
                return ast.Name(called, ast.Load())
            if inspect.isfunction(value):
                return self._helper(value)
        raise TranslationError(f"the name {name!r} is a {type(value).__name__}")

    def _helper(self, function: Callable[..., Any]) -> ast.expr:
        """A function called by the problem's function is compiled too; its numbers become literals."""
        inner = _FreeNames(function)
        tree = _parsed(function)
        tree.body = [inner.visit(statement) for statement in _without_docstring(tree.body)]
        if any(isinstance(value, np.ndarray) for value in inner.constants.values()):
            raise TranslationError(f"the helper {function.__name__!r} uses an array from outside")
        literals: dict[str, ast.expr] = {
            key: ast.Constant(value) for key, value in inner.constants.items()
        }
        tree.body = [_Replaced(literals).visit(statement) for statement in tree.body]
        tree.name, tree.decorator_list, tree.returns = f"helper_{function.__name__}", [], None
        for argument in tree.args.args:
            argument.annotation = None
        source = f"@njit(**OPTIONS)\n{ast.unparse(ast.fix_missing_locations(tree))}\n\n\n"
        self.helpers += [text for text in (*inner.helpers, source) if text not in self.helpers]
        return ast.Name(tree.name, ast.Load())


class _Replaced(ast.NodeTransformer):
    def __init__(self, replacements: dict[str, ast.expr]) -> None:
        self.replacements = replacements

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.replacements.get(node.id, node)


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


class _Components(ast.NodeTransformer):
    """q[0] becomes q__0, and a bare q the tuple of its components."""

    def __init__(self, vectors: dict[str, int]) -> None:
        self.vectors = vectors

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if not (isinstance(node.value, ast.Name) and node.value.id in self.vectors):
            return self.generic_visit(node)  # type: ignore[return-value]
        n = self.vectors[node.value.id]
        try:
            k = ast.literal_eval(node.slice)
        except ValueError:
            raise TranslationError("a component is chosen by a variable") from None
        if not isinstance(node.ctx, ast.Load) or not isinstance(k, int) or not -n <= k < n:
            raise TranslationError(f"{ast.unparse(node)} is not a component to read")
        return ast.Name(component(node.value.id, k % n), ast.Load())

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self.vectors:
            return node
        names = [component(node.id, k) for k in range(self.vectors[node.id])]
        return ast.Tuple([ast.Name(name, ast.Load()) for name in names], ast.Load())


def _returning_tuple(body: list[ast.stmt]) -> tuple[list[ast.stmt], int]:
    """The body and the number of returned components (0 for a number)."""
    sizes = set()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Return):
                value = node.value
                if isinstance(value, ast.List):
                    node.value = value = ast.Tuple(value.elts, ast.Load())
                sizes.add(len(value.elts) if isinstance(value, ast.Tuple) else 0)
            if isinstance(node, ast.Name) and node.id == "zeros_like":
                raise TranslationError("the result is an array")
    if len(sizes) != 1:
        raise TranslationError("the returns differ in their number of components")
    return body, sizes.pop()


class _Filled(ast.NodeTransformer):
    """`F = zeros_like(q)` ... `return F` becomes zeroing and filling `out`; other results are copied to it."""

    def __init__(self, buffer: str | None) -> None:
        self.buffer = buffer
        self.fills = False

    def visit_Assign(self, node: ast.Assign) -> Any:
        target = node.targets[0]
        if isinstance(target, ast.Name) and target.id == self.buffer and _is_zeros(node.value):
            return ast.parse("for k__ in range(out.size):\n    out[k__] = 0.0").body[0]
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name("out", node.ctx) if node.id == self.buffer else node

    def visit_Return(self, node: ast.Return) -> Any:
        value = node.value
        if isinstance(value, ast.Name) and value.id == self.buffer:
            self.fills = True
            return ast.Return(None)
        if isinstance(value, ast.Tuple | ast.List):
            self.fills = True
            lines = [f"out[{k}] = {ast.unparse(self.visit(e))}" for k, e in enumerate(value.elts)]
            return [*ast.parse("\n".join(lines)).body, ast.Return(None)]
        return self.generic_visit(node)


def _is_zeros(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "zeros_like"
    )


def _in_place(body: list[ast.stmt]) -> tuple[list[ast.stmt], int]:
    """The body that writes to `out`, and 1; or the body unchanged, and 0, when it returns a number."""
    buffer = None
    for statement in body:
        if isinstance(statement, ast.Assign) and _is_zeros(statement.value):
            target = statement.targets[0]
            buffer = target.id if isinstance(target, ast.Name) else None
    filled = _Filled(buffer)
    module = filled.visit(ast.Module(body, []))
    return module.body, int(filled.fills)
