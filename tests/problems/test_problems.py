"""Every problem of the table: its gradient, its invariants, its solution, all against independent routes."""

import warnings

import mpmath
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import integrate
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS, Problem, make_problem

TINY = 1e-30  # the complex step: exact to round-off


def derivative(problem, function, t, y):
    """Gradient of a scalar function of the state, by the complex step."""
    shifted = y + 1j * TINY * np.eye(len(y))
    return np.array([problem.evaluate(function, t, row).imag / TINY for row in shifted])


def states(problem):
    scale = np.abs(problem.y0).max()
    noise = np.random.default_rng(1).uniform(-0.05, 0.05, (5, problem.dimension))
    near = problem.y0 + np.where(problem.y0 == 0, scale, problem.y0) * noise
    consistent = problem.offers.get("consistent")
    return near if consistent is None else np.array([problem.evaluate(consistent, 0.7, y) for y in near])


OTHERS = {  # with other parameters than ones, which hide a factor
    "double_pendulum": {"m1": 2.0, "m2": 0.5, "l1": 0.7, "l2": 1.3, "gravity": 9.81},
    "duffing": {"alpha": -0.7, "beta": 1.3, "amplitude": 2.0},
    "perturbed_kepler": {"eccentricity": 0.3, "epsilon": 0.02},
    "perturbed_kepler_split": {"eccentricity": 0.3, "epsilon": 0.02},
    "restricted_three_body": {"mu": 0.3},
    "toda": {"n": 3},
}


@pytest.mark.parametrize(
    "problem",
    [p for p in PROBLEMS.values() if p.hamiltonian]
    + [PROBLEMS[name](**parameters) for name, parameters in OTHERS.items()],
    ids=lambda p: p.name,
)
def test_the_field_is_the_symplectic_gradient_of_the_hamiltonian(problem):
    half = problem.dimension // 2
    for y in states(problem):
        gradient = derivative(problem, problem.hamiltonian, 0.7, y)
        field = np.concatenate([gradient[half:], -gradient[:half]])
        assert problem.vector_field(0.7, y) == pytest.approx(field, rel=1e-12, abs=1e-16)


@pytest.mark.parametrize("name", PROBLEMS)
def test_invariants_do_not_change_along_the_field(name):
    """dI/dt + grad I . f = 0, at a time when a drive is not at rest."""
    problem, t = PROBLEMS[name], 0.7
    for y in states(problem):
        f = problem.vector_field(t, y)
        for invariant in problem.invariants.values():
            gradient = derivative(problem, invariant, t, y)
            rate = problem.evaluate(invariant, t + 1j * TINY, y + 0j).imag / TINY
            size = np.linalg.norm(gradient) * np.linalg.norm(f)
            assert abs(rate + gradient @ f) <= 1e-13 * size


@pytest.mark.parametrize("name", [n for n, p in PROBLEMS.items() if p.driven])
def test_time_enters_the_field_of_a_driven_problem_and_runs_as_a_clock(name):
    problem = PROBLEMS[name]
    clock = problem.offers.get("time")
    for y in states(problem):
        if clock is None:
            rate = problem.vector_field(0.7 + 1j * TINY, y + 0j).imag / TINY
        else:
            shifted = y + 1j * TINY * np.eye(len(y))[clock]
            rate = problem.vector_field(0.0, shifted).imag / TINY
            assert problem.vector_field(0.0, y)[clock] > 0
        assert np.abs(rate).max() > 1e-3


@pytest.mark.parametrize("name", [n for n, p in PROBLEMS.items() if p.exact])
def test_exact_solutions_start_at_y0_and_satisfy_the_equation(name):
    problem = PROBLEMS[name]
    assert problem.exact(problem.span[0]) == pytest.approx(problem.y0, abs=1e-15)
    for t in (0.3, 2.0, 7.7):
        slope = (problem.exact(t + 1e-5) - problem.exact(t - 1e-5)) / 2e-5
        assert slope == pytest.approx(problem.vector_field(t, problem.exact(t)), abs=1e-8)


@pytest.mark.parametrize("name", [n for n, p in PROBLEMS.items() if p.flows or p.separable])
def test_the_flows_are_flows_and_their_sum_is_the_field(name):
    """phi_0 = id, phi_a o phi_b = phi_(a+b), and the derivatives at h = 0 add up to f."""
    problem = PROBLEMS[name]
    parts = tuple(problem.flows) or ("A", "B")
    h = (problem.span[1] - problem.span[0]) / 300
    for y in states(problem):
        size = np.abs(y).max()
        for part in parts:
            once = problem.flow(part, 0.7, problem.flow(part, 0.7, y, 1.3 * h), -0.4 * h)
            assert problem.flow(part, 0.7, y, 0.9 * h) == pytest.approx(once, abs=1e-13 * size)
            assert problem.flow(part, 0.7, y, 0.0) == pytest.approx(y, rel=1e-15)
        rates = [problem.flow(part, 0.7, y + 0j, 1j * TINY).imag / TINY for part in parts]
        f = problem.vector_field(0.7, y)
        assert sum(rates) == pytest.approx(f, rel=1e-11, abs=1e-13 * np.abs(f).max())


