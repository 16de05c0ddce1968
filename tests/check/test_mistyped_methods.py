"""One wrong coefficient, sign or declaration of a method is found and named."""

from fractions import Fraction as Q

import numpy as np
import pytest
from mistyped import around, declared, factor, minus, numbers, plus, substeps, tableau, to

from geoflow.check.methods import check_method, coefficient_findings
from geoflow.integrators import METHODS, Formula, PartitionedRungeKutta, RungeKutta, Splitting
from geoflow.integrators.compositions import symmetric_composition

YOSHIDA = ["0.78451361047755726381949763", "0.25357321335935813368479318", "-1.17767998417887100694641568"]
MIDDLE = "1.27918632068391121888424973"  # what completes the sum to one after two digits were exchanged above

MISTYPED = [
    # explicit tableaus
    (tableau("rk4", "A", 2, 1, to(Q(1, 3))), "A[2][1] = 1/3 should be 1/2"),
    (tableau("rk4", "A", 3, 2, minus), "A[3][2] = -1 should be 1"),
    (tableau("rk4", "b", 1, None, to(Q(334, 1000))), "b[1] = 167/500 should be 1/3"),
    (tableau("rk4", "c", 2, None, to(Q(3, 5))), "c[2] = 3/5 should be 1/2"),
    (tableau("kutta_3", "A", 2, 0, minus), "A[2][0] = 1 should be -1"),
    (tableau("rk4_38", "A", 2, 0, minus), "A[2][0] = 1/3 should be -1/3"),
    (tableau("ralston_3", "b", 2, None, to(Q(1, 2))), "b[2] = 1/2 should be 4/9"),
    (tableau("ssprk_3_3", "A", 2, 1, to(Q(1, 2))), "A[2][1] = 1/2 should be 1/4"),
    (tableau("explicit_midpoint", "A", 1, 0, to(Q(2, 3))), "A[1][0] = 2/3 should be 1/2"),
    (tableau("heun_2", "b", 1, None, to(Q(1, 3))), "b[1] = 1/3 should be 1/2"),
    (tableau("butcher_6", "A", 6, 2, to(Q(63, 45))), "A[6][2] = 7/5 should be 63/44"),
    (tableau("butcher_6", "b", 4, None, minus), "b[4] = 4/15 should be -4/15"),
    (tableau("dormand_prince_5", "A", 4, 1, to(Q(-25306, 2187))), "A[4][1] = -25306/2187 should be -11.5957933242"),
    (tableau("dormand_prince_5", "b", 2, None, to(Q(500, 1131))), "b[2] = 500/1131 should be 0.449236298293"),
    (tableau("dormand_prince_8", "A", 7, 5, plus("1e-7")), "A[7][5] = -0.0153193377486 should be -0.0153194377486"),
    (tableau("dormand_prince_8", "A", 11, 8, minus), "A[11][8] = 8.87285693353 should be -8.87285693353"),
    (tableau("dormand_prince_8", "b", 5, None, plus("-0.009")), "b[5] = 4.44131289275 should be 4.45031289275"),
    (tableau("ssprk_10_4", "A", 7, 2, to(Q(1, 6))), "A[7][2] = 1/6 should be 1/15"),
    # implicit tableaus
    (tableau("gauss_2", "A", 0, 1, minus), "A[0][1] = 0.0386751345948 should be -0.0386751345948"),
    (tableau("gauss_2", "b", 0, None, plus("0.05")), "b[0] = 0.55 should be 1/2"),
    (tableau("gauss_2", "c", 1, None, plus("0.05")), "c[1] = 0.838675134595 should be 0.788675134595"),
    (tableau("gauss_6", "A", 1, 2, plus("0.001")), "A[1][2] = -0.0193001022932 should be -0.0203001022932"),
    (tableau("gauss_6", "c", 1, None, plus("0.001")), "c[1] = 0.170395306767 should be 0.169395306767"),
    (tableau("radau_iia_2", "A", 0, 1, minus), "A[0][1] = 0.0833333333333 should be -1/12"),
    (tableau("lobatto_iiia_3", "A", 1, 0, plus("0.1")), "A[1][0] = 0.308333333333 should be 5/24"),
    (tableau("sdirk_3", "A", 1, 0, plus("0.01")), "A[1][0] = 0.292066739246 should be 0.282066739246"),
    (tableau("crouzeix_2", "A", 1, 0, minus), "A[1][0] = 0.57735026919 should be -0.57735026919"),
    (tableau("implicit_midpoint", "A", 0, 0, to(Q(1, 3))), "A[0][0] = 1/3 should be 1/2"),
    (tableau("trapezoidal", "b", 0, None, to(Q(1, 3))), "b[0] = 1/3 should be 1/2"),
    (tableau("hbvm_3_2", "A", 0, 1, plus("0.01")), "A[0][1] = 0.0600896290574 should be 0.0500896290574"),
    # partitioned tableaus
    (tableau("partitioned_verlet", "A_hat", 0, 0, to(Q(1, 3))), "A_hat[0][0] = 1/3 should be 1/2"),
    (tableau("partitioned_verlet", "b_hat", 1, None, to(Q(2, 3))), "b_hat[1] = 2/3 should be 1/2"),
    (tableau("lobatto_iiia_iiib_3", "A", 1, 1, minus), "A[1][1] = -0.333333333333 should be 1/3"),
    (tableau("lobatto_iiia_iiib_3", "A_hat", 1, 1, plus("0.01")), "A_hat[1][1] = 0.343333333333 should be 1/3"),
    # drifts and kicks
    (substeps("stormer_verlet", {0: to(Q(51, 100))}), "substep 0 (B) = 51/100 should be 1/2"),
    (substeps("symplectic_euler", {1: minus}), "substep 1 (A) = -1 should be 1"),
    (substeps("yoshida_4", {3: minus}), "substep 3 (A) = 1.70241438392 should be -1.70241438392"),
    (substeps("blanes_moan_10_6", {3: plus("1e-5")}), "substep 3 (A) = -0.132375865768 should be -0.132385865768"),
    (substeps("srkn_14_6", {4: minus}), "substep 4 (A) = 0.0258678882666 should be -0.0258678882666"),
    (substeps("srkn_11_6", {5: plus("1e-8")}), "substep 5 (A) = -0.127049202625 should be -0.127049212625"),
    (substeps("saba_3", {1: plus("0.001")}), "substep 1 (B) = 0.278777777778 should be 5/18"),
    (substeps("strang_3", {1: to(Q(1, 3))}), "substep 1 (B) = 1/3 should be 1/2"),
    (substeps("lie_trotter_3", {1: to(Q(1, 3))}), "substep 1 (B) = 1/3 should be 1"),
    (
        substeps("blanes_moan_6_4", {2: minus, 10: minus}),  # as `symmetric_splitting` repeats it
        "entries substep 2 (B) = -0.35317290605 and substep 10 (B) = -0.35317290605 should be 0.35317290605",
    ),
    # factors of compositions
    (factor("yoshida_6", 3, "0.001"), "substep 3 (A) = 0.236573213359 should be 0.235573213359"),
    (factor("yoshida_8", 5, "-0.00001"), "substep 5 (A) = -1.44486223686 should be -1.44485223686"),
    (factor("mclachlan_8", 9, "1e-9"), "substep 9 (A) = 0.299064182304 should be 0.299064181304"),
    (factor("sofroniou_spaletta_10", 7, "1e-6"), "substep 7 (A) = -0.229591841594 should be -0.229592841594"),
    (substeps("mclachlan_4", {3: plus("0.001")}), "substep 3 (B) = -0.099 should be -1/10"),
    (
        symmetric_composition(METHODS["stormer_verlet"], [*YOSHIDA, MIDDLE], 6, "Yoshida1990"),
        "substep 3 (A) = 0.253573213359 should be 0.235573213359",
    ),
    # numbers of formulas
    (numbers("average_vector_field", "weights", 2, plus("0.01")), "weights[2] = 0.166853322939 should be 0.15685332"),
    (numbers("average_vector_field", "nodes", 2, plus("0.01")), "nodes[2] = 0.247233795042 should be 0.237233795042"),
    (declared("projected_rk4", base=tableau("rk4", "b", 2, None, to(Q(1, 6)))), "b[2] = 1/6 should be 1/3"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "words"), MISTYPED, ids=[words for _, words in MISTYPED])
