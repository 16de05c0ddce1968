"""Order conditions by rooted trees, in the coefficients' own arithmetic (HLW III.1, III.2).

A tree is the sorted tuple of its root's subtrees, so () is the single vertex. A method has order p
when sum_i b_i Phi_i(t) = 1 / gamma(t) for all trees of at most p vertices, with Phi_i([t_1, ...,
t_m]) = prod_k sum_j a_ij Phi_j(t_k) and gamma(t) = |t| prod_k gamma(t_k).
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache, reduce
from itertools import combinations_with_replacement, product
from operator import mul
from typing import Any

import mpmath
import numpy as np

from geoflow.analysis.reduction import WORKING_DIGITS, Exact, Number, Tableau, arithmetic, tableau
from geoflow.integrators.families import Method, RungeKutta, Splitting

Tree = Any  # tuple of trees, or TIME
TIME = "t"  # the leaf of a derivative with respect to t; the same as () when c = A 1
HIGHEST = 8
# Defects of published digits: up to 2e-13 (Yoshida's order 8), 3e-26 for most others. A condition
# that a method of the table does not satisfy is missed by 1e-5 and more.
TOLERANCE = 1e-12


@cache
def rooted_trees(order: int, timed: bool = False) -> tuple[Tree, ...]:
    """All rooted trees with `order` vertices: 1, 1, 2, 4, 9, 20, 48, 115, ...

    `timed`: leaves below the root come in two kinds, () and TIME, for methods with c != A 1.
    """
    found = []
    for parts in _partitions(order - 1):
        sizes = sorted(set(parts))
        choices = []
        for size in sizes:
            below = rooted_trees(size, timed) + ((TIME,) if timed and size == 1 else ())
            choices.append(list(combinations_with_replacement(below, parts.count(size))))
        found += [tuple(t for group in pick for t in group) for pick in product(*choices)]
    return tuple(found)


def _partitions(n: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    if n == 0:
        yield ()
    for part in range(min(n, n if largest is None else largest), 0, -1):
        yield from ((part, *rest) for rest in _partitions(n - part, part))


@cache
def vertices(tree: Tree) -> int:
    """|t|, the number of vertices."""
    return 1 if tree == TIME else 1 + sum(vertices(branch) for branch in tree)


@cache
def density(tree: Tree) -> int:
    """gamma(t) = |t| prod_k gamma(t_k)."""
    branches = () if tree == TIME else tree
    return vertices(tree) * reduce(mul, (density(branch) for branch in branches), 1)


def order_of(method: Method, highest: int = HIGHEST) -> int:
    """The largest p <= `highest` such that all order conditions up to p hold.

    A splitting is judged on H = T(p) + U(q) with T and U arbitrary, the general case.
    """
    order = 0
    with mpmath.workdps(WORKING_DIGITS):
        satisfied = _conditions(method)
        while order < highest and satisfied(order + 1):
            order += 1
    return order


def _conditions(method: Method) -> Callable[[int], bool]:
    """The predicate "all conditions of this order hold"."""
    if isinstance(method, RungeKutta):
        t = tableau(method)
        timed = not all(t.zero(x) for x in t.A.sum(axis=1) - t.c)
        weights, numbers = _runge_kutta_weights(t), list(t.b)
    else:
        assert isinstance(method, Splitting)
        timed = False
        weights, numbers = _splitting_weights(method), [x for _, x in method.substeps]
    convert, tolerance = arithmetic(numbers)
    allowed = 0 if tolerance == 0 else TOLERANCE

    def satisfied(order: int) -> bool:
        return all(
            abs(weight - convert(Fraction(1, density(tree)))) <= allowed
            for tree in rooted_trees(order, timed)
            for weight in weights(tree)
        )

    return satisfied


def _runge_kutta_weights(t: Tableau) -> Callable[[Tree], list[Number]]:
    """t -> [sum_i b_i Phi_i(t)]."""

    @cache
    def stage_derivative(tree: Tree) -> Exact:  # sum_j a_ij Phi_j(tree), shape (s,)
        return t.c if tree == TIME else t.A @ stage_weight(tree)

    def stage_weight(tree: Tree) -> Exact:  # Phi_i(tree), shape (s,)
        ones = np.full(t.stages, convert(1), dtype=object)
        return reduce(mul, (stage_derivative(branch) for branch in tree), ones)

    convert, _ = arithmetic(t.b)
    return lambda tree: [t.b @ stage_weight(tree)]


def _splitting_weights(method: Splitting) -> Callable[[Tree], list[Number]]:
    """The weights for a root of either part; along a branch the parts alternate (HLW III.2.2).

    A substep of one part sees the other part's substeps before it, each with its coefficient.
    """
    convert, _ = arithmetic([x for _, x in method.substeps])
    parts = [part for part, _ in method.substeps]
    x = np.array([convert(x) for _, x in method.substeps], dtype=object)
    x_of = {part: np.where([p == part for p in parts], x, convert(0)) for part in "AB"}

    @cache
    def earlier(tree: Tree, part: str) -> Exact:  # sum over the substeps of `part` up to each one
        return np.cumsum(x_of[part] * substep_weight(tree, part))

    def substep_weight(tree: Tree, part: str) -> Exact:
        other = "B" if part == "A" else "A"
        ones = np.full(len(x), convert(1), dtype=object)
        return reduce(mul, (earlier(branch, other) for branch in tree), ones)

    return lambda tree: [x_of[part] @ substep_weight(tree, part) for part in "AB"]
