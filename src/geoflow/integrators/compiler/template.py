"""The lines that a family of methods adds to a compiled loop.

A family registers what its loop calls (`functions`, the vector field unless it says otherwise), the vectors that pass
from step to step (`carried`), what stands before the loop (`prepare`, then `begin` with the carried vectors filled) and
one step (`advance`), over a `Writer`.
"""

from dataclasses import dataclass
from functools import singledispatch

import numpy as np

from geoflow.integrators.compiler import newton
from geoflow.integrators.compiler.writer import Writer
from geoflow.integrators.families import Method, PartitionedRungeKutta, RungeKutta, Splitting
from geoflow.integrators.families.stages import SWEEPS
from geoflow.problems import Problem
from geoflow.problems.problem import Function

NOT_CONVERGED = 2


@singledispatch
def functions(method: Method, problem: Problem) -> dict[str, Function]:
    """The problem's functions that the loop calls, by the name that `Writer.call` knows them by."""
    if problem.field is not None:
        return {"field": problem.field}
    assert problem.velocity is not None and problem.force is not None
    return {"velocity": problem.velocity, "force": problem.force}


@singledispatch
def carried(method: Method) -> list[str]:
    """Names of the vectors, of the dimension of the state, that a step leaves to the next."""
    raise TypeError(f"no template for {type(method).__name__}")


@singledispatch
def prepare(method: Method, w: Writer) -> None:
    """Makes the vectors and numbers of the loop."""


@singledispatch
def begin(method: Method, w: Writer) -> None:
    """What is computed once, before the very first step (`first == 0`)."""


@singledispatch
def advance(method: Method, w: Writer) -> None:
    """One step: from (t, y) to y, with n the number of the step."""
    raise TypeError(f"no template for {type(method).__name__}")


def _shares_force(method: Splitting, problem: Problem) -> bool:
    """A kick that ends a step leaves its force to the kick that begins the next."""
    ends = method.substeps[0][0], method.substeps[-1][0]
    return not problem.flows and ends == ("B", "B")


@functions.register
def _(method: Splitting, problem: Problem) -> dict[str, Function]:
    if problem.flows:
        return {f"flow_{part}": problem.flows[part] for part in method.parts}
    assert problem.velocity is not None and problem.force is not None
    return {"velocity": problem.velocity, "force": problem.force}


@carried.register
def _(method: Splitting) -> list[str]:
    return ["F"]


@prepare.register
def _(method: Splitting, w: Writer) -> None:
    w.vector("F")
    for i, (_part, x) in enumerate(method.as_floats()):
        w.add(f"h{i} = h * {x!r}")


@begin.register
def _(method: Splitting, w: Writer) -> None:
    if _shares_force(method, w.problem):
        w.add("if first == 0:")
        w.indent += 1
        w.call("force", "t0", "y", "F", "p")
        w.indent -= 1


@advance.register
def _(method: Splitting, w: Writer) -> None:
    """The flows in turn, or drifts and kicks; time moves with part A."""
    moved = 0.0
    for i, (part, x) in enumerate(method.as_floats()):
        t = f"(t + {moved!r} * h)" if moved else "t"
        if w.problem.flows:
            w.call(f"flow_{part}", t, "y", "F", h=f"h{i}")
            w.each("@y = @F")
        elif part == "A":
            w.call("velocity", t, "y", "F", "q")
            w.increase(f"h{i} * @F", 0, w.half)
        else:
            if i or not _shares_force(method, w.problem):
                w.call("force", t, "y", "F", "p")
            w.increase(f"h{i} * @F", w.half)
        moved += x * (part == "A")


@dataclass(frozen=True)
class Block:
    """The components start..stop of the state, and the coefficients A, b that they are advanced with."""

    A: list[list[float]]
    b: list[float]
    start: int
    stop: int


@singledispatch
def blocks(method: Method, w: Writer) -> list[Block]:
    """The tableaus of a method, each with the components that it belongs to."""
    raise TypeError(f"{type(method).__name__} has no tableau")


@blocks.register
def _(method: RungeKutta, w: Writer) -> list[Block]:
    A, b, _ = method.rounded
    return [Block(A, b, 0, w.d)]


@blocks.register
def _(method: PartitionedRungeKutta, w: Writer) -> list[Block]:
    (A, b, _), (A_hat, b_hat, _) = (tableau.rounded for tableau in method.tableaus)
    return [Block(A, b, 0, w.half), Block(A_hat, b_hat, w.half, w.d)]


