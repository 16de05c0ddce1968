"""Every problem of the table: its gradient, its invariants, its solution, all against independent routes."""

import csv
import warnings
from pathlib import Path

import mpmath
import numpy as np
import pytest

from geoflow.analysis.convergence import reference_states
from geoflow.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import integrate
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS, Problem, make_problem
from geoflow.problems.argon_crystal import MASS
from geoflow.problems.outer_solar_system_jacobi import from_jacobi, to_jacobi
from geoflow.problems.toda import lax_matrix

STATES = Path(__file__).parents[2] / "data" / "reference" / "states.csv"
TINY = 1e-30  # the complex step: exact to round-off


def derivative(problem, function, t, y):
    """Gradient of a scalar function of the state, by the complex step."""
    shifted = y + 1j * TINY * np.eye(len(y))
    return np.array([problem.evaluate(function, t, row).imag / TINY for row in shifted])


def states(problem):
    scale = np.abs(problem.y0).max()
    noise = np.random.default_rng(1).uniform(-0.05, 0.05, (5, problem.dimension))
    return problem.y0 + np.where(problem.y0 == 0, scale, problem.y0) * noise


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
        assert gradient == pytest.approx(
            derivative(problem, problem.invariants["energy"], 0.0, y), rel=1e-12
        )
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


def test_the_perihelion_of_perturbed_kepler_advances_as_the_quadrature_says():
    """The angle between perihelia, 2 int L/r^2 dr / r'(r) between the radii where r' = 0, with u = 1/r."""
    problem = PROBLEMS["perturbed_kepler"]
    epsilon, y = problem.parameters["epsilon"], problem.y0
    E = problem.evaluate(problem.hamiltonian, 0.0, y)
    L = problem.evaluate(problem.invariants["angular_momentum"], 0.0, y)
    low, high, beyond = sorted(np.roots([epsilon, -(L**2), 2, 2 * E]).real)
    # (r')^2 = epsilon (u - low) (u - high) (u - beyond), and u = mean - spread cos(s) takes the roots away.
    s = (np.arange(400) + 0.5) * np.pi / 400
    u = (low + high) / 2 - (high - low) / 2 * np.cos(s)
    angle = 2 * np.pi * np.mean(L / np.sqrt(epsilon * (beyond - u)))
    assert angle - 2 * np.pi == pytest.approx(3 * np.pi * epsilon / L**4, rel=0.1)
    run = integrate(problem, "gauss_5", h=0.005, steps=1400, every=1, invariants=False)
    q, p = run.y[:, :2], run.y[:, 2:]
    radial = np.sum(q * p, axis=1)  # changes from minus to plus at a perihelion
    (n,) = np.nonzero((radial[1:-1] < 0) & (radial[2:] >= 0))[0] + 1
    weight = radial[n] / (radial[n] - radial[n + 1])
    turned = np.unwrap(np.arctan2(q[:, 1], q[:, 0]))
    assert turned[n] + weight * (turned[n + 1] - turned[n]) == pytest.approx(angle, abs=1e-5)


def test_a_near_integrable_splitting_errs_in_proportion_to_the_perturbation():
    def energy_error(epsilon):
        problem = PROBLEMS["perturbed_kepler_split"](epsilon=epsilon)
        y, energy = problem.y0, []
        for _ in range(200):
            y = problem.flow("B", 0.0, y, 0.025)
            y = problem.flow("B", 0.0, problem.flow("A", 0.0, y, 0.05), 0.025)
            energy.append(problem.evaluate(problem.hamiltonian, 0.0, y))
        return np.ptp(energy)

    assert energy_error(0.005) / energy_error(0.0005) == pytest.approx(10, rel=0.1)


def test_arenstorfs_orbit_closes():
    problem = PROBLEMS["restricted_three_body"]
    assert reference_states(problem)[-1] == pytest.approx(problem.y0, abs=1e-9)


def test_the_figure_eight_closes_and_its_bodies_follow_one_another():
    problem = PROBLEMS["figure_eight"]
    period = problem.span[1]
    third = integrate(problem, "gauss_6", h=period / 1200, steps=400, every=400)
    bodies = third.final.reshape(2, 3, 2)
    start = problem.y0.reshape(2, 3, 2)
    assert min(np.abs(np.roll(bodies, k, axis=1) - start).max() for k in (1, 2)) <= 1e-13
    once = integrate(problem, "gauss_6", h=period / 1200, steps=1200, every=1200)
    assert once.final == pytest.approx(problem.y0, abs=5e-13)


def test_the_argon_crystal_has_the_energy_and_the_temperature_of_the_book():
    problem = PROBLEMS["argon_crystal"]
    y = problem.y0
    assert problem.evaluate(problem.hamiltonian, 0.0, y) == pytest.approx(-1260.2, abs=0.05)
    temperature = np.sum(y[14:] ** 2) / (2 * MASS) / 7
    assert temperature == pytest.approx(22.72, abs=0.005)
    assert problem.evaluate(problem.invariants["momentum_x"], 0.0, y) == pytest.approx(0, abs=1e-15)


