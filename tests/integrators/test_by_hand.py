"""Examples worked by hand, and what the families' constructors promise."""

from fractions import Fraction as Q

import mpmath
import numpy as np
import pytest
from examples import AUTONOMOUS
from hypothesis import given
from hypothesis import strategies as st

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, adjoint, compose
from geoflow.integrators.compositions import symmetric_composition, triple_jump
from geoflow.integrators.families import explicit_rk, implicit_rk, splitting
from geoflow.integrators.integrate import integrate
from geoflow.problems import PROBLEMS, Problem
from geoflow.problems.elementary import cos, sin, sqrt
from geoflow.theory.stability import real_stability_interval


def test_one_step_of_each_kind_on_the_oscillator():
    def step(method):
        return integrate("harmonic_oscillator", method, h=0.5, steps=1, y0=[1.0, 0.0]).final

    assert step("explicit_euler") == pytest.approx([1, -1 / 2])
    assert step("implicit_euler") == pytest.approx([4 / 5, -2 / 5])
    assert step("symplectic_euler") == pytest.approx([3 / 4, -1 / 2])
    assert step("stormer_verlet") == pytest.approx([7 / 8, -15 / 32])
    assert step("implicit_midpoint") == pytest.approx([15 / 17, -8 / 17])
    assert step("rk4") == pytest.approx([1 - 1 / 8 + 1 / 384, -1 / 2 + 1 / 48])


def test_the_two_stage_gauss_tableau_is_the_printed_one():
    with mpmath.workdps(45):
        r = mpmath.sqrt(3) / 6
        A = METHODS["gauss_2"].A
        printed = [[0.25, 0.25 - r], [0.25 + r, 0.25]]
        assert all(abs(A[i][j] - printed[i][j]) < 1e-44 for i in range(2) for j in range(2))


def test_the_three_stage_lobatto_tableaus_are_the_printed_ones():
    A = {kind: METHODS[f"lobatto_{kind}_3"].as_floats()[0] for kind in ("iiia", "iiib", "iiic")}
    assert A["iiia"] * 24 == pytest.approx(np.array([[0, 0, 0], [5, 8, -1], [4, 16, 4]]))
    assert A["iiib"] * 6 == pytest.approx(np.array([[1, -1, 0], [1, 2, 0], [1, 5, 0]]))
    assert A["iiic"] * 12 == pytest.approx(np.array([[2, -4, 2], [2, 5, -1], [2, 8, 2]]))


def test_explicit_and_implicit_euler_are_adjoint_to_each_other():
    star = adjoint(METHODS["explicit_euler"])
    assert (star.A, star.b, star.c) == (((1,),), (1,), (1,))


@given(st.lists(st.fractions(-2, 2), min_size=1, max_size=5), st.text("AB", min_size=1, max_size=5))
def test_the_adjoint_of_the_adjoint_is_the_method(numbers, parts):
    if len(numbers) == len(parts):
        method = splitting(parts, numbers, 0, "test")
        assert adjoint(adjoint(method)).substeps == method.substeps
    tableau = explicit_rk([[x] * i for i, x in enumerate(numbers)], numbers, 0, "test")
    assert adjoint(adjoint(tableau)).A == tableau.A


@pytest.mark.parametrize("base", ["rk4", "implicit_midpoint", "stormer_verlet"])
def test_a_composition_takes_the_steps_of_its_base_in_turn(base):
    both = compose(METHODS[base], [Q(1, 3), Q(2, 3)], 1, "test")
    first = integrate("pendulum", base, h=0.1, steps=1)
    second = integrate("pendulum", base, h=0.2, steps=1, y0=first.final)
    together = integrate("pendulum", both, h=0.3, steps=1)
    assert together.final == pytest.approx(second.final, abs=1e-15)


def test_the_triple_jump_of_verlet_is_that_of_the_paper():
    g = [float(x) for x in triple_jump(4)]
    assert g == pytest.approx([1.3512071919596578, -1.7024143839193153, 1.3512071919596578])


def test_published_factors_must_complete_the_sum_to_one():
    half = ["0.30000100000001", "0.50000100000001"]
    with pytest.raises(InputError, match=r"to complete the sum to one, which is 0\.39999"):
        symmetric_composition(METHODS["stormer_verlet"], half, 2, "test")


def test_a_family_has_members_of_any_number_of_stages():
    assert METHODS["gauss_9"].order == 18 and "gauss_9" not in list(METHODS)
    assert METHODS["radau_iia_7"].stages == 7
    with pytest.raises(InputError, match="needs S >= 2, got"):
        METHODS["lobatto_iiia_1"]
    with pytest.raises(InputError, match="did you mean 'gauss_"):
        METHODS["gaus_2"]


def test_a_tableau_of_the_wrong_shape_is_refused():
    with pytest.raises(InputError, match="A of shape"):
        implicit_rk([[1, 0]], [1], [1], 1, "test")
    with pytest.raises(InputError, match="one coefficient for each letter"):
        splitting("BA", [1], 1, "test")


