"""Order conditions of many methods in float64, to find a wrong coefficient of a method.

`theory.order_conditions` checks the order of one method in exact arithmetic. Here the same sums are computed for many
slightly different methods, each a row of coefficients, shape (N, n), to see how a coefficient changes the conditions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from math import factorial
from typing import Any

import numpy as np

from geoflow.ground import Floats
from geoflow.integrators.families import QUADRATIC, Method
from geoflow.theory.order_conditions import Part, Weight, coloured_weight, substep_weight, word_coefficient
from geoflow.theory.trees import TIME, bicoloured_trees, bracket, density, rooted_trees, vertices, weight_formula

# key -> (order from which the condition is needed, description of the left-hand side, right-hand side). A key is a
# tree, a word, or the index of a node (the node minus the row sum is 0).
Conditions = Mapping[Any, tuple[int, str, float]]
AS_ROW_SUM = 1e-9


@dataclass(frozen=True, eq=False)
class Coefficients:
    """Coefficients of a method by name, and their order conditions.

    weight: maps rows of coefficients (N, n) to a function that returns the left-hand sides (N,) for a key.
    """

    numbers: Mapping[str, Any]
    conditions: Conditions
    weight: Callable[[Floats], Weight]

    @property
    def values(self) -> Floats:
        """Coefficients as float64, shape (n,)."""
        return np.array([float(x) for x in self.numbers.values()])

    def found(self, rows: Floats) -> Floats:
        """Left-hand sides, (N, n) -> (N, m)."""
        weight = self.weight(rows)
        return np.stack([weight(key) for key in self.conditions], axis=1)

    def defects(self, rows: Floats) -> Floats:
        """Left-hand sides minus right-hand sides, (N, n) -> (N, m)."""
        return self.found(rows) - np.array([wanted for _, _, wanted in self.conditions.values()])


def coefficients_of(method: Method, order: int) -> Coefficients:
    """Conditions up to `order`: by trees for tableaus and two-part splittings, by words for more parts."""
    if method.substeps:
        return _of_two_parts(method, order) if method.parts == "AB" else _of_parts(method, order)
    return _of_tableaus(method, order)


def of_quadrature(numbers: Mapping[str, Any]) -> Coefficients:
    """Conditions of a quadrature with s nodes on [0, 1], exact up to degree s - 1: trees whose branches are leaves."""

    def weight(values: Floats) -> Weight:
        b, c = np.split(values, 2, axis=1)
        return coloured_weight({"": Part(b, lambda v: v, c)})

    trees = [(TIME,) * k for k in range(len(numbers["nodes"]))]
    named = {**_named("weights", numbers["weights"]), **_named("nodes", numbers["nodes"])}
    return Coefficients(named, _of_trees(trees, True), weight)


def _of_tableaus(method: Any, order: int) -> Coefficients:
    """Conditions on A, b, c, or A, b, A_hat, b_hat, c of a partitioned method; nodes are row sums of a tableau.

    If no node is a row sum, as for Lobatto IIIB with two stages, the conditions on the nodes are the trees with time as
    a leaf.
    """
    s, two = method.stages, len(method.tableaus) == 2
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
    # The tableau with the most row sums that are nodes.
    nearest = min(gaps, key=lambda hat: float(gaps[hat][: s // 2 + 1].sum()))
    own = not two and bool(gaps[nearest][0] > AS_ROW_SUM)
    trees = _bicoloured(order, "general") if two else _rooted(order, own)
    nodes = {i: (1, f"c[{i}] - the sum of the row A{nearest}[{i}]", 0.0) for i in range(s)}
    conditions = {**_of_trees(trees, own), **({} if own else nodes)}
    return Coefficients(named, conditions, weight)


def _of_two_parts(method: Method, order: int) -> Coefficients:
    trees = _bicoloured(order, "nystrom" if QUADRATIC in method.asked else "separable")
    words = {t: f"the elementary weight of the tree {bracket(t)}" for t in trees}
    words |= {("A",): "the sum of the drifts A", ("B",): "the sum of the kicks B"}
    conditions = {t: (vertices(t), said, 1 / density(t)) for t, said in words.items()}
    return Coefficients(_substeps(method), conditions, partial(substep_weight, [part for part, _ in method.substeps]))


def _of_parts(method: Method, order: int) -> Coefficients:
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
    return [t for n in range(1, order + 1) for t in bicoloured_trees(n, "AB", kind)]


def _substeps(method: Method) -> dict[str, Any]:
    return {f"substep {i} ({part})": x for i, (part, x) in enumerate(method.substeps)}


def _named(name: str, numbers: Any) -> dict[str, Any]:
    """name[i] of a vector, name[i][j] of a matrix -> number."""
    found: dict[str, Any] = {}
    for i, x in enumerate(numbers):
        found |= _named(f"{name}[{i}]", x) if isinstance(x, tuple | list) else {f"{name}[{i}]": x}
    return found