def test_the_coefficient_that_is_wrong_is_named_with_what_it_should_be(method, words):
    sentences = [row.wrong for row in coefficient_findings(method) if row.wrong]
    assert len(sentences) == 1
    assert words in sentences[0]


def test_the_condition_is_named_as_the_book_writes_it():
    wrong = tableau("rk4", "b", 1, None, plus("0.001"))
    (row,) = coefficient_findings(wrong)
    assert row.wrong.startswith("sum b_i = 1.001, should be 1: order 1 condition; entry b[1]")
    (row,) = coefficient_findings(tableau("butcher_6", "A", 4, 3, plus("0.01")))
    assert "sum b_i c_i = " in row.wrong and "order 2 condition; entry A[4][3]" in row.wrong


def random_slips(name, random):
    """(method, name of the entry): one number of each kind changed by a hundredth, of methods of order two and more.

    Zeros of an explicit method are left: nobody types them.
    """
    method = METHODS[name]
    if isinstance(method, Splitting):
        for k in map(int, random.permutation(len(method.substeps))[:2]):
            yield substeps(name, {k: plus("0.01")}), f"substep {k} ("
    elif isinstance(method, RungeKutta | PartitionedRungeKutta):
        hats = ("A_hat", "b_hat") if isinstance(method, PartitionedRungeKutta) else ()
        for entry in ("A", "b", "c", *hats):
            i = int(random.integers(method.stages))
            j = int(random.integers(method.stages)) if entry.startswith("A") else None
            if method.explicit and j is not None and (j >= i or method.A[i][j] == 0):
                continue
            place = f"{entry}[{i}]" if j is None else f"{entry}[{i}][{j}]"
            yield tableau(name, entry, i, j, plus("0.01")), f"{place} ="