def test_splittings_into_parts_are_those_of_the_textbook():
    assert METHODS["lie_trotter_3"].substeps == (("A", 1), ("B", 1), ("C", 1))
    half = Q(1, 2)
    parts = (("A", half), ("B", half), ("C", 1), ("B", half), ("A", half))
    assert METHODS["strang_3"].substeps == parts and METHODS["strang_3"].stages == 4
    assert METHODS["strang_2"].substeps == METHODS["stormer_verlet_position"].substeps


def test_families_may_have_two_parameters():
    assert METHODS["hbvm_5_2"].stages == 5 and METHODS["hbvm_5_2"].order == 4
    with pytest.raises(InputError, match="needs K >= S, got K = 1, S = 2"):
        METHODS["hbvm_1_2"]
    with pytest.raises(InputError, match="has an even order, got 5; try 6"):
        METHODS["suzuki_5"]


def test_as_many_nodes_as_degrees_make_gauss_of_a_boundary_value_method():
    with mpmath.workdps(45):
        for one, other in zip(METHODS["hbvm_3_3"].A, METHODS["gauss_3"].A, strict=True):
            assert max(abs(x - y) for x, y in zip(one, other, strict=True)) < 1e-44


@pytest.mark.parametrize(
    ("name", "cubic", "quartic"),
    [("hbvm_2_1", True, True), ("hbvm_3_2", True, False), ("hbvm_4_2", True, True), ("gauss_2", False, False)],
)
def test_boundary_value_methods_keep_polynomial_energies_of_degree_2k_over_s(name, cubic, quartic):

    def hamiltonian(q, p):
        return p[0] ** 2 / 2 + q[0] ** 4 / 4

    def field(q, p):
        return p[0], -(q[0] ** 3)

    spring = Problem(
        np.array([1.0, 0.0]), (0.0, 1.0), "test",
        field=field, invariants={"energy": hamiltonian}, name="quartic_spring",
    )  # fmt: skip
    drift = [integrate(problem, name, h=0.25, steps=400).drift["energy"] for problem in ("henon_heiles", spring)]
    assert [error < 1e-14 for error in drift] == [cubic, quartic], drift


@pytest.mark.parametrize(
    ("name", "interval"), [("rkc_1_5", 48.37), ("rkc_1_10", 193.5), ("rkc_2_5", 16.0), ("rkc_2_10", 66.0)]
)
def test_stabilised_methods_have_their_stability_interval(name, interval):
    """About 1.93 s^2 and 2/3 (s^2 - 1): Verwer (1996)."""
    assert real_stability_interval(METHODS[name]) == pytest.approx(interval, rel=0.05)


def test_the_error_of_near_integrable_splittings_falls_with_the_square_of_the_perturbation():
    """A: an oscillator, solved; B: a cubic force of size epsilon. Strang: epsilon h^2, SABA 4: epsilon^2 h^2."""

    def perturbed(epsilon):
        def turn(h, q, p):
            return cos(h) * q[0] + sin(h) * p[0], cos(h) * p[0] - sin(h) * q[0]

        def kick(h, q, p):
            return q[0], p[0] - h * epsilon * q[0] ** 3

        def field(q, p):
            return p[0], -q[0] - epsilon * q[0] ** 3

        return Problem(
            np.array([1.0, 0.3]), (0.0, 1.0), "test",
            field=field, flows={"A": turn, "B": kick}, name="perturbed",
        )  # fmt: skip

    def error(name, epsilon):
        truth = integrate(perturbed(epsilon), "gauss_6", h=0.1, steps=100).final
        return np.abs(integrate(perturbed(epsilon), name, h=0.5, steps=20).final - truth).max()

    for name, power in (("strang_2", 1), ("saba_4", 2)):
        slope = np.log10(error(name, 0.1) / error(name, 0.01))
        assert slope == pytest.approx(power, abs=0.3)
    assert error("saba_4", 0.01) < error("strang_2", 0.01) / 100


@pytest.mark.parametrize(
    ("problem", "method", "message"),
    [
        ("sir", "strang_3", "splits f into 3 parts, and problem 'sir' does not provide"),
        ("rigid_body", "partitioned_euler", "has no `hamiltonian`"),
        ("relativistic", "srkn_11_6", "has its order only for T"),
        ("three", "stormer_verlet", "has no flow of part C .* try 'strang_3'"),
    ],
)
def test_a_method_asks_what_it_needs(problem, method, message):
    def velocity(p):
        return (p[0] / sqrt(1 + p[0] ** 2),)

    def force(q):
        return (-q[0],)

    y0 = np.array([1.0, 0.0])
    problems = {
        "rigid_body": PROBLEMS["rigid_body"],
        "sir": PROBLEMS["sir"],
        "relativistic": Problem(y0, (0.0, 1.0), "test", velocity=velocity, force=force, name="relativistic"),
        "three": AUTONOMOUS[1],
    }
    with pytest.raises(InputError, match=message):
        integrate(problems[problem], method, h=0.1, steps=1)
