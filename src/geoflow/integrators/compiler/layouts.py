"""The two layouts of a compiled function: over scalars, a component each, or over arrays, its result in place."""

import ast
from typing import Any


class TranslationError(Exception):
    """The function uses something that the compiled loop does not offer; the message says what."""


def component(vector: str, k: int) -> str:
    return f"{vector}__{k}"


class Components(ast.NodeTransformer):
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


def returning_tuple(body: list[ast.stmt]) -> tuple[list[ast.stmt], int]:
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
        self.sizes: set[int | None] = set()  # of the returned values; None: the buffer, 0: a number

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
            self.sizes.add(None)
            return ast.Return(None)
        if isinstance(value, ast.Tuple | ast.List):
            self.sizes.add(len(value.elts))
            lines = [f"out[{k}] = {ast.unparse(self.visit(e))}" for k, e in enumerate(value.elts)]
            return [*ast.parse("\n".join(lines)).body, ast.Return(None)]
        self.sizes.add(0)
        return self.generic_visit(node)


def _is_zeros(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "zeros_like"


def in_place(body: list[ast.stmt]) -> tuple[list[ast.stmt], int]:
    """The body that writes to `out`, and 1; or the body unchanged, and 0, when it returns a number."""
    buffer = None
    for statement in body:
        if isinstance(statement, ast.Assign) and _is_zeros(statement.value):
            target = statement.targets[0]
            buffer = target.id if isinstance(target, ast.Name) else None
    filled = _Filled(buffer)
    module = filled.visit(ast.Module(body, []))
    if len(filled.sizes) != 1:
        raise TranslationError("the returns differ in their number of components")
    return module.body, int(filled.sizes != {0})
