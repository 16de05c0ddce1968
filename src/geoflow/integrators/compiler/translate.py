"""Translation of a problem's Python function to a function in the source of a loop.

Free names become literals (integers), arguments of the compiled loop (numbers, arrays), functions of the
mathematical library or functions of the source.
"""

import ast
import inspect
import math
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from types import BuiltinFunctionType
from typing import Any

import numpy as np

from geoflow.integrators.compiler.values import TranslationError
from geoflow.problems.problem import arguments

BUILTINS = {"range", "len", "abs", "min", "max", "float", "int", "round", "enumerate", "zip", "divmod"}
LIBRARY = {name for name in dir(math) if not name.startswith("_")}


@dataclass(frozen=True)
class Translated:
    """Source of a function `name`(t, vectors[, h], constants) and its constants by name."""

    name: str
    source: str
    arguments: tuple[str, ...]
    constants: dict[str, Any]


def translate(function: Callable[..., Any], name: str) -> Translated:
    """Return the source of `function`; raises TranslationError if it is not available."""
    tree = _parsed(function)
    taken = arguments(function)
    free = _FreeNames(function)
    body = [free.visit(statement) for statement in _without_docstring(tree.body)]
    renamed = _Replaced({key: ast.Name(f"{name}_{key}", ast.Load()) for key in free.constants})
    constants = {f"{name}_{key}": value for key, value in free.constants.items()}
    parameters = ["t", *(a for a in taken if a not in ("t", "h")), *(["h"] if "h" in taken else []), *constants]
    lines = "\n".join(ast.unparse(ast.fix_missing_locations(renamed.visit(statement))) for statement in body)
    source = f"def {name}({', '.join(parameters)}):\n{textwrap.indent(lines, '    ')}\n"
    return Translated(name, "".join(free.helpers) + source, taken, constants)


def _parsed(function: Callable[..., Any]) -> ast.FunctionDef:
    name = getattr(function, "__name__", repr(function))
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    except (OSError, TypeError, SyntaxError, IndentationError) as error:
        raise TranslationError(f"the source of {name!r} cannot be read") from error
    if not isinstance(tree, ast.FunctionDef):
        raise TranslationError(f"{name!r} is not written with `def`")
    if tree.decorator_list or hasattr(function, "__wrapped__"):
        raise TranslationError(f"{name!r} has a decorator")
    return tree


def _without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    first = body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    return body[1:] if is_text else body


class _FreeNames(ast.NodeTransformer):
    """Resolve the names that are neither arguments nor local variables of a function."""

    def __init__(self, function: Callable[..., Any], callers: tuple[Callable[..., Any], ...] = ()) -> None:
        if function in callers:
            raise TranslationError(f"the function {function.__name__!r} calls itself")
        self.callers = (*callers, function)
        self.values = dict(inspect.getclosurevars(function).nonlocals)
        self.globals = function.__globals__
        code = function.__code__
        self.local = set(code.co_varnames) | set(code.co_cellvars)
        self.constants: dict[str, Any] = {}
        self.helpers: list[str] = []
        self.passed: dict[str, list[str]] = {}  # helper -> the arrays from outside that it takes as last arguments

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
        """Map both `np.sin` and `math.sin` to `sin` of the mathematical library."""
        if isinstance(node.value, ast.Name) and node.value.id in self.globals:
            module = self.globals[node.value.id]
            if inspect.ismodule(module):
                value = getattr(module, node.attr)
                return self._resolved(node.attr, value)
        return self.generic_visit(node)  # type: ignore[return-value]

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Pass a helper the arrays that it uses."""
        call = self.generic_visit(node)
        assert isinstance(call, ast.Call)
        if isinstance(call.func, ast.Name):
            call.args += [ast.Name(name, ast.Load()) for name in self.passed.get(call.func.id, ())]
        return call

    def _resolved(self, name: str, value: Any) -> ast.expr:
        if isinstance(value, bool | int | np.integer):
            return ast.Constant(int(value))
        if isinstance(value, float | np.floating):
            self.constants[name] = float(value)
            return ast.Name(name, ast.Load())
        if isinstance(value, tuple | list | np.ndarray):
            exact = np.array(value, dtype=object)
            if not all(isinstance(x, int | float | np.integer | np.floating) and float(x) == x for x in exact.flat):
                raise TranslationError(f"the name {name!r} holds other things than floats")
            self.constants[name] = np.array(value, dtype=np.float64, order="C")
            return ast.Name(name, ast.Load())
        if callable(value):
            called = getattr(value, "__name__", "")
            own = getattr(value, "__module__", "") == "geoflow.problems.elementary" or value is np.zeros_like
            known = own or isinstance(value, np.ufunc | BuiltinFunctionType)
            if known and (called in LIBRARY or called == "zeros_like"):
                return ast.Name(called, ast.Load())
            if inspect.isfunction(value):
                return self._helper(value)
        raise TranslationError(f"the name {name!r} is a {type(value).__name__}")

    def _helper(self, function: Callable[..., Any]) -> ast.expr:
        """Include a function that the problem's function calls; its numbers become literals, its arrays arguments."""
        tree, inner = _parsed(function), _FreeNames(function, self.callers)
        tree.body = [inner.visit(statement) for statement in _without_docstring(tree.body)]
        arrays = {key: value for key, value in inner.constants.items() if isinstance(value, np.ndarray)}
        numbers: dict[str, ast.expr] = {
            key: ast.Constant(inner.constants[key]) for key in inner.constants.keys() - arrays
        }
        tree.body = [_Replaced(numbers).visit(statement) for statement in tree.body]
        # Two functions of one name can differ in the numbers that they enclose.
        told_apart = (
            f"_{sha256(ast.unparse(ast.Module(tree.body, [])).encode()).hexdigest()[:6]}"
            if function.__closure__
            else ""
        )
        tree.name, tree.decorator_list, tree.returns = f"helper_{function.__name__}{told_apart}", [], None
        for argument in tree.args.args:
            argument.annotation = None
        passed = {f"{tree.name}_{key}": value for key, value in arrays.items()}
        if any(not np.array_equal(value, self.constants.get(name, value)) for name, value in passed.items()):
            raise TranslationError(f"two functions are called {function.__name__!r}")
        self.constants |= passed
        self.passed[tree.name] = list(passed)
        new: dict[str, ast.expr] = {key: ast.Name(f"{tree.name}_{key}", ast.Load()) for key in arrays}
        tree.body = [_Replaced(new).visit(statement) for statement in tree.body]
        tree.args.args += [ast.arg(name) for name in passed]
        source = f"{ast.unparse(ast.fix_missing_locations(tree))}\n\n\n"
        self.helpers += [text for text in (*inner.helpers, source) if text not in self.helpers]
        return ast.Name(tree.name, ast.Load())


class _Replaced(ast.NodeTransformer):
    def __init__(self, replacements: dict[str, ast.expr]) -> None:
        self.replacements = replacements

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.replacements.get(node.id, node)
