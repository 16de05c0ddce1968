"""Cache of the loops of this process, so that a second call neither reads the problem's functions nor writes a source.

The key of a loop consists of everything on which its source and its constants depend: the method, and for each function
of the problem its code and the current values of the names that it reads from outside. A problem whose parameters,
arrays or functions have changed therefore gets a new loop.
"""

import inspect
from collections.abc import Callable, Hashable, Mapping
from functools import cache
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from geoflow.integrators.compiler.machine import Loop, load
from geoflow.integrators.compiler.translate import LIBRARY
from geoflow.problems import Problem

if TYPE_CHECKING:
    from geoflow.integrators.families.method import Method

Made = tuple[Loop, tuple[Any, ...]]  # a loop, and the constants to call it with
MEMORY: dict[Hashable, Made | None] = {}
LARGEST = 1000  # largest number of entries; then the oldest is removed


def prepared(
    write: Callable[..., tuple[str, dict[str, Any]] | None], problem: Problem, method: "Method", *options: Any,
    label: str = "",
) -> Made | None:  # fmt: skip
    """Return the loop with the source `write(problem, method, *options)`, and its constants; None if it returns
    None. Exceptions of `write` are passed on.
    """
    parts = (problem.field, problem.velocity, problem.force, problem.hamiltonian)
    named = (problem.invariants, problem.flows, problem.offers)
    key = (write, method, options, problem.dimension, *map(fingerprint, parts), *map(fingerprint, named))
    if key not in MEMORY:
        source = write(problem, method, *options)
        if len(MEMORY) >= LARGEST:
            del MEMORY[next(iter(MEMORY))]
        name = f"{problem.name or 'problem'}_{method.name or 'method'}{label}"
        MEMORY[key] = None if source is None else (load(source[0], name), tuple(source[1].values()))
    return MEMORY[key]


def fingerprint(value: Any, within: tuple[FunctionType, ...] = ()) -> Hashable:
    """Return a key that is equal for two values only if functions that read them are compiled to the same loop with the
    same constants.

    within: the functions whose values are being read. The key of a value that no loop can use equals no other key.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, FunctionType):
        return _of_function(value, within)
    if isinstance(value, float):
        return value.hex()
    if isinstance(value, bool | int | np.generic):
        return type(value), value.item() if isinstance(value, np.generic) else value
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, tuple | list):
        return type(value), *(fingerprint(x, within) for x in value)
    if isinstance(value, Mapping):
        return tuple((name, fingerprint(x, within)) for name, x in value.items())
    if inspect.isroutine(value) or isinstance(value, np.ufunc):
        return value.__name__
    return object()


def _of_function(function: FunctionType, within: tuple[FunctionType, ...]) -> Hashable:
    if function.__name__ in LIBRARY or function in within:
        return function.__name__, function.__code__  # the mathematical library's own, or a call of itself
    within = (*within, function)
    names, outside = _names(function.__code__), function.__globals__
    read = [outside[name] for name in names if name in outside]
    members = [getattr(m, name) for m in read if isinstance(m, ModuleType) for name in names if hasattr(m, name)]
    values = [x for x in (*read, *members) if not isinstance(x, ModuleType)]
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    return function.__code__, *(fingerprint(x, within) for x in (*cells, *values))


@cache
def _names(code: CodeType) -> tuple[str, ...]:
    """Names that code looks up outside its own variables, including those of nested functions."""
    inner = [name for part in code.co_consts if isinstance(part, CodeType) for name in _names(part)]
    return tuple(dict.fromkeys((*code.co_names, *inner)))
