"""A method whose coefficients cannot be those of its order is refused when it is made."""

import re
from dataclasses import replace
from fractions import Fraction as Q
from pathlib import Path

import mpmath
import pytest

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, Formula, PartitionedRungeKutta, RungeKutta, Splitting
from geoflow.integrators.compositions import compose, symmetric_composition, symmetric_splitting
from geoflow.integrators.controls import CONTROLS
from geoflow.integrators.families import explicit_rk, implicit_rk, partitioned, splitting
from geoflow.potentials import POTENTIALS
from geoflow.problems import PROBLEMS

half, slip = Q(1, 2), Q(1, 1000)
TABLEAUS = [name for name, method in METHODS.items() if isinstance(method, RungeKutta)]
SPLITTINGS = [name for name, method in METHODS.items() if isinstance(method, Splitting)]


def mistyped(numbers, place):
    with mpmath.workdps(60):
        moved = numbers[place] + (mpmath.mpf("1e-3") if isinstance(numbers[place], mpmath.mpf) else slip)
    return (*numbers[:place], moved, *numbers[place + 1 :])


@pytest.mark.parametrize("name", TABLEAUS)
def test_every_slip_in_a_weight_or_a_node_of_a_tableau_is_refused(name):
    method = METHODS[name]
    for i in range(method.stages):
        with pytest.raises(InputError, match=r"the weights b to sum to 1, got "):
            implicit_rk(method.A, mistyped(method.b, i), method.c, method.order, "test")
        if method.b[i] and method.order > 1:
            with pytest.raises(InputError, match=rf"for order \d+, .* row sums of A in its entries .*\b{i}\b"):
                implicit_rk(method.A, method.b, mistyped(method.c, i), method.order, "test")


@pytest.mark.parametrize("name", SPLITTINGS)
def test_every_slip_in_a_coefficient_of_a_splitting_is_refused(name):
    method = METHODS[name]
    parts, numbers = zip(*method.substeps, strict=True)
    for i, part in enumerate(parts):
        with pytest.raises(InputError, match=f"the coefficients of part {part} to sum to 1, got "):
            replace(method, substeps=tuple(zip(parts, mistyped(numbers, i), strict=True)))


@pytest.mark.parametrize("name", [n for n, m in METHODS.items() if isinstance(m, PartitionedRungeKutta)])
def test_both_halves_of_a_pair_are_looked_at(name):
    first, second = METHODS[name].tableaus
    with pytest.raises(InputError, match="the weights b to sum to 1"):
        replace(METHODS[name], b_hat=mistyped(second.b, 0))
    if METHODS[name].order > 1:
        s = first.stages
        right = implicit_rk([[Q(1, s)] * s] * s, [*[0] * (s - 1), 1], first.c, 1, "HLW")
        with pytest.raises(InputError, match="for order 2"):
            partitioned(first, right, 2, "HLW")


def rounded(name, digits):
    method = METHODS[name]
    return [round(float(x), digits) for x in method.b], [round(float(x), digits) for x in method.c]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: explicit_rk([[half]], [1], 1, "test"), r"lower triangular, got A\[0\]\[0\] = 1/2"),
        (lambda: explicit_rk([[], [half, half]], [0, 1], 2, "test"), r"got A\[1\]\[1\] = 1/2; try imp"),
        (lambda: explicit_rk([[], ["1/2"]], [0, 1], 2, "test"), "finite numbers in A, got '1/2'; try"),
        (lambda: explicit_rk([[]], [float("nan")], 1, "test"), "expected finite numbers in b, got nan"),
        (lambda: explicit_rk([[]], [True], 1, "test"), "expected finite numbers in b, got True"),
        (lambda: explicit_rk([[], [half]], [0, 0.9], 1, "test"), r"weights b to sum to 1, got 0.9\."),
        (lambda: explicit_rk([[], [half]], [0, 1], 3, "test"), r"b_i c_i\^2 to be 1/3, for order 3"),
        (lambda: explicit_rk([[]], [1], True, "test"), "the order to be a whole number, got True"),
        (lambda: explicit_rk([[]], [1], 1.5, "test"), "the order to be a whole number, got 1.5"),
        (lambda: explicit_rk([[]], [1], 1, None), "reference to be a key of .* got None"),
        (lambda: explicit_rk([[]], [1], 1, "Kutta, 1901"), "reference to be a key of .* got 'Kutta"),
        (lambda: implicit_rk([[half]], [1], [1], 2, "test"), r"c_i to be 1/2, for order 2, got 1; c is no"),
        (
            lambda: implicit_rk(METHODS["gauss_3"].A, *rounded("gauss_3", 9), 6, "test"),
            r"holds to \de-1\d only; (c is no.*; )?give the coefficients with more digits, or as Fraction",
        ),
        (lambda: splitting("BAB", [half, 1, 0.4], 2, "test"), "part B to sum to 1, got 0.9"),
        (lambda: splitting("AB", [1, "1"], 1, "test"), "finite numbers in a splitting, got '1'"),
        (lambda: splitting("AB", [1, 1], 1, "test", needs="quadratic"), "expected needs to be ''"),
        (lambda: compose(METHODS["rk4"], ["1"], 4, "test"), "finite numbers in gammas, got '1'"),
        (
            lambda: symmetric_composition(METHODS["stormer_verlet"], ["1.351207192", "-1.702414384"], 4, "test"),
            "at least 14 digits, got 9: the order conditions would hold to about 5e-10 only",
        ),
        (
            lambda: symmetric_composition(METHODS["stormer_verlet"], [1.5, -2.0], 4, "test"),
            "as decimal strings like .* got 1.5",
        ),
        (
            lambda: symmetric_splitting("B", ["0.1", "0.2", "0.2"], ["0.4", "0.1"], 4, "test"),
            "at least 14 digits, got 1",
        ),
        (lambda: Formula(max, 1, "test", proved={"symetric": "HLW"}), "did you mean 'symmetric'"),
    ],
)
def test_what_cannot_be_a_method_gets_a_sentence(make, message):
    with pytest.raises(InputError, match=message):
        make()


def test_a_method_that_claims_no_order_may_have_any_coefficients():
    assert implicit_rk([[-1]], [-1], [-1], 0, "test").order == 0
    assert splitting("AB", [half, 2], 0, "test").order == 0


def test_nodes_may_differ_from_the_row_sums_where_the_order_stands_it():
    """Lobatto IIIB with two stages: rows that sum to 1/2, nodes 0 and 1."""
    method = METHODS["lobatto_iiib_2"]
    assert [sum(row) for row in method.A] == [half, half] and list(method.c) == [0, 1]


def test_every_entry_of_the_tables_cites_the_bibliography():
    text = (Path(__file__).parents[2] / "report" / "references.bib").read_text()
    known = set(re.findall(r"^@\w+\{(\w+),", text, re.M))
    potentials = {name: make() for name, make in POTENTIALS.items()}
    for table in (METHODS, PROBLEMS, CONTROLS, potentials):
        for name, entry in table.items():
            proofs = getattr(entry, "proved", {}).values()
            assert {entry.reference, *proofs} <= known, name