@pytest.mark.parametrize("n", [3, 6])
def test_the_eigenvalues_of_the_lax_matrix_stay_and_the_invariants_are_its_determinants(n):
    problem = PROBLEMS["toda"](n=n)
    run = integrate(problem, "gauss_5", h=0.02, steps=500, every=100)
    first = np.linalg.eigvalsh(lax_matrix(run.y[0]))
    for y in run.y:
        L = lax_matrix(y)
        assert np.linalg.eigvalsh(L) == pytest.approx(first, abs=1e-13)
        assert np.trace(L @ L) / 2 * 4 == pytest.approx(problem.evaluate(problem.hamiltonian, 0, y))
        for k in range(n - 2):
            value = problem.evaluate(problem.invariants[f"lax_{k}"], 0.0, y)
            assert value == pytest.approx(np.linalg.det(L - k * np.eye(n)), abs=1e-12)


def test_jacobis_coordinates_are_the_same_motion_and_suit_a_splitting():
    jacobi, cartesian = PROBLEMS["outer_solar_system_jacobi"], PROBLEMS["outer_solar_system"]
    assert to_jacobi(from_jacobi(jacobi.y0)) == pytest.approx(jacobi.y0, rel=1e-14, abs=1e-20)
    one = integrate(jacobi, "gauss_4", h=50.0, steps=200, every=200).final
    other = integrate(cartesian, "gauss_4", h=50.0, steps=200, every=200).final
    assert one == pytest.approx(to_jacobi(other), rel=1e-11, abs=1e-16)

    def energy_error(problem, h):
        energy = [problem.evaluate(problem.hamiltonian, 0.0, problem.y0)]
        y = problem.y0
        for _ in range(round(20_000 / h)):
            y = problem.flow("A", 0.0, y, h / 2)
            y = problem.flow("A", 0.0, problem.flow("B", 0.0, y, h), h / 2)
            energy.append(problem.evaluate(problem.hamiltonian, 0.0, y))
        return np.abs(np.array(energy) / energy[0] - 1).max()

    assert energy_error(jacobi, 200.0) < 1e-5 < 1e-2 * energy_error(cartesian, 200.0)


@pytest.mark.parametrize(
    "parameters",
    [
        {"alpha": 1.0, "beta": 0.0, "amplitude": 2.0},
        {"alpha": 1.0, "beta": -0.5, "amplitude": 1.2},
        {"alpha": -1.0, "beta": 1.0, "amplitude": 1.2},
        {"alpha": -1.0, "beta": 1.0, "amplitude": 2.0},
    ],
    ids=["linear", "softening", "in one well", "over both wells"],
)
def test_duffing_has_its_exact_solution_for_every_spring(parameters):
    problem = PROBLEMS["duffing"](**parameters)
    run = integrate(problem, "gauss_5", h=0.01, steps=1000)
    assert run.final == pytest.approx(problem.exact(10.0), abs=1e-11)


def test_two_vortices_of_one_sign_turn_about_their_centre():
    """Period 4 pi^2 d^2 / (G_1 + G_2) for vortices at a distance d."""
    problem = PROBLEMS["point_vortices"](circulations=(1.0, 3.0), places=((0.0, 0.0), (2.0, 0.0)))
    period = 4 * np.pi**2 * 4 / 4
    run = integrate(problem, "gauss_4", h=period / 200, steps=200, every=50)
    assert run.final == pytest.approx(problem.y0, abs=1e-12)
    assert run.y[1] == pytest.approx([1.5, 1.5, -1.5, 0.5], abs=1e-12)


def test_an_epidemic_ends_where_the_final_size_equation_says():
    problem = PROBLEMS["sir"]
    run = integrate(problem, "gauss_4", h=0.5, steps=2000, every=2000)
    susceptible, infected, _ = run.final
    ratio = problem.parameters["infection"] / problem.parameters["recovery"]
    assert infected < 1e-15
    expected = problem.y0[0] * np.exp(-ratio * (1 - susceptible))
    assert susceptible == pytest.approx(expected, abs=1e-13)


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


STEPS = {
    "fput": 1e-3,
    "argon_crystal": 1e-6,
    "outer_solar_system": 100.0,
    "restricted_three_body": 1e-4,
}


@pytest.mark.parametrize(("key", "state"), tracked().items(), ids=str)
def test_the_taylor_states_agree_with_the_high_order_methods(key, state):
    name, t = key
    h = STEPS.get(name, 1e-2)
    run = integrate(name, "gauss_5", h=h, steps=round(t / h), every=round(t / h))
    size = max(1.0, np.abs(state).max())
    assert run.final == pytest.approx(state, abs=2e-12 * size)


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
