"""Newton's method for the stages of a compiled loop, for stiff problems (Hairer-Wanner IV.8).

The stages Z_i = Y_i - y solve Z_i = h sum_j a_ij f(t + c_j h, y + Z_j). The matrix I - h A (x) J is built and
factorised once per step, with J = df/dy(t, y) by differences of the field; it affects the rate of convergence, not the
solution.
"""

import inspect
from contextlib import nullcontext
from typing import TYPE_CHECKING

from geoflow.integrators.compiler.writer import NOT_CONVERGED, Writer, weighted
from geoflow.integrators.formulas.equations import factorise_lu, solve_lu

if TYPE_CHECKING:
    from geoflow.integrators.families.staged import Block

# sqrt(eps), the increment of a one-sided difference that balances truncation and round-off.
DIFFERENCE = 2.0**-26


def helpers(size: int) -> str:
    """Source of factorisation and solution for matrices of one size; with a literal size the compiler can unroll."""
    sources = [inspect.getsource(function) for function in (factorise_lu, solve_lu)]
    return "\n\n".join(s.replace("len(pivots)", f"{size}") for s in sources)


def prepare(w: Writer, stages: int) -> None:
    """Write the allocation of the Jacobian J (d, d), the matrix M (s d, s d) and the right-hand side r (s d,)."""
    size = stages * w.d
    w.add(f"J, M = np.zeros(({w.d}, {w.d})), np.zeros(({size}, {size}))")
    w.add(f"r, pivots = np.zeros({size}), np.zeros({size}, np.int64)")
    w.vector("f0")
    w.vector("f1")
    w.vector("shifted")


def factorise(w: Writer, blocks: "list[Block]") -> None:
    """Write the computation of J at (t, y) by differences, and of the factors of I - h A (x) J."""
    w.evaluate_field("t", "y", "f0")
    for column in range(w.d) if w.scalar else ("column",):
        with nullcontext() if w.scalar else w.block(f"for column in range({w.d}):"):
            w.each("@shifted = @y")
            entry = f"shifted__{column}" if w.scalar else "shifted[column]"
            w.add(f"e = {DIFFERENCE!r} * max(scale, 1.0)")
            w.add(f"{entry} = {entry} + e")
            w.evaluate_field("t", "shifted", "f1")
            w.each(f"J[#, {column}] = (@f1 - @f0) / e")
    for block in blocks:
        for i, row in enumerate(block.A):
            for j, a in enumerate(row):
                w.add(f"for k in range({block.start}, {block.stop}):")
                w.add(f"    for l in range({w.d}):")
                identity = "1.0 * (k == l)" if i == j else "0.0"
                place = f"M[{i * w.d} + k, {j * w.d} + l]"
                w.add(f"        {place} = {identity} - h * {a!r} * J[k, l]")
    w.add("if not factorise_lu(M, pivots):")
    w.add(f"    return {NOT_CONVERGED}, n, iterations")


def correct(w: Writer, blocks: "list[Block]", K: list[str]) -> None:
    """Write Z -= M^-1 (Z - h A f(y + Z)), with delta the largest change."""
    for block in blocks:
        for i, row in enumerate(block.A):
            new = f"@y{weighted(row, K)}"
            w.each(f"r[{i * w.d} + #] = {new} - @Y{i}", block.start, block.stop)
    w.add("solve_lu(M, pivots, r)")
    for i in range(len(K)):
        change = f"r[{i * w.d} + #]"
        w.each(f"delta = max(delta, abs({change})); @Y{i} = @Y{i} + {change}")
