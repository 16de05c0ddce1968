"""Laws of the methods that are one function: their order, symmetry, compiled loop and refusals."""

import mpmath
import numpy as np
import pytest
from examples import FREE, suited

from geoflow.ground.errors import InputError, SolveError
from geoflow.integrators import METHODS, Formula
from geoflow.integrators.families.formula import implicit_formula
from geoflow.integrators.integrate import integrate
from geoflow.integrators.step import one_step
from geoflow.measure.defects import FLOOR, exact_floats, solve, truth
from geoflow.problems import PROBLEMS
from geoflow.theory.structure import conjugate_symplectic, properties, symmetric, symplectic

FORMULAS = [name for name, method in METHODS.items() if isinstance(method, Formula)]


DRIVEN = [problem for problem in PROBLEMS.values() if problem.driven]


def served(name, problems=FREE):
    """A nonlinear problem that provides what the method needs."""
    problem = suited(problems, METHODS[name])
    assert problem is not None, f"nothing serves {name}"
    return problem


@pytest.mark.parametrize("problems", [FREE, DRIVEN], ids=["free", "driven"])
@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_has_the_order_it_declares(name, problems):
    problem, method = served(name, problems), METHODS[name]
    exact = truth(problem, 1, digits=None)
    coarse, fine = (np.abs(solve(problem, method, 1, n, floats=True) - exact).max() for n in (32, 64))
    assert fine > FLOOR
    assert np.log2(coarse / fine) == pytest.approx(method.order, abs=0.15)


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("problems", [FREE, DRIVEN], ids=["free", "driven"])
def test_a_step_back_undoes_a_step_exactly_for_symmetric_formulas(name, problems):
    problem = served(name, problems)
    phi = one_step(METHODS[name], problem)
    with mpmath.workdps(30):
        y, h, zero = exact_floats(problem.y0), mpmath.mpf("0.1"), mpmath.mpf(0)
        y = phi(zero, y, h)  # off every symmetry
        defect = float(max(abs(phi(h, phi(zero, y, h), -h) - y)))
    assert defect < 1e-25 if symmetric(METHODS[name]) else defect > 1e-12


@pytest.mark.parametrize("name", FORMULAS)
def test_the_compiled_loop_runs_the_very_function(name, recwarn):
    problem = served(name)
    run = integrate(problem, name, h=0.05, steps=8)
    assert not recwarn.list
    phi, y = one_step(METHODS[name], problem), problem.y0
    for n in range(8):
        y = phi(n * 0.05, y, 0.05)
        assert np.abs(run.y[n + 1] - y).max() <= 1e-12
    assert run.iterations >= 8


@pytest.mark.parametrize("name", FORMULAS)
def test_what_has_no_coefficients_has_no_properties_of_coefficients(name):
    method, found = METHODS[name], properties(METHODS[name])
    said = {key for key, value in found.items() if value is not None}
    structure = {"symmetric", "symplectic"} if method.canonical else {"symmetric"}
    assert said == {"order", "stages", "explicit", "reference"} | structure
    assert all(found[key] is True for key in method.proved.keys() & found.keys())


def test_to_be_symplectic_is_not_defined_without_pairs_and_false_without_a_proof():
    assert symplectic(METHODS["rkmk_4"]) is symplectic(METHODS["reversible_verlet"]) is None
    assert symplectic(METHODS["deuflhard"]) is True and symplectic(METHODS["kahan"]) is False
    assert conjugate_symplectic(METHODS["kahan"]) is None  # not known


@pytest.mark.parametrize(
    ("method", "problem", "wanted"),
    [
        ("kahan", "pendulum", r"a quadratic field \(`quadratic` in `offers`\)"),
        ("gonzalez", "driven_pendulum", r"needs the gradient of H \(`gradient` in `offers`, or"),
        ("itoh_abe", "driven_pendulum", "a `hamiltonian` or the invariant 'energy', without time"),
        ("boris", "kepler", r"needs `magnetic_field` B\(q\) in `offers`"),
        ("deuflhard", "kepler", "needs `frequencies` omega_i in `offers`"),
        ("rkmk_4", "kepler", r"needs a\(y\) with y' = a\(y\) x y in R\^3"),
        ("projected_rk4", "driven_pendulum", "needs the invariants to project onto"),
        ("reversible_verlet", "kepler", r"needs a state \(q, p, t, rho\)"),
    ],
)
def test_a_problem_that_does_not_offer_enough_is_refused(method, problem, wanted):
    with pytest.raises(InputError, match=wanted):
        integrate(problem, method, h=0.1, steps=1)


def unsolvable(t, y, z, h, eps, *, field):
    """z = y + h (2 + z^2) has no real solution for h = 1."""
    return h * (2 + z * z) + 0 * field(t, y)


def test_equations_without_a_solution_are_an_error():
    method = implicit_formula(unsolvable, order=1, reference="test")
    with pytest.raises(SolveError, match="were not solved at t = 0"):
        one_step(method, PROBLEMS["pendulum"])(0.0, PROBLEMS["pendulum"].y0, 1.0)
