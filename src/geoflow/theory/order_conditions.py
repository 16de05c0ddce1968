"""Order conditions by rooted trees, in the arithmetic of the coefficients (HLW III.1, III.2).

A method has order p if sum_i b_i Phi_i(t) = 1 / gamma(t) for all trees with at most p vertices,
with Phi_i([t_1, ..., t_m]) = prod_k sum_j a_ij Phi_j(t_k). For partitioned methods, a_ij and b_i depend on
the colour of the vertex; a splitting is a partitioned method whose stages are its substeps.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, reduce
from itertools import product
from math import factorial
from operator import mul
from typing import Any

import mpmath
import numpy as np

from geoflow.integrators.families import QUADRATIC, Method
from geoflow.theory.reduction import WORKING_DIGITS, Number, Tableau, arithmetic, in_one_arithmetic, tableau
from geoflow.theory.trees import TIME, Kind, Tree, bicoloured_trees, branches, colour, density, rooted_trees

HIGHEST = 8
# The defects of published coefficients are up to 2e-13 (Yoshida's order 8), and 3e-26 for most others. The defect
# of a condition that a method of the table does not satisfy is at least 1e-5.
TOLERANCE = 1e-12
Substeps = Sequence[tuple[str, Number]]
Weight = Callable[[Tree], Number]  # t -> sum_i b_i Phi_i(t)
Trees = Callable[[int], Sequence[Tree]]  # number of vertices -> trees


def order_of(method: Method, highest: int = HIGHEST, kind: Kind = "separable") -> int | None:
    """Largest p <= `highest` such that all order conditions up to p hold; None without coefficients.

    For splittings, the conditions are those for H = T(p) + U(q) with arbitrary T and U. If `kind` is
    "nystrom", or the method is declared as such, T is quadratic and there are fewer conditions.
    """
    if method.tableau is not None:
        return runge_kutta_order(tableau(method.tableau), highest)
    if method.tableaus:
        q, p = method.tableaus
        return partitioned_order(q.A, q.b, p.A, p.b, q.c, p.c, highest)
    if method.substeps:
        return splitting_order(method.substeps, highest, "nystrom" if QUADRATIC in method.asked else kind)
    return None


@mpmath.workdps(WORKING_DIGITS)
def runge_kutta_order(t: Tableau, highest: int = HIGHEST) -> int:
    """Order of a tableau, also for non-autonomous problems."""
    timed = has_own_nodes(t)
    return _largest(lambda n: rooted_trees(n, timed), runge_kutta_weight(t), list(t.b), highest)


@mpmath.workdps(WORKING_DIGITS)
def partitioned_order(
    A: Sequence[Sequence[Number]], b: Sequence[Number], A_hat: Sequence[Sequence[Number]],
    b_hat: Sequence[Number], c: Sequence[Number] | None = None,
    c_hat: Sequence[Number] | None = None, highest: int = HIGHEST, kind: Kind = "general",
) -> int:  # fmt: skip
    """Order of the method with (A, b) for q and (A_hat, b_hat) for p, on the problems of `kind`.

    With nodes, f is evaluated at t + c_i h and g at t + c_hat_i h; without nodes the problem is autonomous.
    """
    given = in_one_arithmetic(*((M, w, () if x is None else x) for M, w, x in ((A, b, c), (A_hat, b_hat, c_hat))))
    tables = dict(zip("AB", given, strict=True))
    sums = {z: t.A.sum(axis=1) for z, t in tables.items()}
    parts = {z: Part(t.b, t.A.__matmul__, t.c if len(t.c) else sums[z]) for z, t in tables.items()}
    timed = not all(
        any(max(abs(t.c - sums[w])) <= TOLERANCE for w in ("AB" if kind == "general" else _OTHER[z]))
        for z, t in tables.items()
        if len(t.c)
    )

    return _largest(lambda n: bicoloured_trees(n, "AB", kind, timed), coloured_weight(parts), [*b, *b_hat], highest)


@mpmath.workdps(WORKING_DIGITS)
def splitting_order(substeps: Substeps, highest: int = HIGHEST, kind: Kind = "separable") -> int:
    """Order of a composition of exact flows; for more than two parts by `word_order`.

    A substep of one part depends on the previous substeps of the other part, with their coefficients.
    """
    if {part for part, _ in substeps} - set("AB"):
        return word_order(substeps, highest)
    letters, numbers = zip(*substeps, strict=True)
    convert, _ = arithmetic(numbers)
    weight = substep_weight(letters, np.array([convert(x) for x in numbers], dtype=object))
    return _largest(lambda n: bicoloured_trees(n, "AB", kind), weight, numbers, highest)


@mpmath.workdps(WORKING_DIGITS)
def word_order(substeps: Substeps, highest: int = HIGHEST) -> int:
    """Order of exp(x_1 h X_1) exp(x_2 h X_2) ... for non-commuting parts X.

    The coefficient of each word of n letters must be 1/n!, as in exp(h sum X) (HLW III.5.3). These are
    the order conditions for compositions of general flows of two or more parts.
    """
    convert, tolerance = arithmetic([x for _, x in substeps])
    allowed = 0 if tolerance == 0 else TOLERANCE
    letters = "".join(sorted({part for part, _ in substeps}))
    coefficient = word_coefficient([(part, convert(x)) for part, x in substeps])

    def holds(n: int) -> bool:
        words, wanted = map("".join, product(letters, repeat=n)), convert(Fraction(1, factorial(n)))
        return all(abs(coefficient(word) - wanted) <= allowed for word in words)

    return _last(holds, highest)


def word_coefficient(factors: Substeps) -> Callable[[str], Number]:
    """Return word -> its coefficient in exp(x_1 h X_1) exp(x_2 h X_2) ...; arrays x stand for many methods."""
    one = factors[0][1] * 0 + 1

    @cache
    def coefficient(word: str, used: int) -> Number:  # after the first `used` substeps
        if used == 0:
            return one * 0 if word else one
        part, x = factors[used - 1]
        total, power = coefficient(word, used - 1), one
        for n in range(1, len(word) + 1):
            if word[-n] != part:
                break
            power = power * x / n
            total = total + power * coefficient(word[:-n], used - 1)
        return total

    return lambda word: coefficient(word, len(factors))


@dataclass(frozen=True, eq=False)
class Part:
    """One colour of a partitioned method, or a whole method without colours.

    weights: b, shape (s,); reach: v -> A v; nodes: c. For N methods the arrays have shape (N, s).
    """

    weights: Any
    reach: Callable[[Any], Any]
    nodes: Any = None


_OTHER = {"A": "B", "B": "A"}


def coloured_weight(parts: Mapping[str, Part]) -> Weight:
    """Return t -> sum_i b_i Phi_i(t), where each vertex has the coefficients of its own colour."""

    @cache
    def reached(tree: Tree) -> Any:  # sum_j a_ij Phi_j(tree), shape (s,)
        return parts[colour(tree)].reach(stage_weight(tree))

    def stage_weight(tree: Tree) -> Any:  # Phi_i(tree), shape (s,)
        part = parts[colour(tree)]
        factors = (part.nodes if t == TIME else reached(t) for t in branches(tree))
        return reduce(mul, factors, part.weights * 0 + 1)

    return lambda tree: (parts[colour(tree)].weights * stage_weight(tree)).sum(axis=-1)


def substep_weight(letters: Sequence[str], x: Any) -> Weight:
    """Return t -> sum_i b_i Phi_i(t) of a splitting with coefficients x, shape (s,), or (N, s) for N methods."""
    own = {z: np.where([letter == z for letter in letters], x, 0 * x) for z in "AB"}
    reach = {z: lambda v, z=z: np.cumsum(own[z] * v, axis=-1) for z in "AB"}
    return coloured_weight({z: Part(own[z], reach[z]) for z in "AB"})


def runge_kutta_weight(t: Tableau) -> Weight:
    """Return t -> sum_i b_i Phi_i(t)."""
    return coloured_weight({"": Part(t.b, t.A.__matmul__, t.c)})


def has_own_nodes(t: Tableau) -> bool:
    """Whether c differs from A 1, so that non-autonomous problems have additional order conditions."""
    return not all(t.zero(x) for x in t.A.sum(axis=1) - t.c)


def _largest(trees: Trees, weight: Weight, numbers: Sequence[Number], highest: int) -> int:
    """Largest p <= highest with weight(t) = 1 / gamma(t) for all trees with at most p vertices."""
    convert, tolerance = arithmetic(numbers)
    allowed = 0 if tolerance == 0 else TOLERANCE

    def holds(n: int) -> bool:
        return all(abs(weight(t) - convert(Fraction(1, density(t)))) <= allowed for t in trees(n))

    return _last(holds, highest)


def _last(holds: Callable[[int], bool], highest: int) -> int:
    """Largest n <= highest such that holds(1), ..., holds(n) are true."""
    return next((n for n in range(highest) if not holds(n + 1)), highest)
