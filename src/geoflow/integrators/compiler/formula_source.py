"""The compiled loop of a general one-step map: its own source, with keyword arguments as global functions and arrays.

Keyword-only arguments become names of the module (`field` is `given_field`), and helper functions are included. The map
is therefore written only once. Its loop is compiled again for different parameters of the problem, which are literals.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from geoflow.integrators.compiler.translate import Translated, translate
from geoflow.integrators.compiler.writer import FINISHED, Writer
from geoflow.integrators.families.coefficients import as_array
from geoflow.integrators.families.offered import MATRIX, Offer, keywords, offered
from geoflow.problems import Problem

if TYPE_CHECKING:
    from geoflow.integrators.families.formula import Formula
    from geoflow.integrators.families.method import Method


def definitions(method: "Formula", problem: Problem) -> str:
    """Source of `given_step` and of all functions that it calls; raises TranslationError if one is not available."""
    texts: dict[str, str] = {}
    for name in method.needs:
        texts[name] = _given(f"given_{name}", offered(method, problem, name), problem)
    for name, numbers in method.numbers.items():
        texts[name] = f"given_{name} = np.array({as_array(numbers, exact=False).tolist()!r})\n"
    if method.base is not None:
        texts["base"] = _base(method.base, problem)
    for name, function in {**method.inner, "step": method.step}.items():
        _emit(function, f"given_{name}", texts)
    return "\n\n".join(texts.values())


def _base(method: "Method", problem: Problem) -> str:
    """Source of `given_base`: a step of a method with coefficients, from the lines of its own loop."""
    functions = {name: translate(f, name) for name, f in method.functions(problem).items()}
    w = Writer(problem, False, functions)
    w.lines += ["def base_in_place(y, t, h):"]
    w.add("n, first, t0, iterations = 0, 0, t, 0")
    w.views("y")
    method.prepare(w)
    method.begin(w)
    method.advance(w)
    w.add(f"return {FINISHED}, n, iterations")
    w.lines += ["\n", "def given_base(t, y, h, eps):"]
    w.add("z = y.copy()")
    w.add("failed, _, iterations = base_in_place(z, t, h)")
    w.add(f"return z, -1 if failed else max(iterations, 1) * {method.stages}")
    return "\n\n".join([*map(_literals, functions.values()), "\n".join(w.lines) + "\n"])


class _AsGlobals(ast.NodeTransformer):
    """Add the prefix to the names of keyword-only arguments, and remove them from calls."""

    def __init__(self, given: list[str], helpers: dict[str, Callable[..., Any]]) -> None:
        self.given, self.helpers = given, helpers

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name(f"given_{node.id}", node.ctx) if node.id in self.given else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        if isinstance(node.func, ast.Name) and node.func.id in self.helpers:
            node.keywords = []
        return self.generic_visit(node)  # type: ignore[return-value]


def _emit(function: Callable[..., Any], name: str, texts: dict[str, str]) -> None:
    """Add the source of a function, after the functions of this package that it calls."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(tree, ast.FunctionDef)
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    helpers: dict[str, Callable[..., Any]] = {}
    for other in sorted(called & function.__globals__.keys()):
        helper = function.__globals__[other]
        if inspect.isfunction(helper) and helper.__module__.startswith("geoflow.integrators."):
            helpers[other] = helper
            if other not in texts:
                _emit(helper, other, texts)
    tree = _AsGlobals(keywords(function), helpers).visit(tree)
    tree.name, tree.returns, tree.args.kwonlyargs, tree.args.kw_defaults = name, None, [], []
    for argument in tree.args.args:
        argument.annotation = None
    texts[name] = f"{ast.unparse(ast.fix_missing_locations(tree))}\n"


def _given(name: str, offer: Offer, problem: Problem) -> str:
    """Source of a function (t, y) -> number, vector or matrix of the problem, or of a constant vector."""
    if offer.constant is not None:
        array = f"np.array({np.asarray(offer.constant).tolist()!r})"
        if offer.kind == MATRIX:
            return f"{name}_constant = {array}\n\n\ndef {name}(t, y):\n    return {name}_constant\n"
        return f"{name} = {array}\n"
    return _function(name, offer, problem)


def _literals(f: Translated) -> str:
    lines = [
        f"{key} = np.array({value.tolist()!r})" if isinstance(value, np.ndarray) else f"{key} = {value!r}"
        for key, value in f.constants.items()
    ]
    return "\n".join([*lines, f.source])


def _function(name: str, offer: Offer, problem: Problem) -> str:
    """Source of a function that concatenates the values of the problem's functions, or returns a matrix."""
    half, size = problem.dimension // 2, offer.size // len(offer.functions)
    views = {"y": "y", "q": f"y[:{half}]", "p": f"y[{half}:]"}
    shape = f"({offer.size}, {offer.size})" if offer.kind == MATRIX else f"{offer.size}"
    texts, lines = [], [f"    out = np.zeros({shape})"]
    for i, (function, sign) in enumerate(offer.functions):
        f, start, stop = translate(function, f"{name}_{i}"), i * size, (i + 1) * size
        texts.append(_literals(f))
        given = ["t", *(views[a] for a in f.arguments if a != "t"), *f.constants]
        lines.append(f"    out[{start}:{stop}] = {f.name}({', '.join(given)})")
        if sign < 0:
            lines.append(f"    out[{start}:{stop}] = -out[{start}:{stop}]")
    lines.append("    return out[0]" if offer.kind == "number" else "    return out")
    body = "\n".join(lines)
    return "\n\n".join([*texts, f"def {name}(t, y):\n{body}\n"])
