"""Every claim of the table of methods, measured on nonlinear problems; a new entry is tested by being there."""

import mpmath
import numpy as np
import pytest

from geoflow.analysis.measure import (
    DIGITS,
    exact_floats,
    jacobian_of_step,
    measured_order,
    shaken_pendulum,
)
from geoflow.analysis.structure import symmetric, symplectic
from geoflow.integrators import METHODS, RungeKutta
from geoflow.integrators.controls import CONTROLS
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS

STATE = np.array([0.1, 0.3, 0.4, 0.2])  # of Henon-Heiles, off every symmetry
H = 0.25


def order_in_the_small(problem, method):
    """Coarse steps first; a fast method is asked again with finer ones until the slope settles."""
    slope = 0.0
    for steps in (16, 64, 256) if method.order <= 3 else (16, 64):
        slope = measured_order(PROBLEMS[problem], method, steps=steps)
        if abs(slope - method.order) < 0.1:
            break
    return slope


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("problem", ["henon_heiles", "driven_pendulum"])
def test_methods_have_the_order_they_declare(name, problem):
    assert order_in_the_small(problem, METHODS[name]) == pytest.approx(
        METHODS[name].order, abs=0.15
    )


@pytest.mark.parametrize(
    ("name", "problem", "order"),
    [
        ("rk4_mistyped", "henon_heiles", 2),
        ("gauss_2_equal_nodes", "driven_pendulum", 1),
        ("yoshida_4_mistyped", "henon_heiles", 2),
        ("stormer_verlet_uneven", "henon_heiles", 1),
    ],
)
def test_the_order_of_a_wrong_method_is_found_out(name, problem, order):
    measured = order_in_the_small(problem, CONTROLS[name])
    assert measured == pytest.approx(order, abs=0.15)
    assert measured < CONTROLS[name].order - 0.8


def symplecticity_defect(method):
    """The largest entry of J^T W J - W, with and without time on the right-hand side."""
    defects = []
    for problem, y in ((PROBLEMS["henon_heiles"], STATE), (shaken_pendulum(), STATE[:2])):
        J, n = jacobian_of_step(problem, method, y, H), len(y) // 2
        W = np.zeros((2 * n, 2 * n), dtype=object)
        W[:n, n:], W[n:, :n] = np.eye(n, dtype=int), -np.eye(n, dtype=int)
        with mpmath.workdps(DIGITS):
            defects.append(abs(J.T @ W @ J - W).max())
    return float(max(defects))


@pytest.mark.parametrize("name", METHODS)
def test_a_step_is_symplectic_exactly_when_its_coefficients_say_so(name):
    defect = symplecticity_defect(METHODS[name])
    if symplectic(METHODS[name]):
        assert defect < 1e-20
    else:
        assert defect > 1e-14


def symmetry_defect(method):
    phi = one_step(method, PROBLEMS["henon_heiles"])
    with mpmath.workdps(DIGITS):
        y, h, zero = exact_floats(STATE), mpmath.mpf(H), mpmath.mpf(0)
        return float(max(abs(phi(h, phi(zero, y, h), -h) - y)))


@pytest.mark.parametrize("name", METHODS)
def test_a_step_back_undoes_a_step_exactly_for_symmetric_methods(name):
    defect = symmetry_defect(METHODS[name])
    if symmetric(METHODS[name]):
        assert defect < 1e-20
    else:
        assert defect > 1e-12


def test_uneven_kicks_are_symplectic_but_not_symmetric():
    control = CONTROLS["stormer_verlet_uneven"]
    assert symplecticity_defect(control) < 1e-20
    assert symmetry_defect(control) > 1e-6 and not symmetric(control)


def casimir_change(method):
    problem = PROBLEMS["rigid_body"]
    casimir = problem.invariants["casimir"]
    with mpmath.workdps(30):
        y = exact_floats(problem.y0)
        after = one_step(method, problem)(mpmath.mpf(0), y, mpmath.mpf(H))
        return float(abs(problem.evaluate(casimir, 0, after) - problem.evaluate(casimir, 0, y)))


@pytest.mark.parametrize(
    "name", [n for n, m in METHODS.items() if isinstance(m, RungeKutta) and symplectic(m)]
)
def test_symplectic_runge_kutta_methods_keep_quadratic_invariants(name):
    assert casimir_change(METHODS[name]) < 1e-25


@pytest.mark.parametrize("name", ["rk4", "trapezoidal", "radau_iia_2", "lobatto_iiia_3"])
def test_other_runge_kutta_methods_do_not_keep_them(name):
    assert casimir_change(METHODS[name]) > 1e-10
