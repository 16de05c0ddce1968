"""Generation of the source of a compiled loop for one problem and one method.

The lines of a method are used for both layouts of `Writer`: states of few components are unrolled into scalars, longer
ones are arrays.
"""

from collections.abc import Callable
from typing import Any

from geoflow.ground.errors import InputError
from geoflow.integrators.compiler.newton import helpers as newton_source
from geoflow.integrators.compiler.translate import Translated, translate
from geoflow.integrators.compiler.writer import FINISHED, OVERFLOW, Writer
from geoflow.integrators.families import Method
from geoflow.problems import Problem

HEADER = '''"""A loop that geoflow has written: Python, and compiled by geoflow.integrators.compiler."""

from math import *

import numpy as np
from numpy import zeros_like


'''

BATCH = 32  # number of states per batch, stored component by component
SCALAR_LIMIT = 4  # largest number of components that are unrolled into registers


def loop_source(
    problem: Problem, method: Method, observe: bool, newton: bool = False, compensated: bool = False,
    tolerance: float = 0.0,
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """Generate the source of the loop whose `run` integrates the problem, and the constants to call it with.

    `run` takes the steps first..last; row 0 of `times`, `states`, `values` belongs to the last multiple of `every` up
    to `first` and is not changed. The errors of the invariants are relative to the values `start`.
    Raises TranslationError if a function of the problem cannot be compiled, InputError if the family of the method does
    not support compensated summation.
    """
    functions, scalar = translated_functions(problem, method, observe)
    w = Writer(problem, scalar, functions, newton, compensated=compensated, tolerance=tolerance)
    invariants = [name for name in functions if name.startswith("invariant_")]
    d, m = w.d, len(invariants)
    w.run(
        f"state: floats[{d}], t0: float, h: float, first: int, last: int, every: int, monitor: int, "
        f"carry: floats[{carry_size(problem, method, compensated)}], start: floats[{m}], times: floats[:], "
        f"states: floats[:, {d}], values: floats[:, {m}], drift: floats[{m}]"
    )
    if not w.scalar:
        w.vector("y")
    w.each("@y = state[#]")
    w.add("iterations = 0")
    method.prepare(w)
    if compensated:
        w.vector("E")
    carried = carried_vectors(method, compensated)
    for i, vector in enumerate(carried):
        w.each(f"@{vector} = carry[{i * w.d} + #]")
    method.begin(w)
    _steps(w, method, invariants)
    if compensated and not w.increments:
        raise InputError(f"method {method.name!r} does not sum increments, which `compensated` needs; leave it out.")
    w.each("state[#] = @y")
    for i, vector in enumerate(carried):
        w.each(f"carry[{i * w.d} + #] = @{vector}")
    w.add(f"return {FINISHED}, last, iterations")
    parts = [
        *([newton_source(method.stages * problem.dimension)] if newton else []),
        *(f.source for f in functions.values()),
    ]
    text = HEADER + "\n\n".join(parts) + "\n\n" + "\n".join(w.lines)
    return text + "\n", w.constants


def translated_functions(problem: Problem, method: Method, observe: bool) -> tuple[dict[str, Translated], bool]:
    """Translate the functions that a loop calls, by name; also returns whether its state is unrolled into scalars.

    Raises TranslationError if one of them cannot be translated.
    """
    wanted = method.functions(problem)
    if observe:
        wanted |= {f"invariant_{i}": I for i, I in enumerate(problem.invariants.values())}
    return {name: translate(f, name) for name, f in wanted.items()}, problem.dimension <= SCALAR_LIMIT


def _steps(w: Writer, method: Method, invariants: list[str]) -> None:
    """Write all steps in one loop; at most steps, the only overhead is the comparison of the step number with `stop`.

    Two nested loops would not be faster, and the compiler would round the first step of the inner loop differently, so
    that the states would depend on which of them are stored.
    """
    stop = f"stop = min(last, sample * every{', monitored * monitor' if invariants else ''})"
    w.add("row, sample, monitored = 1, first // every + 1, first // monitor + 1")
    w.add(stop)
    with w.block("for n in range(first, last):"):
        w.add("t = t0 + n * h")
        method.advance(w)
        with w.block("if n + 1 == stop:"):
            w.add("t = t0 + stop * h")
            _observe(w, invariants)
            w.add(stop)


def _observe(w: Writer, invariants: list[str]) -> None:
    """Write the running maximum of the errors of the invariants, NaN once one is NaN, and every `every`-th sample.

    `max` is not used, because the compiler returns x for the maximum of x and NaN.
    """
    for i, name in enumerate(invariants):
        w.add(f"value_{i} = {w.call(name, 't', 'y')}")
        w.add(f"error = abs(value_{i} - start[{i}])")
        w.add(f"if error > drift[{i}] or error != error:")
        w.add(f"    drift[{i}] = error")
    if invariants:
        w.add("if stop == monitored * monitor:")
        w.add("    monitored += 1")
    with w.block("if stop == sample * every or stop == last:"):
        w.add("size = 0.0")
        w.each("size += abs(@y)")
        w.add("if not size < 1e300:")
        w.add(f"    return {OVERFLOW}, stop, iterations")
    with w.block("if stop == sample * every:"):
        w.add("times[row] = t")
        w.each("states[row, #] = @y")
        for i in range(len(invariants)):
            w.add(f"values[row, {i}] = value_{i}")
        w.add("row += 1")
        w.add("sample += 1")


def carry_size(problem: Problem, method: Method, compensated: bool = False) -> int:
    """Number of values, besides the state, that are passed from one call of `run` to the next."""
    return len(carried_vectors(method, compensated)) * problem.dimension


def carried_vectors(method: Method, compensated: bool) -> list[str]:
    return [*method.carried, *(["E"] if compensated else [])]


def batch_source(problem: Problem, method: Method, compensated: bool = False) -> tuple[str, dict[str, Any]] | None:
    """Generate the source of the loop whose `run` integrates a batch of BATCH states, and its constants: each step is
    one inner loop over the batch, which is vectorised. Returns None if this is not useful: for long states, and for
    steps that iterate, with a different number of iterations per state.

    Raises TranslationError if a function of the problem cannot be compiled.
    """
    functions, scalar = translated_functions(problem, method, observe=False)
    if not scalar or method.can_fail:
        return None
    w = Writer(problem, scalar, functions, compensated=compensated)
    w.run(
        f"states: floats[:, :, {w.d}], final: floats[:, {w.d}], low: int, t0: float, h: float, steps: int, every: int"
    )
    vectors = ["y", *carried_vectors(method, compensated)]
    w.add(f"high, first = min(low + {BATCH}, final.shape[0]), 0")
    w.add(f"block = np.zeros({len(vectors) * w.d * BATCH})")
    with w.block("for member in range(high - low):"):
        w.each(f"block[# * {BATCH} + member] = final[low + member, #]")
    method.prepare(w)
    if compensated:
        w.vector("E")
    _each_member(w, vectors, method.begin)
    with w.block("for n in range(steps):"):
        w.add("t = t0 + n * h")
        _each_member(w, vectors, method.advance)
        with w.block("if (n + 1) % every == 0:"), w.block("for member in range(high - low):"):
            w.each(f"states[(n + 1) // every, low + member, #] = block[# * {BATCH} + member]")
    with w.block("for member in range(high - low):"):
        w.each(f"final[low + member, #] = block[# * {BATCH} + member]")
    if compensated and not w.increments:
        return None  # the loop for one state reports the reason
    text = HEADER + "\n\n".join(f.source for f in functions.values()) + "\n\n" + "\n".join(w.lines)
    return text + "\n", w.constants


def _each_member(w: Writer, vectors: list[str], write: Callable[[Writer], None]) -> None:
    """Write the lines of `write` for each state of the batch, which is read before and stored after them."""
    places = {vector: f"block[({i * w.d} + #) * {BATCH} + member]" for i, vector in enumerate(vectors)}
    with w.block(f"for member in range({BATCH}):"):
        for vector, place in places.items():
            w.each(f"@{vector} = {place}")
        write(w)
        for vector, place in places.items():
            w.each(f"{place} = @{vector}")
