"""Rounded coefficients: the drift that follows from them is the drift of a run."""

import numpy as np
import pytest

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.families import implicit_rk
from geoflow.integrators.integrate import integrate
from geoflow.measure.rounded_coefficients import angular_momentum_drift, coefficient_defect
from geoflow.problems import PROBLEMS

KEPLER = PROBLEMS["kepler"]


def rounded(name, digits):
    """The method with its matrix rounded to so many decimals."""
    method = METHODS[name]
    A = [[round(float(a), digits) for a in row] for row in method.A]
    return implicit_rk(A, method.b, method.c, method.order, method.reference)


@pytest.mark.parametrize(("name", "digits"), [("gauss_3", 6), ("gauss_4", 6)])
def test_the_momentum_drifts_as_the_coefficients_say(name, digits):
    method, h, periods = rounded(name, digits), 2 * np.pi / 500, 20
    run = integrate(KEPLER, method, h=h, steps=500 * periods, every=500)
    L = run.invariants["angular_momentum"]
    expected = angular_momentum_drift(KEPLER, method, h)
    assert (L[-1] / L[0] - 1) / run.steps == pytest.approx(expected, rel=0.02)
    assert abs(expected) > 1e-11


def test_what_is_left_of_the_defect_in_double_precision_is_an_ulp():
    assert 0 < np.abs(coefficient_defect(METHODS["gauss_3"])).max() < 1e-16
    assert not coefficient_defect(METHODS["implicit_midpoint"]).any()
    assert abs(coefficient_defect(METHODS["rk4"])).max() > 0.01


def test_another_problem_is_refused():
    with pytest.raises(InputError, match="about problem 'kepler', got 'pendulum'"):
        angular_momentum_drift(PROBLEMS["pendulum"], METHODS["gauss_2"], 0.1)
