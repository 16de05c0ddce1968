"""Every claim of the table of methods, measured on nonlinear problems; a new entry is tested by being there."""

from fractions import Fraction as Q

import mpmath
import numpy as np
import pytest
from examples import AUTONOMOUS, DRIVEN, SHAKEN, STATE, bead, suited

from geoflow.integrators import METHODS, Formula, PartitionedRungeKutta, RungeKutta
from geoflow.integrators.controls import CONTROLS
from geoflow.integrators.step import one_step
from geoflow.measure.defects import DIGITS, FLOOR, exact_floats, jacobian_of_step, solve, truth
from geoflow.problems import PROBLEMS
from geoflow.theory.structure import symmetric, symplectic

KINDS = {"autonomous": AUTONOMOUS, "driven": DRIVEN}
BEAD = bead()
H = 0.25
QUADRUPLE = 34  # digits
# Formulas ask for more than every problem offers: test_formulas.py measures them where they are served.
BY_COEFFICIENTS = [name for name, m in METHODS.items() if not isinstance(m, Formula)]


def measured_order(problem, method, steps, digits=None):
    """log2 of the ratio of the errors at t = 1 with `steps` and with twice as many steps.

    In float64; with quadruple precision, which takes ten times as long, where an error may be round-off.
    """
    with mpmath.workdps(QUADRUPLE):
        exact = truth(problem, 1, digits)
        coarse, fine = (max(abs(solve(problem, method, 1, n, digits is None) - exact)) for n in (steps, 2 * steps))
        if digits is None and fine < FLOOR:
            return measured_order(problem, method, steps, QUADRUPLE)
        return float(mpmath.log(coarse / fine, 2))


def order_in_the_small(problem, method):
    """Coarse steps first; a fast method is asked again with finer ones until the slope settles."""
    slope = 0.0
    for steps in (16, 64, 256) if method.order <= 3 else (16, 64):
        slope = measured_order(problem, method, steps)
        if abs(slope - method.order) < 0.1:
            break
    return slope


@pytest.mark.parametrize("name", BY_COEFFICIENTS)
@pytest.mark.parametrize("kind", KINDS)
def test_methods_have_the_order_they_declare(name, kind):
    method = METHODS[name]
    problem = suited(KINDS[kind], method)
    assert order_in_the_small(problem, method) == pytest.approx(method.order, abs=0.15)


@pytest.mark.parametrize(
    ("name", "kind", "order"),
    [
        ("rk4_mistyped", "autonomous", 2),
        ("gauss_2_equal_nodes", "driven", 1),
        ("yoshida_4_mistyped", "autonomous", 2),
        ("stormer_verlet_uneven", "autonomous", 1),
        ("mclachlan_4_swapped", "autonomous", 2),
        ("srkn_11_6_swapped", "autonomous", 4),
    ],
)
def test_the_order_of_a_wrong_method_is_found_out(name, kind, order):
    measured = order_in_the_small(KINDS[kind][0], CONTROLS[name])
    assert measured == pytest.approx(order, abs=0.15)
    assert measured < CONTROLS[name].order - 0.8


PAIRS = [name for name, m in METHODS.items() if isinstance(m, PartitionedRungeKutta)]


@pytest.mark.parametrize("name", PAIRS)
def test_pairs_have_their_order_where_hamiltonians_do_not_separate(name):
    order = METHODS[name].order
    assert order_in_the_small(BEAD, METHODS[name]) == pytest.approx(order, abs=0.15)


@pytest.mark.parametrize("name", [*PAIRS, "gauss_2"])
def test_pairs_are_symplectic_where_hamiltonians_do_not_separate(name):
    assert symplecticity_defect_on(BEAD, METHODS[name], BEAD.y0) < 1e-20


def test_what_is_symplectic_for_separable_hamiltonians_alone_is_found_out():
    """Different weights for q and p: drift 1/2, kick 1, drift 1/2, as a pair of tableaus."""
    half = Q(1, 2)
    A, A_hat = ((half, 0), (half, half)), ((0, 0), (1, 0))
    pair = PartitionedRungeKutta(A, (half, half), (half, 1), A_hat, (1, 0), 1, "test")
    assert not symplectic(pair)
    assert symplecticity_defect_on(AUTONOMOUS[0], pair, STATE) < 1e-20
    assert symplecticity_defect_on(BEAD, pair, BEAD.y0) > 1e-6


def symplecticity_defect_on(problem, method, y):
    """The largest entry of J^T W J - W."""
    J, n = jacobian_of_step(problem, method, y, H), len(y) // 2
    W = np.zeros((2 * n, 2 * n), dtype=object)
    W[:n, n:], W[n:, :n] = np.eye(n, dtype=int), -np.eye(n, dtype=int)
    with mpmath.workdps(DIGITS):
        return float(abs(J.T @ W @ J - W).max())


def symplecticity_defect(method):
    """With and without time on the right-hand side."""
    return max(
        symplecticity_defect_on(suited(kind, method), method, y)
        for kind, y in ((AUTONOMOUS, STATE), (SHAKEN, STATE[:2]))
    )


@pytest.mark.parametrize("name", BY_COEFFICIENTS)
def test_a_step_is_symplectic_exactly_when_its_coefficients_say_so(name):
    defect = symplecticity_defect(METHODS[name])
    if symplectic(METHODS[name]):
        assert defect < 1e-20
    else:
        assert defect > 1e-14


def symmetry_defect(method):
    phi = one_step(method, suited(AUTONOMOUS, method))
    with mpmath.workdps(DIGITS):
        y, h, zero = exact_floats(STATE), mpmath.mpf(H), mpmath.mpf(0)
        return float(max(abs(phi(h, phi(zero, y, h), -h) - y)))


@pytest.mark.parametrize("name", BY_COEFFICIENTS)
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


@pytest.mark.parametrize("name", [n for n, m in METHODS.items() if isinstance(m, RungeKutta) and symplectic(m)])
def test_symplectic_runge_kutta_methods_keep_quadratic_invariants(name):
    assert casimir_change(METHODS[name]) < 1e-25


@pytest.mark.parametrize("name", ["rk4", "trapezoidal", "radau_iia_2", "lobatto_iiia_3"])
def test_other_runge_kutta_methods_do_not_keep_them(name):
    assert casimir_change(METHODS[name]) > 1e-10
