"""Simplifying assumptions, elementary weights and error constants against published numbers."""

import math
from fractions import Fraction

import mpmath
import pytest

from geoflow.describe import describe
from geoflow.integrators import METHODS
from geoflow.theory.derived_order import simplifying_assumptions
from geoflow.theory.elementary_weights import elementary_weights, error_constant, principal_errors


@pytest.mark.parametrize("s", [2, 3, 4])
@pytest.mark.parametrize(
    ("family", "assumptions"),
    [
        ("gauss", lambda s: (2 * s, s, s)),
        ("radau_ia", lambda s: (2 * s - 1, s - 1, s)),
        ("radau_iia", lambda s: (2 * s - 1, s, s - 1)),
        ("lobatto_iiia", lambda s: (2 * s - 2, s, s - 2)),
        ("lobatto_iiib", lambda s: (2 * s - 2, s - 2, s)),
        ("lobatto_iiic", lambda s: (2 * s - 2, s - 1, s - 1)),
    ],
)
def test_the_families_satisfy_the_assumptions_of_the_textbook(family, assumptions, s):
    """HairerWanner1996, table IV.5.13."""
    found = simplifying_assumptions(METHODS[f"{family}_{s}"])
    assert found == dict(zip("BCD", assumptions(s), strict=True))


def test_assumptions_give_the_order():
    for name, method in METHODS.items():
        found = simplifying_assumptions(method)
        if found is not None:
            B, C, D = (found[key] for key in "BCD")
            assert min(B, C + D + 1, 2 * C + 2) <= method.order, name


def test_explicit_euler_has_nothing_to_integrate():
    assert simplifying_assumptions(METHODS["explicit_euler"]) == {"B": 1, "C": math.inf, "D": 0}


def test_a_splitting_has_no_tableau():
    verlet = METHODS["stormer_verlet"]
    assert simplifying_assumptions(verlet) is None
    assert elementary_weights(verlet) is None
    assert error_constant(verlet) is None


@pytest.mark.parametrize(
    ("name", "constant"),
    [
        ("explicit_euler", 0.5),  # |f' f| / 2
        ("implicit_midpoint", math.sqrt(1 / 12**2 + 1 / 24**2)),
        ("ralston_2", 1 / 6),  # no smaller one with two stages (Ralston 1962)
        ("rk4", 1.4505e-2),
        ("rk4_38", 1.2669e-2),
    ],
)
def test_error_constants(name, constant):
    assert error_constant(METHODS[name]) == pytest.approx(constant, rel=1e-4)


def test_the_principal_errors_of_the_classical_method_by_hand():
    errors = principal_errors(METHODS["rk4"])
    assert errors is not None and len(errors) == 9
    assert errors["[[[[*]]]]"] == Fraction(1, 120)  # no explicit method of four stages reaches it
    assert errors["[* * * *]"] == Fraction(-1, 2880)  # Simpson's rule


def test_the_error_constant_is_that_of_a_step():
    """On y' = y^2, y(0) = 1 every F(t) is a multiple of y^(p+2): the sum of e(t) is measured."""
    heun, h = METHODS["heun_3"], mpmath.mpf(10) ** -6
    rows = [row for row in elementary_weights(heun, 4) if row.order == 4]
    derivatives = {"[[[*]]]": 8, "[[* *]]": 4, "[* [*]]": 4, "[* * *]": 0}  # F(t) for f = y^2
    expected = sum(row.error * derivatives[row.tree] for row in rows)
    with mpmath.workdps(50):
        k = [mpmath.mpf(1)]
        k.append((1 + h * k[0] / 3) ** 2)
        k.append((1 + 2 * h * k[1] / 3) ** 2)
        defect = 1 / (1 - h) - 1 - h * (k[0] + 3 * k[2]) / 4
        assert float(defect / h**4) == pytest.approx(float(expected), rel=1e-4)


def test_high_orders_are_left_out():
    assert error_constant(METHODS["gauss_5"]) is None


def test_geoflow_show_tells_them():
    facts = describe("rk4")
    assert facts["simplifying_assumptions"] == {"B": 4, "C": 1, "D": 1}
    assert facts["conjugate_symplectic"] is False
    assert facts["elementary_weights"][3] == [3, "[* *]", 3, 2, "1/3", "1/3"]
    assert describe("stormer_verlet")["elementary_weights"] is None
