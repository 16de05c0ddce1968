"""Steps from stages K_i = f(t + c_i h, Y_i): Runge-Kutta and partitioned Runge-Kutta methods.

Each tableau advances a block of components of the state: all of them, or one half of y = (q, p).
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geoflow.integrators.compiler import newton as newton_lines
from geoflow.integrators.compiler.writer import NOT_CONVERGED, Writer, weighted
from geoflow.integrators.families.coefficients import Number
from geoflow.integrators.families.method import Method, Phi
from geoflow.integrators.families.solvers import MAX_ITERATIONS, Field, Solver, State, fixed_point, is_exact, newton
from geoflow.integrators.families.tensors import joined
from geoflow.problems import Problem


@dataclass(frozen=True)
class Block:
    """Components start..stop of the state, and the coefficients A, b by which they are advanced."""

    A: list[list[float]]
    b: list[float]
    start: int
    stop: int


class Staged(Method):
    """A method whose step is a linear combination of stages."""

    b: tuple[Number, ...]
    c: tuple[Number, ...]

    @property
    def stages(self) -> int:
        return len(self.b)

    @property
    def iterates(self) -> bool:
        return not self.explicit

    @property
    def coefficients(self) -> Sequence[Number]:
        return [x for one in self.tableaus for row in (*one.A, one.b, one.c) for x in row]

    def step(self, f: Field, t: Any, y: State, h: Any, solve: Solver = fixed_point) -> State:
        """Compute y_1 = y + h sum_i b_i K_i with K_i = f(t + c_i h, y + h sum_j a_ij K_j) (HLW II.1.4, II.2.1).

        y: shape (d,), (d, N) for N states, or any shape if there is one tableau. solve: solver for implicit stages,
        fixed-point iteration or, for y of shape (d,), Newton's method. Raises SolveError if it does not converge.
        """
        tables = [one.exact if is_exact(y) else one.rounded for one in self.tableaus]
        A, b, c = (list(zip(*(A for A, _, _ in tables), strict=True)), [b for _, b, _ in tables], tables[0][2])

        def advanced(rows: Sequence[Sequence], K: Sequence[State]) -> State:
            if len(rows) == 1:
                return _advanced(y, h, rows[0], K)
            half = y.shape[0] // 2
            parts = zip(rows, (slice(half), slice(half, None)), strict=True)
            return joined([_advanced(y[p], h, row, [k[p] for k in K]) for row, p in parts])

        if self.explicit:
            K: list[State] = []
            for a_i, c_i in zip(A, c, strict=True):
                K.append(f(t + c_i * h, advanced(a_i, K)))
        else:
            K = solve(self, f, t, y, h, c, lambda i, K: advanced(A[i], K))
        return advanced(b, K)

    def one_step(self, problem: Problem) -> Phi:
        return lambda t, y, h: self.step(problem.vector_field, t, y, h)

    def newton_step(self, problem: Problem) -> Phi:
        return lambda t, y, h: self.step(problem.vector_field, t, y, h, newton)

    @cached_property
    def _K(self) -> list[str]:
        return [f"K{i}" for i in range(self.stages)]

    @property
    def carried(self) -> list[str]:
        return [] if self.explicit else self._K

    def prepare(self, w: Writer) -> None:
        for name in self._K:
            w.vector(name)
        for i in range(self.stages) if not self.explicit else (0,):
            w.vector(f"Y{i}")
        if w.newton and not self.explicit:
            newton_lines.prepare(w, self.stages)

    def advance(self, w: Writer) -> None:
        c = [float(x) for x in self.c]
        size = w.d // len(self.tableaus)
        blocks = [Block(*one.rounded[:2], i * size, (i + 1) * size) for i, one in enumerate(self.tableaus)]
        if self.explicit:
            for i, stage in enumerate(self._K):
                for block in blocks:
                    w.each(f"@Y0 = @y{weighted(block.A[i], self._K)}", block.start, block.stop)
                w.evaluate_field(f"(t + {c[i]!r} * h)", "Y0", stage)
        else:
            _predict(w, blocks, c, self._K)
            _solve_stages(w, blocks, c, self._K)
        for block in blocks:
            w.increase(weighted(block.b, self._K).removeprefix(" + "), block.start, block.stop)


def _advanced(y: State, h: Any, weights: Sequence, K: Sequence[State]) -> State:
    """Compute y + h sum_j w_j K_j, omitting the terms of weight zero."""
    terms = [w * k for w, k in zip(weights, K, strict=False) if w != 0]
    return y + h * sum(terms[1:], start=terms[0]) if terms else y


def _predict(w: Writer, blocks: list[Block], c: list[float], K: list[str]) -> None:
    """Write the starting values of the stages, extrapolated from the last step (HLW VIII.6.1)."""
    with w.block("if n == 0:"):
        w.evaluate_field("t", "y", "K0")
        for i in range(1, len(c)):
            w.each(f"@K{i} = @K0")
    w.add("scale = 1.0")
    w.each("scale = max(scale, abs(@y))")
    for block in blocks:
        predictor = (np.array(block.A) @ _extrapolation(c)).tolist()
        for i in range(len(c)):
            for when, rows in (("if n == 0:", block.A), ("else:", predictor)):
                with w.block(when):
                    w.each(f"@Y{i} = @y{weighted(rows[i], K)}", block.start, block.stop)


def _solve_stages(w: Writer, blocks: list[Block], c: list[float], K: list[str]) -> None:
    """Write the iteration until stagnation: fixed-point, or Newton's method with one matrix per step."""
    if w.newton:
        newton_lines.factorise(w, blocks)
    w.add("previous = np.inf")
    with w.block(f"for iteration in range({MAX_ITERATIONS}):"):
        for i, c_i in enumerate(c):
            w.evaluate_field(f"(t + {c_i!r} * h)", f"Y{i}", K[i])
        w.add("delta = 0.0")
        if w.newton:
            newton_lines.correct(w, blocks, K)
        else:
            for i in range(len(c)):
                for block in blocks:
                    new = f"new = @y{weighted(block.A[i], K)}"
                    change = f"delta = max(delta, abs(new - @Y{i})); @Y{i} = new"
                    w.each(f"{new}; {change}", block.start, block.stop)
        w.add("iterations += 1")
        near = f"delta <= {1000 * sys.float_info.epsilon!r} * scale"
        small = f"delta <= {w.tolerance!r} * scale" if w.tolerance else "delta == 0.0"
        w.add(f"if {small} or (delta >= previous and {near}):")
        w.add("    break")
        w.add(f"if not delta < 1e100 or iteration == {MAX_ITERATIONS - 1}:")
        w.add(f"    return {NOT_CONVERGED}, n, iterations")
        w.add("previous = delta")


def _extrapolation(c: list[float]) -> np.ndarray:
    """Matrix E with K_i(next step) = sum_j E_ij K_j: the interpolant through (c_j, K_j) at 1 + c_i.

    For more than four nodes, or equal ones, the last stage is used instead, because extrapolation amplifies errors.
    """
    s = len(c)
    if len(set(c)) < s or s > 6:
        return np.tile(np.eye(s)[-1], (s, 1))
    nodes = np.array(c)
    E = np.ones((s, s))
    for j in range(s):
        for m in range(s):
            if m != j:
                E[:, j] *= (1 + nodes - nodes[m]) / (nodes[j] - nodes[m])
    return E
