"""Order conditions of many methods at once, in float64: how a change of one coefficient changes all of them.

`theory.order_conditions` decides in exact arithmetic whether a method has its order. Here the same sums are taken for
many slightly different methods, each a row of `values` (N, n): that is how the coefficient that is wrong is found.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from math import factorial
from typing import Any

import numpy as np

from geoflow.ground import Floats
from geoflow.integrators.families import QUADRATIC, Method, PartitionedRungeKutta, Splitting
from geoflow.theory.order_conditions import Part, Weight, coloured_weight, word_coefficient
from geoflow.theory.trees import TIME, bicoloured_trees, bracket, density, rooted_trees, vertices, weight_formula

# key -> (order of a method that needs it, left-hand side in words, right-hand side: 0 of a node that is a row sum).
# A key is a tree, a word, or the number of a node.
Conditions = Mapping[Any, tuple[int, str, float]]
AS_ROW_SUM = 1e-9


@dataclass(frozen=True, eq=False)
class Coefficients:
    """The numbers of a method by name, and the conditions on them.

    `weight` takes rows of numbers (N, n) to the function of a key that gives the left-hand sides (N,).
    """

    numbers: Mapping[str, Any]
    conditions: Conditions
    weight: Callable[[Floats], Weight]

    @property
    def values(self) -> Floats:
        """The numbers as float64, shape (n,)."""
        return np.array([float(x) for x in self.numbers.values()])

    def found(self, rows: Floats) -> Floats:
        """Left-hand sides, (N, n) -> (N, m)."""
        weight = self.weight(rows)
        return np.stack([weight(key) for key in self.conditions], axis=1)

    def defects(self, rows: Floats) -> Floats:
        """Left-hand sides minus what they should be, (N, n) -> (N, m)."""
        return self.found(rows) - np.array([wanted for _, _, wanted in self.conditions.values()])


def coefficients_of(method: Method, order: int) -> Coefficients:
    """The conditions up to `order`: trees of a tableau and of drifts and kicks, words of more than two parts."""
    if isinstance(method, Splitting):
        return _of_two_parts(method, order) if method.parts == "AB" else _of_parts(method, order)
    return _of_tableaus(method, order)


def of_quadrature(numbers: Mapping[str, Any]) -> Coefficients:
    """s nodes and s weights on [0, 1], exact for polynomials of degree s - 1: the trees whose branches are leaves."""

    def weight(values: Floats) -> Weight:
        b, c = np.split(values, 2, axis=1)
        return coloured_weight({"": Part(b, lambda v: v, c)})

    trees = [(TIME,) * k for k in range(len(numbers["nodes"]))]
    named = {**_named("weights", numbers["weights"]), **_named("nodes", numbers["nodes"])}
    return Coefficients(named, _of_trees(trees, True), weight)


def _of_tableaus(method: Any, order: int) -> Coefficients:
    """A, b, c; of a partitioned method A, b, A_hat, b_hat, c. The nodes are the row sums of a tableau.

    A method none of whose nodes is a row sum, such as Lobatto IIIB with two stages, has nodes of its own: then the
    trees with time as a leaf are the conditions on them.
    """
    s, two = method.stages, isinstance(method, PartitionedRungeKutta)
    hats = {"A": "", "B": "_hat"} if two else {"": ""}
    keys = [*(key + hat for hat in hats.values() for key in "Ab"), "c"]
    numbers = {key: _named(key, getattr(method, key)) for key in keys}

    def sums(hat: str, values: Mapping[str, Floats]) -> Floats:  # c of the row sums of A, (N, s)
        return values["c"] - values[f"A{hat}"].reshape(-1, s, s).sum(axis=2)

    def split(values: Floats) -> dict[str, Floats]:
        ends = np.cumsum([len(numbers[key]) for key in keys])[:-1]
        return dict(zip(keys, np.split(values, ends, axis=1), strict=True))

    def weight(values: Floats) -> Weight:
        at, parts = split(values), {}
        for z, hat in hats.items():
            A = at[f"A{hat}"].reshape(-1, s, s)
            parts[z] = Part(at[f"b{hat}"], lambda v, A=A: np.einsum("nij,nj->ni", A, v), at["c"])  # type: ignore[misc]
        gaps, of_tree = sums(nearest, at), coloured_weight(parts)
        return lambda key: gaps[:, key] if isinstance(key, int) else of_tree(key)

    named = {name: x for key in keys for name, x in numbers[key].items()}
    here = split(np.array([[float(x) for x in named.values()]]))
    gaps = {hat: np.sort(np.abs(sums(hat, here)[0])) for hat in hats.values()}
    # The tableau most of whose row sums are nodes.
    nearest = min(gaps, key=lambda hat: float(gaps[hat][: s // 2 + 1].sum()))
    own = not two and bool(gaps[nearest][0] > AS_ROW_SUM)
    trees = _bicoloured(order, "general") if two else _rooted(order, own)
    nodes = {i: (1, f"c[{i}] - the sum of the row A{nearest}[{i}]", 0.0) for i in range(s)}
    conditions = {**_of_trees(trees, own), **({} if own else nodes)}
    return Coefficients(named, conditions, weight)


def _of_two_parts(method: Splitting, order: int) -> Coefficients:
    own = {z: np.array([float(z == part) for part, _ in method.substeps]) for z in "AB"}

    def weight(values: Floats) -> Weight:
        x = {z: values * own[z] for z in "AB"}
        reach = {z: lambda v, z=z: np.cumsum(x[z] * v, axis=1) for z in "AB"}
        return coloured_weight({z: Part(x[z], reach[z]) for z in "AB"})

    trees = _bicoloured(order, "nystrom" if method.needs == QUADRATIC else "separable")
    words = {t: f"the elementary weight of the tree {bracket(t)}" for t in trees}
    words |= {("A",): "the sum of the drifts A", ("B",): "the sum of the kicks B"}
    conditions = {t: (vertices(t), said, 1 / density(t)) for t, said in words.items()}
    return Coefficients(_substeps(method), conditions, weight)


def _of_parts(method: Splitting, order: int) -> Coefficients:
    words = ["".join(w) for n in range(1, order + 1) for w in product(method.parts, repeat=n)]
    letters = [part for part, _ in method.substeps]
    conditions = {w: (len(w), f"the coefficient of the word {w}", 1 / factorial(len(w))) for w in words}
    return Coefficients(
        _substeps(method), conditions,
        lambda values: word_coefficient(list(zip(letters, values.T, strict=True))),
    )  # fmt: skip


def _of_trees(trees: list[Any], own_nodes: bool) -> Conditions:
    return {t: (vertices(t), weight_formula(t, own_nodes), 1 / density(t)) for t in trees}


def _rooted(order: int, timed: bool) -> list[Any]:
    return [t for n in range(1, order + 1) for t in rooted_trees(n, timed)]


def _bicoloured(order: int, kind: Any) -> list[Any]:
    return [t for n in range(1, order + 1) for z in "AB" for t in bicoloured_trees(n, z, kind)]


def _substeps(method: Splitting) -> dict[str, Any]:
    return {f"substep {i} ({part})": x for i, (part, x) in enumerate(method.substeps)}


def _named(name: str, numbers: Any) -> dict[str, Any]:
    """name[i] of a vector, name[i][j] of a matrix -> number."""
    found: dict[str, Any] = {}
    for i, x in enumerate(numbers):
        found |= _named(f"{name}[{i}]", x) if isinstance(x, tuple | list) else {f"{name}[{i}]": x}
    return found