def test_a_slip_in_any_method_is_detected_and_nearly_always_named():
    """Methods of order two with many stages, as Runge-Kutta-Chebyshev, satisfy too few conditions for the latter."""
    random, named = np.random.default_rng(2), []
    for name, method in METHODS.items():
        for wrong, place in random_slips(name, random) if method.order > 1 else ():
            said = [row.wrong for row in coefficient_findings(wrong) if row.wrong]
            assert said, f"{name}: {place} is not detected"
            named.append(place in said[0])
    assert len(named) > 150
    assert np.mean(named) > 0.95


DECLARED = [
    (declared("rk4", order=5), "order 5 is declared, the coefficients have order 4"),
    (declared("rk4", order=3), "order 3 is declared, the coefficients have order 4 or more"),
    (declared("yoshida_4", order=6), "order 6 is declared, the coefficients have order 4"),
    (declared("gonzalez", order=3), "one step has order 2.0"),
    (declared("itoh_abe", order=2), "one step has order 1.0"),
    (declared("itoh_abe", proved={"symmetric": "ItohAbe1988"}), "symmetric is proved (ItohAbe1988), but a step"),
    (declared("hairer_lubich", proved={"symplectic": "HLW"}), "symplectic is proved (HLW), but a step"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "words"), DECLARED, ids=[words for _, words in DECLARED])
def test_a_wrong_order_or_proof_is_named(method, words):
    assert words in " ".join(row.wrong for row in check_method(method))


def test_nodes_of_its_own_have_the_conditions_with_time():
    """Lobatto IIIB with two stages: c is no row sum, and b_i c_i and b_i (A 1)_i are two conditions."""
    (row,) = coefficient_findings(tableau("lobatto_iiib_2", "c", 1, None, plus("-0.25")))
    assert "sum b_i c_i = 0.375, should be 1/2: order 2 condition; entry c[1]" in row.wrong
    (row,) = coefficient_findings(tableau("lobatto_iiib_2", "A", 1, 0, plus("0.25")))
    assert "sum b_i (A 1)_i = 0.625, should be 1/2: order 2 condition" in row.wrong


def test_a_formula_that_no_problem_serves_is_named():
    def step(t, y, h, eps, *, frequencies, rotation):
        return y, 1

    (row, *_) = check_method(Formula(step, 1, "test", name="served_by_none"))
    assert row.wrong == "no problem provides what it needs: frequencies, rotation"


def test_two_weights_whose_sum_is_right_are_named_together():
    wrong = around(METHODS["rk4"], b=(Q(1, 6), Q(1, 6), Q(1, 2), Q(1, 6)))
    (row,) = coefficient_findings(wrong)
    assert "entries b[1] = 1/6 and b[2] = 1/2 should be 1/3 and 1/3" in row.wrong


def test_two_entries_of_a_row_whose_sum_is_right_are_named_together():
    """The nodes and the quadrature are right: nothing shows before the tall tree of four vertices."""
    A = (*METHODS["rk4"].A[:3], (0, Q(1, 2), Q(1, 2), 0))
    (row,) = coefficient_findings(around(METHODS["rk4"], A=A))
    assert "sum b_i a_ij a_jk c_k = 0.0208333333333, should be 1/24: order 4 condition" in row.wrong
    assert "entries A[3][1] = 1/2 and A[3][2] = 1/2 should be 0 and 1" in row.wrong


def test_coefficients_of_few_digits_are_told_from_wrong_ones():
    """All of Gauss's coefficients cut after nine digits: no single one repairs the method."""
    gauss = METHODS["gauss_2"]
    cut = [[round(float(a), 9) for a in row] for row in gauss.A]
    nodes = [round(float(c), 9) for c in gauss.c]
    (row,) = coefficient_findings(around(gauss, A=cut, b=[0.5, 0.5], c=nodes))
    assert "as if the coefficients had too few digits" in row.wrong


def test_what_cannot_be_told_apart_is_said_to_be_so():
    """Of a method of order two with three stages several entries could be the wrong one."""
    A, c = ((0, 0, 0), (Q(1, 2), 0, 0), (Q(1, 4), Q(1, 4), 0)), (0, Q(1, 2), Q(1, 2))
    wrong = around(METHODS["kutta_3"], A=A, b=(Q(1, 3),) * 3, c=c, order=2)
    (row,) = coefficient_findings(wrong)
    assert " or " in row.wrong
