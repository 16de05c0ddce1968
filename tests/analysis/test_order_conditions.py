"""Order conditions: the trees are all there, and every declared order is the derived one."""

from dataclasses import replace
from fractions import Fraction

import pytest

from geoflow.analysis.order_conditions import HIGHEST, density, order_of, rooted_trees, vertices
from geoflow.integrators import METHODS, RungeKutta, Splitting
from geoflow.integrators.families import explicit_rk, splitting


def test_the_numbers_of_rooted_trees_are_those_of_cayley() -> None:
    assert [len(set(rooted_trees(n))) for n in range(1, 9)] == [1, 1, 2, 4, 9, 20, 48, 115]
    assert all(vertices(tree) == 6 for tree in rooted_trees(6))


def test_densities_of_the_tall_and_the_bushy_tree_of_four_vertices() -> None:
    tall, bushy = (((((),),),)), ((), (), ())
    assert (density(tall), density(bushy)) == (24, 4)


JUDGED = [
    name
    for name, m in METHODS.items()
    if isinstance(m, RungeKutta) or (isinstance(m, Splitting) and (m.parts, m.needs) == ("AB", ""))
]


@pytest.mark.parametrize("name", JUDGED)
def test_the_declared_order_is_the_derived_one(name: str) -> None:
    method = METHODS[name]
    assert order_of(method) == min(method.order, HIGHEST)


def test_a_mistyped_coefficient_costs_orders() -> None:
    rk4 = METHODS["rk4"]
    assert isinstance(rk4, RungeKutta)
    A = [list(row) for row in rk4.A]
    A[2][1] += Fraction(1, 1000)
    assert order_of(replace(rk4, A=tuple(map(tuple, A)))) == 1  # c no longer fits A


def test_order_two_needs_the_half_of_the_midpoint() -> None:
    wrong = explicit_rk([[], [Fraction(1, 3)]], [0, 1], order=2, reference="")
    assert order_of(wrong) == 1


def test_nodes_count_although_an_autonomous_problem_does_not_see_them() -> None:
    """Gauss with two equal nodes is of order four on y' = f(y), and of order one on y' = f(t, y)."""
    gauss = METHODS["gauss_2"]
    assert isinstance(gauss, RungeKutta)
    assert order_of(replace(gauss, c=(gauss.c[0], gauss.c[0]))) == 1


def test_exchanging_two_coefficients_of_a_splitting_costs_orders() -> None:
    yoshida = METHODS["yoshida_4"]
    assert isinstance(yoshida, Splitting)
    (first, *middle, last) = yoshida.substeps
    middle[0], middle[2] = middle[2], middle[0]
    assert order_of(replace(yoshida, substeps=(first, *middle, last))) < 4


def test_strang_splitting_has_order_two_and_lie_trotter_one() -> None:
    half = Fraction(1, 2)
    assert order_of(splitting("ABA", [half, 1, half], order=2, reference="")) == 2
    assert order_of(splitting("AB", [1, 1], order=1, reference="")) == 1
