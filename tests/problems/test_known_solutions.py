"""What is known of single problems: periods, closed orbits, energies of the books, first integrals."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from geoflow.ground.errors import SolveError
from geoflow.integrators.integrate import integrate
from geoflow.measure.orders import reference_states
from geoflow.problems import PROBLEMS
from geoflow.problems.argon_crystal import MASS
from geoflow.problems.outer_solar_system_jacobi import from_jacobi, to_jacobi
from geoflow.problems.toda import lax_matrix


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


@pytest.mark.parametrize(("eccentricity", "loss"), [(0.3, 0.3), (0.0, 0.05), (0.8, 0.3), (0.6, 3.0)])
def test_the_clock_of_a_waning_sun_is_infinite_at_a_finite_tau(eccentricity, loss):
    """tau* = 2/loss int_0^1 (|Q(0)|/|Q(s)|)^(3/2) du with s = (1 - u^2)/loss: q = (1 + loss t) Q, Q'' = -Q/|Q|^3."""
    problem = PROBLEMS["gylden_with_clock"](eccentricity=eccentricity, loss=loss)
    start = problem.y0[:4] - loss * np.array([0, 0, problem.y0[0], 0])
    still = PROBLEMS["kepler"]
    u = (np.arange(2000) + 0.5) / 2000
    s = (1 - u[::-1] ** 2) / loss
    found = solve_ivp(still.vector_field, (0, s[-1]), start, "DOP853", s, rtol=1e-11, atol=1e-12)
    distance = np.hypot(*found.y[:2])
    last = 2 / loss * np.mean((problem.y0[0] / distance) ** 1.5)
    assert (eccentricity, loss) != (0.3, 0.3) or last == pytest.approx(3.41413, abs=1e-5)
    assert last > 0.7 * 2 * (1 - eccentricity) ** 1.5 / loss > problem.span[1]
    before = [solve_ivp(problem.vector_field, (0, x * last), problem.y0, "DOP853", rtol=1e-10) for x in (0.9, 0.99)]
    clock = [run.y[4, -1] for run in before]  # t ~ (tau* - tau)^-2
    assert np.log10(clock[1] / clock[0]) == pytest.approx(2, abs=0.15)


def test_a_clock_that_would_run_back_stops_reversible_verlet():
    with pytest.raises(SolveError, match=r"the equations of the step were not solved at t = 3\.4"):
        integrate("gylden_with_clock", "reversible_verlet", h=0.001, steps=20_000)
