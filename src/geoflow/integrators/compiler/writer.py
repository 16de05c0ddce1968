"""Lines of source over a state, in two layouts: unrolled into scalars, or over an array.

In a statement, `@y` is a component of the vector y and `#` its number; `each` repeats it over components.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from geoflow.integrators.compiler.translate import Translated
from geoflow.problems import Problem

# What a loop returns: all steps are done, the state overflowed, the equations of a step were not solved.
FINISHED, OVERFLOW, NOT_CONVERGED = 0, 1, 2


def component(vector: str, k: int) -> str:
    return f"{vector}__{k}"


def weighted(weights: list[float], vectors: list[str]) -> str:
    """The source of " + h * (sum of weights times vectors)"."""
    terms = [f"{x!r} * @{v}" for x, v in zip(weights, vectors, strict=False) if x != 0]
    return f" + h * ({' + '.join(terms)})" if terms else ""


@dataclass
class Writer:
    """Lines of source over a state of dimension d, in one of the two layouts."""

    problem: Problem
    scalar: bool
    functions: dict[str, Translated]
    newton: bool = False  # Newton's method instead of the fixed point for implicit stages
    lines: list[str] = field(default_factory=list)
    indent: int = 1
    compensated: bool = False
    tolerance: float = 0.0  # at which the iteration of implicit stages stops; 0: at stagnation
    increments: int = 0

    @property
    def d(self) -> int:
        return self.problem.dimension

    @property
    def half(self) -> int:
        return self.d // 2

    def add(self, line: str) -> None:
        self.lines.append("    " * self.indent + line)

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is written meanwhile stands below `head`, indented."""
        self.add(head)
        self.indent += 1
        yield
        self.indent -= 1

    @property
    def constants(self) -> dict[str, Any]:
        """Arguments of the loop that its functions pass on, by name."""
        return {key: value for f in self.functions.values() for key, value in f.constants.items()}

    def run(self, parameters: str) -> None:
        """Begins the function that Python calls, whose parameters carry their types."""
        for key, value in self.constants.items():
            parameters += f", {key}: floats{list(np.shape(value))}" if np.ndim(value) else f", {key}: float"
        self.lines.append(f"def run({parameters}):")

    def each(self, statement: str, start: int = 0, stop: int | None = None) -> None:
        """The statement for components start..stop of the vectors marked by @."""
        stop = self.d if stop is None else stop
        if self.scalar:
            for k in range(start, stop):
                self.add(re.sub(r"@(\w+)", component(r"\1", k), statement).replace("#", str(k)))
        else:
            self.add(f"for k in range({start}, {stop}):")
            self.add("    " + re.sub(r"@(\w+)", r"\1[k]", statement).replace("#", "k"))

    def increase(self, increment: str, start: int = 0, stop: int | None = None) -> None:
        """y += increment; compensated, what rounding loses of it waits in E for the next one (HLW VIII.5.1)."""
        self.increments += 1
        if self.compensated:
            lost = "@E = (@y - new) + gain"
            self.each(f"gain = {increment} + @E; new = @y + gain; {lost}; @y = new", start, stop)
        else:
            self.each(f"@y = @y + {increment}", start, stop)

    def vector(self, name: str) -> None:
        """Makes a vector of the loop before its first use."""
        if self.scalar:
            self.add(" = ".join(component(name, k) for k in range(self.d)) + " = 0.0")
        else:
            self.add(f"{name} = np.zeros({self.d})")
            self.views(name)

    def views(self, name: str) -> None:
        if not self.scalar:
            self.add(f"{name}_q, {name}_p = {name}[:{self.half}], {name}[{self.half}:]")

    def call(self, function: str, t: str, state: str, out: str | None = None, part: str = "", h: str = "h") -> str:
        """A call at (t, state); `out` (or its half `part`) takes the components, or the expression is returned."""
        f = self.functions[function]
        ends = {"": (0, self.d), "y": (0, self.d), "q": (0, self.half), "p": (self.half, self.d)}

        def names(vector: str, part: str) -> str:
            if self.scalar:
                components = [component(vector, k) for k in range(*ends[part])]
                return ", ".join(components) + ("," if len(components) == 1 else "")
            return f"{vector}_{part}" if part in ("q", "p") else vector

        vectors = [names(state, part) for part in f.arguments if part not in ("t", "h")]
        given = [t, *([f"({v})" for v in vectors] if self.scalar else vectors)]
        given += [*([h] if "h" in f.arguments else []), *f.constants]
        call = f"{function}({', '.join(given)})"
        if out is None:
            return call
        self.add(f"{names(out, part)}{'' if self.scalar else '[:]'} = {call}")
        return ""

    def evaluate_field(self, t: str, state: str, out: str) -> None:
        if self.problem.field is not None:
            self.call("field", t, state, out)
        else:
            self.call("velocity", t, state, out, "q")
            self.call("force", t, state, out, "p")
