"""The lines that a family of methods adds to a compiled loop.

A family registers four functions: the vectors that pass from step to step (`carried`), what stands before the loop
(`prepare`, then `begin` with the carried vectors filled) and one step (`advance`), over a `Writer`.
"""

from functools import singledispatch

import numpy as np

from geoflow.integrators.families import Method, RungeKutta, Splitting
from geoflow.integrators.step import SWEEPS
from geoflow.integrators.writer import Writer

NOT_CONVERGED = 2


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


def _shares_force(method: Splitting) -> bool:
    """A kick that ends a step leaves its force to the kick that begins the next."""
    return bool(method.substeps[0][0] == method.substeps[-1][0] == "B")


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
    if _shares_force(method):
        w.add("if first == 0:")
        w.indent += 1
        w.call("force", "t0", "y", "F", "p")
        w.indent -= 1


@advance.register
def _(method: Splitting, w: Writer) -> None:
    """Drifts and kicks in turn; time moves with the drifts."""
    moved = 0.0
    for i, (part, x) in enumerate(method.as_floats()):
        t = f"(t + {moved!r} * h)" if moved else "t"
        if part == "A":
            w.call("velocity", t, "y", "F", "q")
            w.increase(f"h{i} * @F", 0, w.half)
            moved += x
        else:
            if i or not _shares_force(method):
                w.call("force", t, "y", "F", "p")
            w.increase(f"h{i} * @F", w.half)


def _stages(method: RungeKutta) -> list[str]:
    return [f"K{i}" for i in range(method.stages)]


@carried.register
def _(method: RungeKutta) -> list[str]:
    return [] if method.explicit else _stages(method)


@prepare.register
def _(method: RungeKutta, w: Writer) -> None:
    for name in _stages(method):
        w.vector(name)
    for i in range(method.stages) if not method.explicit else (0,):
        w.vector(f"Y{i}")


@advance.register
def _(method: RungeKutta, w: Writer) -> None:
    A, b, c = method.rounded
    K = _stages(method)
    if method.explicit:
        for i, stage in enumerate(K):
            w.each(f"@Y0 = @y{_sum(A[i], K)}")
            w.evaluate_field(f"(t + {c[i]!r} * h)", "Y0", stage)
    else:
        _fixed_point(w, method)
    w.increase(_sum(b, K).removeprefix(" + "))


def _sum(weights: list[float], vectors: list[str]) -> str:
    terms = [f"{x!r} * @{v}" for x, v in zip(weights, vectors, strict=False) if x != 0]
    return f" + h * ({' + '.join(terms)})" if terms else ""


def _fixed_point(w: Writer, method: RungeKutta) -> None:
    """Sweeps to stagnation, from stages that extrapolate those of the last step (HLW VIII.6.1)."""
    A, _, c = method.rounded
    s = range(method.stages)
    K = _stages(method)
    w.add("if n == 0:")
    w.indent += 1
    w.evaluate_field("t", "y", "K0")
    for i in s[1:]:
        w.each(f"@K{i} = @K0")
    w.indent -= 1
    predictor = np.array(A) @ _extrapolation(c)
    w.add("scale = 1.0")
    w.each("scale = max(scale, abs(@y))")
    for i in s:
        first = f"@Y{i} = @y{_sum(A[i], K)}"
        later = f"@Y{i} = @y{_sum(list(map(float, predictor[i])), K)}"
        w.add("if n == 0:")
        w.indent += 1
        w.each(first)
        w.indent -= 1
        w.add("else:")
        w.indent += 1
        w.each(later)
        w.indent -= 1
    w.add("previous = np.inf")
    w.add(f"for sweep in range({SWEEPS}):")
    w.indent += 1
    for i in s:
        w.evaluate_field(f"(t + {c[i]!r} * h)", f"Y{i}", K[i])
    w.add("delta = 0.0")
    for i in s:
        w.each(f"new = @y{_sum(A[i], K)}; delta = max(delta, abs(new - @Y{i})); @Y{i} = new")
    w.add("sweeps += 1")
    w.add(
        f"if delta == 0.0 or (delta >= previous and delta <= {1000 * np.finfo(float).eps!r} * scale):"
    )
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