@pytest.mark.parametrize("name", [n for n, p in PROBLEMS.items() if p.flows])
def test_the_flows_take_columns_and_fifty_digits(name):
    problem = PROBLEMS[name]
    h = (problem.span[1] - problem.span[0]) / 300
    for part in problem.flows:
        y = states(problem).T
        together = problem.flow(part, 0.0, y, h)
        alone = np.array([problem.flow(part, 0.0, column, h) for column in y.T]).T
        assert together == pytest.approx(alone, rel=1e-13)
        with mpmath.workdps(50):
            y = np.array([mpmath.mpf(float(x)) for x in problem.y0], dtype=object)
            a, b = mpmath.mpf(h) * 2, -mpmath.mpf(h) / 3
            twice = problem.flow(part, 0.0, problem.flow(part, 0.0, y, a), b)
            once = problem.flow(part, 0.0, y, a + b)
            assert max(abs(twice - once)) <= 1e-46 * max(abs(y))


@pytest.mark.parametrize("name", [n for n, p in PROBLEMS.items() if "poisson" in p.offers])
def test_the_poisson_structure_times_the_gradient_is_the_field(name):
    problem = PROBLEMS[name]
    for y in states(problem):
        gradient = problem.evaluate(problem.offers["gradient"], 0.0, y)
        assert gradient == pytest.approx(derivative(problem, problem.invariants["energy"], 0.0, y), rel=1e-12)
        B = problem.offers["poisson"]
        B = np.array(B(y) if callable(B) else B)
        assert np.array_equal(B, -B.T)
        assert B @ gradient == pytest.approx(problem.vector_field(0.0, y), rel=1e-12)


@pytest.mark.parametrize("name", ["abc_flow", "charged_particle", "point_vortices", "rigid_body"])
def test_the_divergence_is_zero(name):
    problem = PROBLEMS[name]
    for y in states(problem):
        shifted = y + 1j * TINY * np.eye(len(y))
        jacobian = np.array([problem.vector_field(0.0, row).imag / TINY for row in shifted])
        assert abs(np.trace(jacobian)) <= 1e-14 * np.abs(jacobian).max()


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_problem_is_compiled_without_a_warning(name):
    problem = PROBLEMS[name]
    h = (problem.span[1] - problem.span[0]) / 1e5
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for method in ("rk4", "stormer_verlet") if problem.separable else ("rk4",):
            run = integrate(problem, method, h=h, steps=3)
            phi, y = one_step(METHODS[method], problem), problem.y0
            for n in range(3):
                y = phi(problem.span[0] + n * h, y, h)
            assert run.final == pytest.approx(y, rel=1e-13, abs=1e-15 * np.abs(y).max())


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_problem_is_integrable_over_its_own_span_by_two_methods_that_agree(name):
    """RK4 with a million steps at most, and SciPy's DOP853, or a splitting where that would take minutes."""
    problem = PROBLEMS[name]
    first, last = problem.span
    if name in ("fput", "outer_solar_system"):
        h = (last - first) / 10**6
        end = integrate(problem, "yoshida_4", h=h, steps=10**6, every=10**6).final
    else:
        done = solve_ivp(problem.vector_field, problem.span, problem.y0, "DOP853", rtol=1e-11, atol=1e-13)
        assert done.success, done.message
        end = done.y[:, -1]
    for steps in (10**5, 10**6):
        run = integrate(problem, "rk4", h=(last - first) / steps, steps=steps, every=steps)
        apart = np.abs(run.final - end).max() / np.abs(end).max()
        if apart < 1e-5:
            break
    assert apart < 1e-5


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
    with pytest.raises(InputError, match="has no parameter 'excentricity'; did you mean 'eccentricity'"):
        PROBLEMS["kepler"](excentricity=0.3)
    with pytest.raises(InputError, match=r"eccentricity in \[0, 1\), got 1.5"):
        PROBLEMS["kepler"](eccentricity=1.5)


def test_a_function_of_other_names_is_refused():
    def field(x):
        return (x[0],)

    problem = Problem(y0=np.array([1.0]), span=(0.0, 1.0), reference="test", field=field)
    with pytest.raises(InputError, match="may take t, y, q and p by name; 'field' takes"):
        integrate(problem, "rk4", h=0.1, steps=1)
