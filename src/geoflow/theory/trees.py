"""Rooted trees and bicoloured rooted trees (HLW III.1, III.2).

A tree is the sorted tuple of its root's subtrees, so () is the single vertex. A bicoloured tree is
(colour, subtree, subtree, ...): "A" stands for a derivative of q', "B" for one of p'. TIME is the leaf
for a derivative with respect to t; it is equivalent to a vertex if the nodes are the row sums.
"""

from collections.abc import Callable, Iterator
from functools import cache, reduce
from itertools import combinations_with_replacement, groupby, product
from math import factorial
from operator import mul
from typing import Any, Literal

Tree = Any  # tuple of trees, or TIME
TIME = "t"
# general: q' = f(q, p), p' = g(q, p). separable: q' = f(p), p' = g(q), so that colours alternate.
# nystrom: separable with a linear f = M^-1 p, so that no vertex "A" has two branches.
Kind = Literal["general", "separable", "nystrom"]


@cache
def rooted_trees(order: int, timed: bool = False) -> tuple[Tree, ...]:
    """All rooted trees with `order` vertices: 1, 1, 2, 4, 9, 20, 48, 115, 286, ...

    timed: leaves below the root are () or TIME, for methods with c != A 1.
    """

    def below(size: int) -> tuple[Tree, ...]:
        return rooted_trees(size, timed) + ((TIME,) if timed and size == 1 else ())

    return tuple(_forests(order - 1, below))


@cache
def bicoloured_trees(order: int, roots: str, kind: Kind = "general", timed: bool = False) -> tuple[Tree, ...]:
    """All trees with `order` vertices and a root of one of the colours `roots`.

    kind "general": 1, 2, 7, 26, 107, 458, ...; "separable": as many as there are rooted trees.
    """
    if len(roots) > 1:
        return tuple(t for root in roots for t in bicoloured_trees(order, root, kind, timed))
    colours = "AB" if kind == "general" else "B" if roots == "A" else "A"

    def below(size: int) -> tuple[Tree, ...]:
        return bicoloured_trees(size, colours, kind, timed) + ((TIME,) if timed and size == 1 else ())

    most = 1 if kind == "nystrom" and roots == "A" else order
    return tuple((roots, *forest) for forest in _forests(order - 1, below) if len(forest) <= most)


def _forests(total: int, below: Callable[[int], tuple[Tree, ...]]) -> Iterator[tuple[Tree, ...]]:
    """All multisets of trees with `total` vertices together, the trees of each size from `below`."""
    for parts in _partitions(total):
        choices = [combinations_with_replacement(below(n), parts.count(n)) for n in sorted(set(parts))]
        yield from (tuple(t for group in pick for t in group) for pick in product(*choices))


def _partitions(n: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    if n == 0:
        yield ()
    for part in range(min(n, n if largest is None else largest), 0, -1):
        yield from ((part, *rest) for rest in _partitions(n - part, part))


def branches(tree: Tree) -> tuple[Tree, ...]:
    """Subtrees of the root, without its colour."""
    if tree == TIME:
        return ()
    return tree[1:] if colour(tree) else tree


def colour(tree: Tree) -> str:
    """Colour "A" or "B" of the root; empty for a tree without colours."""
    return str(tree[0]) if tree and tree != TIME and tree[0] in ("A", "B") else ""


@cache
def vertices(tree: Tree) -> int:
    """Number of vertices |t|."""
    return 1 + sum(vertices(branch) for branch in branches(tree))


@cache
def density(tree: Tree) -> int:
    """Density gamma(t) = |t| prod_k gamma(t_k)."""
    return vertices(tree) * reduce(mul, (density(branch) for branch in branches(tree)), 1)


@cache
def symmetry(tree: Tree) -> int:
    """Symmetry coefficient sigma(t) = prod_k sigma(t_k) prod_j m_j!, with multiplicities m_j of equal subtrees."""
    counts = [len(list(equal)) for _, equal in groupby(sorted(branches(tree), key=repr))]
    return reduce(mul, (symmetry(branch) for branch in branches(tree)), 1) * reduce(mul, map(factorial, counts), 1)


def bracket(tree: Tree) -> str:
    """Bracket notation of Butcher: * is a vertex, [* [*]] a root with two branches."""
    inside = " ".join(bracket(branch) for branch in branches(tree))
    if tree == TIME:
        return TIME
    return f"{colour(tree)}[{inside}]" if inside else colour(tree) or "*"


def weight_formula(tree: Tree, own_nodes: bool = False) -> str:
    """Left-hand side of the order condition as in HLW: "sum b_i c_i a_ij c_j", with hats for the second tableau.

    own_nodes: c_i is the node and (A 1)_i the row sum; otherwise both are c_i.
    """
    letters: Iterator[str] = iter("ijklmnopqrstuvwxyz")
    kinds = {TIME: "c", (): "(A 1)" if own_nodes else "c", ("A",): "c", ("B",): "c_hat"}

    def hat(tree: Tree) -> str:
        return "_hat" if colour(tree) == "B" else ""

    def below(tree: Tree, i: str) -> str:
        powers = {leaf: branches(tree).count(leaf) for leaf in kinds}
        text = "".join(
            f" {kinds[leaf]}_{i}{f'^{power}' if power > 1 else ''}" for leaf, power in powers.items() if power
        )
        for branch in filter(branches, branches(tree)):
            j = next(letters)
            text += f" a{hat(branch)}_{i}{j}{below(branch, j)}"
        return text

    root = next(letters)
    return f"sum b{hat(tree)}_{root}{below(tree, root)}"