def stages(method: Method) -> list[str]:
    return [f"K{i}" for i in range(method.stages)]


@carried.register
def _(method: RungeKutta) -> list[str]:
    return [] if method.explicit else stages(method)


@carried.register
def _(method: PartitionedRungeKutta) -> list[str]:
    return stages(method)


@prepare.register(RungeKutta)
@prepare.register(PartitionedRungeKutta)
def _(method: RungeKutta | PartitionedRungeKutta, w: Writer) -> None:
    for name in stages(method):
        w.vector(name)
    for i in range(method.stages) if not method.explicit else (0,):
        w.vector(f"Y{i}")
    if w.newton and not method.explicit:
        newton.prepare(w, method.stages)


@advance.register(RungeKutta)
@advance.register(PartitionedRungeKutta)
def _(method: RungeKutta | PartitionedRungeKutta, w: Writer) -> None:
    c = [float(x) for x in method.c]
    K = stages(method)
    if method.explicit:
        for i, stage in enumerate(K):
            for block in blocks(method, w):
                w.each(f"@Y0 = @y{weighted(block.A[i], K)}", block.start, block.stop)
            w.evaluate_field(f"(t + {c[i]!r} * h)", "Y0", stage)
    else:
        _predict(w, method, c)
        _solve_stages(w, method, c)
    for block in blocks(method, w):
        w.increase(weighted(block.b, K).removeprefix(" + "), block.start, block.stop)


def weighted(weights: list[float], vectors: list[str]) -> str:
    """The source of " + h * (sum of weights times vectors)"."""
    terms = [f"{x!r} * @{v}" for x, v in zip(weights, vectors, strict=False) if x != 0]
    return f" + h * ({' + '.join(terms)})" if terms else ""


def _predict(w: Writer, method: Method, c: list[float]) -> None:
    """Stages that extrapolate those of the last step (HLW VIII.6.1)."""
    K = stages(method)
    w.add("if n == 0:")
    w.indent += 1
    w.evaluate_field("t", "y", "K0")
    for i in range(1, method.stages):
        w.each(f"@K{i} = @K0")
    w.indent -= 1
    w.add("scale = 1.0")
    w.each("scale = max(scale, abs(@y))")
    for block in blocks(method, w):
        predictor = (np.array(block.A) @ _extrapolation(c)).tolist()
        for i in range(method.stages):
            for when, rows in (("if n == 0:", block.A), ("else:", predictor)):
                w.add(when)
                w.indent += 1
                w.each(f"@Y{i} = @y{weighted(rows[i], K)}", block.start, block.stop)
                w.indent -= 1


def _solve_stages(w: Writer, method: Method, c: list[float]) -> None:
    """Sweeps to stagnation: of the fixed point, or of Newton's method with one matrix a step."""
    K = stages(method)
    if w.newton:
        newton.factorise(w, blocks(method, w))
    w.add("previous = np.inf")
    w.add(f"for sweep in range({SWEEPS}):")
    w.indent += 1
    for i, c_i in enumerate(c):
        w.evaluate_field(f"(t + {c_i!r} * h)", f"Y{i}", K[i])
    w.add("delta = 0.0")
    if w.newton:
        newton.correct(w, blocks(method, w), K)
    else:
        for i in range(method.stages):
            for block in blocks(method, w):
                new = f"new = @y{weighted(block.A[i], K)}"
                change = f"delta = max(delta, abs(new - @Y{i})); @Y{i} = new"
                w.each(f"{new}; {change}", block.start, block.stop)
    w.add("sweeps += 1")
    near = f"delta <= {1000 * np.finfo(float).eps!r} * scale"
    small = f"delta <= {w.tolerance!r} * scale" if w.tolerance else "delta == 0.0"
    w.add(f"if {small} or (delta >= previous and {near}):")
    w.add("    break")
    w.add(f"if not delta < 1e100 or sweep == {SWEEPS - 1}:")
    w.add(f"    return {NOT_CONVERGED}, n, sweeps")
    w.add("previous = delta")
    w.indent -= 1


def _extrapolation(c: list[float]) -> np.ndarray:
    """E with K_i(next step) = sum_j E_ij K_j: the interpolant through (c_j, K_j) at 1 + c_i.

    Beyond four nodes, or with equal ones, the last stage is repeated instead: extrapolation magnifies too much.
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
