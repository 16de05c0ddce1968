"""Order conditions of many tableaus at once, in float64: how a change of one coefficient changes all of them.

`order_conditions` decides in exact arithmetic whether a method has its order. Here many slightly different methods are
compared quickly, each a row of `values` (N, n): that is how the coefficient that is wrong is found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import factorial
from typing import Any

import numpy as np

from geoflow.ground.arrays import Floats
from geoflow.integrators.families import (
    QUADRATIC,
    PartitionedRungeKutta,
    RungeKutta,
    Splitting,
)
from geoflow.theory.trees import (
    TIME,
    Kind,
    Tree,
    bicoloured_trees,
    bracket,
    branches,
    density,
    rooted_trees,
)

Reach = Callable[[Floats], Floats]  # v (N, s) -> A v (N, s)


@dataclass(frozen=True)
class Condition:
    """`formula` should be `wanted`; `order` is the order of the method that needs it."""

    order: int
    formula: str
    wanted: float
    nodes: bool = False  # whether it says that a node is a row sum


@dataclass(frozen=True, eq=False)
class Coefficients:
    """The numbers of a method in one row, with their names, and the conditions on them.

    `found` takes rows of numbers (N, n) to the left-hand sides of the conditions (N, m).
    """

    names: tuple[str, ...]
    numbers: tuple[Any, ...]
    conditions: tuple[Condition, ...]
    found: Callable[[Floats], Floats]

    @property
    def values(self) -> Floats:
        """The numbers as float64, shape (n,)."""
        return np.array([float(x) for x in self.numbers])

    def defects(self, rows: Floats) -> Floats:
        """Left-hand sides minus what they should be, (N, n) -> (N, m)."""
        return self.found(rows) - np.array([condition.wanted for condition in self.conditions])


def of_runge_kutta(method: RungeKutta, order: int) -> Coefficients:
    """A, b, c; the trees of at most `order` vertices, and c_i = sum_j a_ij.

    A method none of whose nodes is a row sum, such as Lobatto IIIB with two stages, has nodes of its own: then the
    trees with time as a leaf are the conditions on them.
    """
    s = method.stages
    own = bool((np.abs(method.as_floats()[0].sum(axis=1) - method.as_floats()[2]) > 1e-9).all())
    trees = [t for n in range(1, order + 1) for t in rooted_trees(n, own)]

    def found(values: Floats) -> Floats:
        A, b, c = np.split(values, [s * s, s * s + s], axis=1)
        A = A.reshape(-1, s, s)
        weights = elementary({"": (b, _product(A))}, trees, {TIME: c})
        return weights if own else np.hstack([weights, c - A.sum(axis=2)])

    conditions = [Condition(sum_of(t), formula_of(t, own), 1 / density(t)) for t in trees]
    nodes = [f"c[{i}] - the sum of the row A[{i}]" for i in range(s) if not own]
    conditions += [Condition(1, text, 0.0, nodes=True) for text in nodes]
    names = (*_matrix("A", s), *_vector("b", s), *_vector("c", s))
    numbers = (*(a for row in method.A for a in row), *method.b, *method.c)
    return Coefficients(names, numbers, tuple(conditions), found)


def of_partitioned(method: PartitionedRungeKutta, order: int) -> Coefficients:
    """A, b, A_hat, b_hat, c; the bicoloured trees, and c from the row sums of the tableau that has them."""
    s = method.stages
    trees = _bicoloured(order, "general")
    c = np.array([float(x) for x in method.c])
    gaps = [np.abs([float(sum(row)) for row in A] - c) for A in (method.A, method.A_hat)]
    first = float(np.sort(gaps[0])[: s // 2 + 1].sum()) <= float(
        np.sort(gaps[1])[: s // 2 + 1].sum()
    )
    label = "A" if first else "A_hat"

    def found(values: Floats) -> Floats:
        A, b, A_hat, b_hat, c = np.split(values, np.cumsum([s * s, s, s * s, s]), axis=1)
        A, A_hat = A.reshape(-1, s, s), A_hat.reshape(-1, s, s)
        weights = elementary({"A": (b, _product(A)), "B": (b_hat, _product(A_hat))}, trees)
        return np.hstack([weights, c - (A if first else A_hat).sum(axis=2)])

    conditions = [Condition(sum_of(t), formula_of(t), 1 / density(t)) for t in trees]
    nodes = [
        Condition(1, f"c[{i}] - the sum of the row {label}[{i}]", 0.0, nodes=True) for i in range(s)
    ]
    names = (
        *_matrix("A", s), *_vector("b", s), *_matrix("A_hat", s), *_vector("b_hat", s), *_vector("c", s)
    )  # fmt: skip
    numbers = (
        *(a for row in method.A for a in row), *method.b,
        *(a for row in method.A_hat for a in row), *method.b_hat, *method.c,
    )  # fmt: skip
    return Coefficients(names, numbers, (*conditions, *nodes), found)


def of_splitting(method: Splitting, order: int) -> Coefficients:
    """The substeps; alternating trees for two parts, words for more."""
    letters = [part for part, _ in method.substeps]
    names = tuple(f"substep {i} ({part})" for i, part in enumerate(letters))
    numbers = tuple(x for _, x in method.substeps)
    if set(letters) - set("AB"):
        words = [w for n in range(1, order + 1) for w in product(sorted(set(letters)), repeat=n)]
        conditions = [Condition(len(w), _word_formula(w), 1 / factorial(len(w))) for w in words]
        return Coefficients(
            names, numbers, tuple(conditions), lambda values: _words(letters, values, words)
        )
    trees = _bicoloured(order, "nystrom" if method.needs == QUADRATIC else "separable")
    own = {z: np.array([float(z == letter) for letter in letters]) for z in "AB"}

    def found(values: Floats) -> Floats:
        parts = {z: (values * own[z], _sums_before(values * own[z])) for z in "AB"}
        return elementary(parts, trees)

    conditions = [Condition(sum_of(t), _splitting_formula(t), 1 / density(t)) for t in trees]
    return Coefficients(names, numbers, tuple(conditions), found)


def of_quadrature(nodes: Sequence[Any], weights: Sequence[Any]) -> Coefficients:
    """s nodes and s weights on [0, 1], exact for polynomials of degree s - 1."""
    s = len(nodes)

    def found(values: Floats) -> Floats:
        c, b = np.split(values, 2, axis=1)
        return np.stack([(b * c**k).sum(axis=1) for k in range(s)], axis=1)

    powers = ["", " nodes_i", *(f" nodes_i^{k}" for k in range(2, s))]
    conditions = [Condition(k + 1, f"sum weights_i{powers[k]}", 1 / (k + 1)) for k in range(s)]
    names = (*_vector("nodes", s), *_vector("weights", s))
    return Coefficients(names, (*nodes, *weights), tuple(conditions), found)


def elementary(
    parts: Mapping[str, tuple[Floats, Reach]],
    trees: Sequence[Tree],
    leaves: Mapping[Tree, Floats] | None = None,
) -> Floats:
    """sum_i b_i Phi_i(t) of every tree, (N, len(trees)); `parts` holds (b, A) of each colour, `leaves` c for TIME."""
    known: dict[Tree, Floats] = dict(leaves or {})

    def stages(tree: Tree) -> Floats:  # Phi_i(t), (N, s)
        value = np.ones_like(parts[colour(tree)][0])
        for branch in branches(tree):
            if branch not in known:
                known[branch] = parts[colour(branch)][1](stages(branch))
            value = value * known[branch]
        return value

    return np.stack([(parts[colour(t)][0] * stages(t)).sum(axis=1) for t in trees], axis=1)


def colour(tree: Tree) -> str:
    return str(tree[0]) if tree and tree[0] in ("A", "B") else ""


def sum_of(tree: Tree) -> int:
    """The number of vertices."""
    return 1 + sum(map(sum_of, branches(tree)))


def formula_of(tree: Tree, own_nodes: bool = False) -> str:
    """The left-hand side as HLW writes it: "sum b_i c_i a_ij c_j", with hats for the second tableau.

    With nodes of its own c_i is the node and (A 1)_i the row sum; otherwise both are c_i.
    """
    letters: Iterator[str] = iter("ijklmnopqrstuvwxyz")
    kinds = {TIME: "c", (): "(A 1)" if own_nodes else "c", ("A",): "c", ("B",): "c_hat"}

    def below(tree: Tree, i: str) -> str:
        text = ""
        for leaf, name in kinds.items():
            power = branches(tree).count(leaf)
            if power:
                text += f" {name}_{i}" + (f"^{power}" if power > 1 else "")
        for branch in branches(tree):
            if branches(branch):
                j = next(letters)
                text += f" a{_hat(colour(branch))}_{i}{j}" + below(branch, j)
        return text

    root = next(letters)
    return f"sum b{_hat(colour(tree))}_{root}" + below(tree, root)


def _hat(z: str) -> str:
    return "_hat" if z == "B" else ""


def _splitting_formula(tree: Tree) -> str:
    what = {"A": "drifts A", "B": "kicks B"}[colour(tree)]
    if not branches(tree):
        return f"the sum of the {what}"
    return f"the elementary weight of the tree {bracket(tree)}"


def _word_formula(word: Sequence[str]) -> str:
    if len(word) == 1:
        return f"the sum of the substeps of part {word[0]}"
    return f"the coefficient of the word {''.join(word)}"


def _words(letters: Sequence[str], values: Floats, words: Sequence[tuple[str, ...]]) -> Floats:
    """The coefficients of words in exp(x_1 h X_1) exp(x_2 h X_2) ..., (N, len(words))."""
    one = np.ones(len(values))
    reached = {w[:k]: 0 * one for w in words for k in range(len(w) + 1)}
    reached[()] = one
    for k, letter in enumerate(letters):
        after = dict(reached)
        for word in reached:
            power = one
            for n in range(1, len(word) + 1):
                if word[-n] != letter:
                    break
                power = power * values[:, k] / n
                after[word] = after[word] + power * reached[word[:-n]]
        reached = after
    return np.stack([reached[w] for w in words], axis=1)


def _bicoloured(order: int, kind: Kind) -> list[Tree]:
    return [t for n in range(1, order + 1) for z in "AB" for t in bicoloured_trees(n, z, kind)]


def _product(A: Floats) -> Reach:
    return lambda v: np.einsum("nij,nj->ni", A, v)


def _sums_before(own: Floats) -> Reach:
    return lambda v: np.cumsum(own * v, axis=1)


def _matrix(name: str, s: int) -> tuple[str, ...]:
    return tuple(f"{name}[{i}][{j}]" for i in range(s) for j in range(s))


def _vector(name: str, s: int) -> tuple[str, ...]:
    return tuple(f"{name}[{i}]" for i in range(s))
