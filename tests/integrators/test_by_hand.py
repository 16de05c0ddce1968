"""Examples worked by hand, and what the families' constructors promise."""

from fractions import Fraction as Q

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoflow.errors import InputError
from geoflow.integrators import METHODS, adjoint, compose
from geoflow.integrators.compositions import symmetric_composition, triple_jump
from geoflow.integrators.families import explicit_rk, implicit_rk, splitting
from geoflow.integrators.integrate import integrate
from geoflow.registry import lookup


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
        method = splitting(parts, numbers, 1, "test")
        assert adjoint(adjoint(method)).substeps == method.substeps
    tableau = explicit_rk([[x] * i for i, x in enumerate(numbers)], numbers, 1, "test")
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
    with pytest.raises(ValueError, match="does not complete the sum to one"):
        symmetric_composition(METHODS["stormer_verlet"], ["0.30001", "0.50001"], 2, "test")


def test_a_family_has_members_of_any_number_of_stages():
    assert METHODS["gauss_9"].order == 18 and "gauss_9" not in list(METHODS)
    assert lookup(METHODS, "radau_iia_7").stages == 7
    with pytest.raises(InputError, match="needs S >= 2 stages"):
        lookup(METHODS, "lobatto_iiia_1")
    with pytest.raises(InputError, match="did you mean 'gauss_"):
        lookup(METHODS, "gaus_2")


def test_a_tableau_of_the_wrong_shape_is_refused():
    with pytest.raises(InputError, match="A of shape"):
        implicit_rk([[1, 0]], [1], [1], 1, "test")
    with pytest.raises(InputError, match="one coefficient for each letter"):
        splitting("BA", [1], 1, "test")
