"""Elementary weights of all trees, and the error constant (HairerNorsettWanner1993, II.3).

The local error of a method of order p is h^(p+1) sum_t e(t) F(t)(y) + O(h^(p+2)) over the trees of
p + 1 vertices, with e(t) = (1 / gamma(t) - sum_i b_i Phi_i(t)) / sigma(t).
"""

from dataclasses import dataclass
from fractions import Fraction

import mpmath

from geoflow.integrators.families import Method, RungeKutta
from geoflow.theory.order_conditions import HIGHEST, has_own_nodes, runge_kutta_order, runge_kutta_weight
from geoflow.theory.reduction import WORKING_DIGITS, Number, Tableau, arithmetic, of_tableaus, tableau, to_mpf
from geoflow.theory.trees import Tree, bracket, density, rooted_trees, symmetry

TABLE_UP_TO = 5


@dataclass(frozen=True)
class Row:
    """One order condition: it holds if `weight` equals 1 / `density`."""

    order: int
    tree: str
    density: int
    symmetry: int
    weight: Number
    error: Number  # e(tree)


@of_tableaus
def elementary_weights(method: RungeKutta, up_to: int = TABLE_UP_TO) -> list[Row]:
    """Rows of all trees with at most `up_to` vertices. None for a different family."""
    t = tableau(method)
    return [row for order in range(1, up_to + 1) for row in _rows(t, order)]


@of_tableaus
def principal_errors(method: RungeKutta) -> dict[str, Number] | None:
    """Error coefficients e(t) of the trees with p + 1 vertices. None for a different family and for p > HIGHEST."""
    t = tableau(method)
    order = runge_kutta_order(t, HIGHEST + 1)
    return None if order > HIGHEST else {row.tree: row.error for row in _rows(t, order + 1)}


@mpmath.workdps(WORKING_DIGITS)
def error_constant(method: Method) -> float | None:
    """Euclidean norm of the principal errors, for the comparison of methods of equal order."""
    errors = principal_errors(method)
    return None if errors is None else float(mpmath.norm([to_mpf(e) for e in errors.values()]))


def _rows(t: Tableau, order: int) -> list[Row]:
    weight = runge_kutta_weight(t)
    convert, _ = arithmetic([*t.A.ravel(), *t.b, *t.c])

    def row(tree: Tree) -> Row:
        found, sigma = weight(tree), symmetry(tree)
        error = (convert(Fraction(1, density(tree))) - found) / sigma
        return Row(order, bracket(tree), density(tree), sigma, found, error)

    return [row(tree) for tree in rooted_trees(order, has_own_nodes(t))]
