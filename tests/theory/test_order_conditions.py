"""Order conditions: the trees are all there, and every declared order is the derived one."""

from dataclasses import replace
from fractions import Fraction
from math import factorial

import pytest

from geoflow.integrators import METHODS, Formula, RungeKutta, Splitting
from geoflow.integrators.families import explicit_rk, splitting
from geoflow.theory.order_conditions import HIGHEST, order_of, partitioned_order, splitting_order, word_order
from geoflow.theory.trees import bicoloured_trees, density, rooted_trees, symmetry, vertices


def test_the_numbers_of_rooted_trees_are_those_of_cayley() -> None:
    assert [len(set(rooted_trees(n))) for n in range(1, 9)] == [1, 1, 2, 4, 9, 20, 48, 115]
    assert all(vertices(tree) == 6 for tree in rooted_trees(6))


def test_densities_of_the_tall_and_the_bushy_tree_of_four_vertices() -> None:
    tall, bushy = (((((),),),)), ((), (), ())
    assert (density(tall), density(bushy)) == (24, 4)


def test_every_way_to_grow_a_tree_is_counted_once() -> None:
    """sum n! / (gamma sigma) = (n - 1)!: vertices are numbered so that labels rise from the root."""
    for n in range(1, 9):
        grown = [Fraction(factorial(n), density(t) * symmetry(t)) for t in rooted_trees(n)]
        assert sum(grown) == factorial(n - 1)


def test_the_numbers_of_bicoloured_trees() -> None:
    """2, 4, 14, 52, 214, 916 in all (OEIS A000151); alternating ones are as many as the plain ones."""
    counted = [sum(len(set(bicoloured_trees(n, z))) for z in "AB") for n in range(1, 7)]
    assert counted == [2, 4, 14, 52, 214, 916]
    for n in range(1, 9):
        assert len(set(bicoloured_trees(n, "A", "separable"))) == len(rooted_trees(n))
        assert all(vertices(tree) == n for tree in bicoloured_trees(n, "A", "separable"))


def test_a_quadratic_kinetic_energy_leaves_few_trees() -> None:
    """Nystrom trees: 1, 1, 2, 3, 6, 10, 20, 36 with a root where p' is differentiated (HLW III.2.3)."""
    assert [len(bicoloured_trees(n, "B", "nystrom")) for n in range(1, 9)] == [
        1, 1, 2, 3, 6, 10, 20, 36,
    ]  # fmt: skip


@pytest.mark.parametrize("name", [n for n, m in METHODS.items() if not isinstance(m, Formula)])
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
    wrong = explicit_rk([[], [Fraction(1, 3)]], [0, 1], order=1, reference="")
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


SPLITTINGS = {name: m for name, m in METHODS.items() if isinstance(m, Splitting)}


@pytest.mark.parametrize("name", list(SPLITTINGS))
def test_words_and_trees_find_the_same_order(name: str) -> None:
    """Two independent theories: exponentials that commute in no way, and H = T(p) + U(q)."""
    substeps = SPLITTINGS[name].substeps
    assert word_order(substeps) == splitting_order(substeps)


def test_a_symmetric_composition_of_three_flows_has_order_two() -> None:
    half = Fraction(1, 2)
    assert splitting_order([("A", 1), ("B", 1), ("C", 1)]) == 1
    there = [("A", half), ("B", half), ("C", 1), ("B", half), ("A", half)]
    assert splitting_order(there) == 2
    assert splitting_order(there[:-1]) == 0


def palindrome(first: str, outer: str, inner: str) -> list[tuple[str, float]]:
    """The substeps of a symmetric splitting; of both lists the last number stands in the middle."""
    one, two = ([float(x) for x in half.split()] for half in (outer, inner))
    if len(one) == len(two):  # an inner substep in the middle, and the last outer one twice
        one, two = [*one, *one[::-1]], [*two, *two[-2::-1]]
    else:
        one, two = [*one, *one[-2::-1]], [*two, *two[::-1]]
    other = "B" if first == "A" else "A"
    pairs = [((first, x), (other, y)) for x, y in zip(one, [*two, 0.0], strict=True)]
    return [substep for pair in pairs for substep in pair][:-1]


# Blanes and Moan (2002), as published.
SRKN_6B = palindrome(
    "B",
    "0.0829844064174052 0.396309801498368 -0.0390563049223486 0.1195241940131508",
    "0.245298957184271 0.60487266571108 -0.350171622895351",
)
SRKN_11B = palindrome(
    "B",
    "0.0414649985182624 0.198128671918067 -0.0400061921041533 0.0752539843015807 "
    "-0.0115113874206879 0.2366699247869311",
    "0.123229775946271 0.290553797799558 -0.127049212625417 -0.246331761062075 0.357208872795928 0.20477705429147",
)
SRKN_14A = palindrome(
    "A",
    "0.0378593198406116 0.102635633102435 -0.0258678882665587 0.314241403071447 "
    "-0.130144459517415 0.106417700369543 -0.00879424312851058 0.2073050690568954",
    "0.09171915262446165 0.183983170005006 -0.05653436583288827 0.004914688774712854 "
    "0.143761127168358 0.328567693746804 -0.19641146648645423",
)


@pytest.mark.parametrize(("substeps", "order"), [(SRKN_6B, 4), (SRKN_11B, 6), (SRKN_14A, 6)], ids=["6b", "11b", "14a"])
def test_nystrom_splittings_have_their_order_for_a_quadratic_kinetic_energy(
    substeps: list[tuple[str, float]], order: int
) -> None:
    assert splitting_order(substeps, kind="nystrom") == order
    assert splitting_order(substeps) == 4  # with any kinetic energy


def test_exchanging_kick_and_drift_of_srkn11b_costs_two_orders() -> None:
    exchanged = [("B" if part == "A" else "A", x) for part, x in SRKN_11B]
    assert splitting_order(exchanged, kind="nystrom") == 4


@pytest.mark.parametrize("stages", [2, 3, 4])
def test_the_lobatto_pair_has_order_2s_minus_2_on_every_hamiltonian(stages: int) -> None:
    q, p = METHODS[f"lobatto_iiia_{stages}"], METHODS[f"lobatto_iiib_{stages}"]
    assert isinstance(q, RungeKutta) and isinstance(p, RungeKutta)
    assert partitioned_order(q.A, q.b, p.A, p.b, q.c, q.c) == 2 * stages - 2
    assert partitioned_order(q.A, q.b, p.A, p.b, kind="separable") == 2 * stages - 2


def test_a_pair_of_one_method_is_that_method() -> None:
    rk4 = METHODS["rk4"]
    assert isinstance(rk4, RungeKutta)
    assert partitioned_order(rk4.A, rk4.b, rk4.A, rk4.b, rk4.c, rk4.c) == 4


def test_two_methods_of_order_four_need_not_be_a_pair_of_order_four() -> None:
    """The classical method for q and the 3/8 rule for p do not fit each other."""
    q, p = METHODS["rk4"], METHODS["rk4_38"]
    assert isinstance(q, RungeKutta) and isinstance(p, RungeKutta)
    assert partitioned_order(q.A, q.b, p.A, p.b) < 4


def test_wrong_nodes_of_a_pair_are_seen() -> None:
    half = Fraction(1, 2)
    A, A_hat, b = [[0, 0], [half, half]], [[half, 0], [half, 0]], [half, half]
    assert partitioned_order(A, b, A_hat, b) == 2
    assert partitioned_order(A, b, A_hat, b, (0, 1), (half, half)) == 2
    assert partitioned_order(A, b, A_hat, b, (0, 1), (0, half)) == 1
