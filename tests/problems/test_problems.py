"""Every problem of the table: its gradient, its invariants, its solution, all against independent routes."""

import csv
from pathlib import Path

import numpy as np
import pytest

from geoflow.analysis.convergence import reference_states
from geoflow.errors import InputError
from geoflow.integrators.integrate import integrate
from geoflow.problems import PROBLEMS, Problem, make_problem

STATES = Path(__file__).parents[2] / "data" / "reference" / "states.csv"
TINY = 1e-30  # the complex step: exact to round-off


def derivative(problem, function, t, y):
    """Gradient of a scalar function of the state, by the complex step."""
    shifted = y + 1j * TINY * np.eye(len(y))
    return np.array([problem.evaluate(function, t, row).imag / TINY for row in shifted])


def states(problem):
    scale = np.abs(problem.y0).max()
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, (5, problem.dimension))
    return problem.y0 + np.where(problem.y0 == 0, scale, problem.y0) * noise


@pytest.mark.parametrize("name", [n for n, p in PROBLEMS.items() if p.hamiltonian])
def test_the_field_is_the_symplectic_gradient_of_the_hamiltonian(name):
    problem = PROBLEMS[name]
    half = problem.dimension // 2
    for y in states(problem):
        gradient = derivative(problem, problem.hamiltonian, 0.7, y)
        field = np.concatenate([gradient[half:], -gradient[:half]])
        assert problem.vector_field(0.7, y) == pytest.approx(field, rel=1e-12, abs=1e-16)


@pytest.mark.parametrize("name", PROBLEMS)
def test_invariants_do_not_change_along_the_field(name):
    problem = PROBLEMS[name]
    for y in states(problem):
        f = problem.vector_field(0.0, y)
        for invariant in problem.invariants.values():
            gradient = derivative(problem, invariant, 0.0, y)
            assert abs(gradient @ f) <= 1e-13 * np.linalg.norm(gradient) * np.linalg.norm(f)


@pytest.mark.parametrize("name", [n for n, p in PROBLEMS.items() if p.exact])
def test_exact_solutions_start_at_y0_and_satisfy_the_equation(name):
    problem = PROBLEMS[name]
    assert problem.exact(problem.span[0]) == pytest.approx(problem.y0, abs=1e-15)
    for t in (0.3, 2.0, 7.7):
        slope = (problem.exact(t + 1e-5) - problem.exact(t - 1e-5)) / 2e-5
        assert slope == pytest.approx(problem.vector_field(t, problem.exact(t)), abs=1e-8)


def test_the_pendulum_that_turns_over_has_its_exact_solution_too():
    problem = PROBLEMS["pendulum"](momentum=2.5)
    run = integrate(problem, "gauss_4", h=0.01, steps=500)
    assert run.final == pytest.approx(problem.exact(5.0), abs=1e-12)


def tracked():
    found: dict[tuple[str, float], list[float]] = {}
    with STATES.open() as file:
        for row in csv.DictReader(file):
            found.setdefault((row["problem"], float(row["t"])), []).append(float(row["value"]))
    return found


@pytest.mark.parametrize(("key", "state"), tracked().items(), ids=str)
def test_the_taylor_states_agree_with_the_high_order_methods(key, state):
    name, t = key
    h = 1e-3 if name == "fput" else 1e-2
    run = integrate(name, "gauss_5", h=h, steps=round(t / h))
    assert run.final == pytest.approx(state, abs=2e-12)


@pytest.mark.parametrize("name", ["henon_heiles", "driven_pendulum", "kepler", "pendulum"])
def test_the_states_that_orders_are_measured_against_are_the_taylor_states(name):
    assert reference_states(PROBLEMS[name])[-1] == pytest.approx(tracked()[name, 10.0], abs=1e-12)


@pytest.mark.parametrize("name", PROBLEMS)
def test_many_states_at_once_are_as_each_alone(name):
    problem = PROBLEMS[name]
    y = states(problem).T
    together = problem.vector_field(0.5, y)
    alone = [problem.vector_field(0.5, column) for column in y.T]
    assert together == pytest.approx(np.array(alone).T, rel=1e-14)


def test_parameters_are_checked_and_change_the_problem():
    assert PROBLEMS["kepler"](eccentricity=0.3).y0[0] == pytest.approx(0.7)
    assert make_problem(PROBLEMS, "fput", m=5).dimension == 20
    with pytest.raises(
        InputError, match="has no parameter 'excentricity'; did you mean 'eccentricity'"
    ):
        PROBLEMS["kepler"](excentricity=0.3)
    with pytest.raises(InputError, match=r"eccentricity in \[0, 1\), got 1.5"):
        PROBLEMS["kepler"](eccentricity=1.5)


def test_a_function_of_other_names_is_refused():
    def field(x):
        return (x[0],)

    problem = Problem(y0=np.array([1.0]), span=(0.0, 1.0), reference="test", field=field)
    with pytest.raises(InputError, match="may take t, y, q and p by name; 'field' takes"):
        integrate(problem, "rk4", h=0.1, steps=1)
