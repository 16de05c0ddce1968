"""The source of a compiled loop over many initial states at once.

A block of BATCH states lies component by component (structure of arrays), and each step is one inner loop over the
block around the straight-line step of the method: the compiler turns it into vector instructions.
"""

from collections.abc import Callable
from typing import Any

from geoflow.integrators.compiler.loops import HEADER, carried_vectors, translated_functions
from geoflow.integrators.compiler.writer import Writer
from geoflow.integrators.families import Method
from geoflow.problems import Problem

BATCH = 32


def batch_source(problem: Problem, method: Method, compensated: bool = False) -> tuple[str, dict[str, Any]] | None:
    """Source of the module whose `run` takes a block of states along, and its constants; None where it would not help:
    for states that are long, and for steps that iterate, each member as often as it needs.

    Raises TranslationError when a function of the problem cannot be compiled.
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
        return None  # the loop for one state says why not
    text = HEADER + "\n\n".join(f.source for f in functions.values()) + "\n\n" + "\n".join(w.lines)
    return text + "\n", w.constants


def _each_member(w: Writer, vectors: list[str], write: Callable[[Writer], None]) -> None:
    """The lines that `write` adds, for each state of the block, which is read before and written after."""
    places = {vector: f"block[({i * w.d} + #) * {BATCH} + member]" for i, vector in enumerate(vectors)}
    with w.block(f"for member in range({BATCH}):"):
        for vector, place in places.items():
            w.each(f"@{vector} = {place}")
        write(w)
        for vector, place in places.items():
            w.each(f"{place} = @{vector}")
