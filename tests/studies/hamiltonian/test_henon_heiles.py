"""Sections and Lyapunov exponents: crossings against SciPy's events, tangents against neighbours, what must fail."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from asking import runs_of, study_of
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import integrate
from geoflow.integrators.section import crossings
from geoflow.measure import henon_heiles
from geoflow.measure.henon_heiles import energies_of, exponents, on_section, on_two_lines, spread_evenly
from geoflow.problems import PROBLEMS
from geoflow.problems.henon_heiles import henon_heiles_tangent
from geoflow.studies.hamiltonian.sections.study import width

PROBLEM = PROBLEMS["henon_heiles"]
METHOD = "srkn_6_4"

lyapunov = study_of("hamiltonian/lyapunov")
sections = study_of("hamiltonian/sections")


def starts(energy: float = 1 / 8) -> np.ndarray:
    return on_section(PROBLEM, energy, np.array([-0.2, 0.1, 0.3]), np.array([0.1, 0.0, -0.2]))


def test_crossings_are_those_that_scipy_finds_as_events():
    def surface(t, y):
        return y[0]

    surface.direction = 1
    found = crossings(PROBLEM, METHOD, starts(), h=0.02, count=6)
    for orbit, start in enumerate(starts()):
        exact = solve_ivp(PROBLEM.vector_field, (0, 60), start, "DOP853", rtol=1e-13, atol=1e-13, events=surface)
        times = exact.t_events[0][exact.t_events[0] > 1e-9][:6]  # the start is on the surface
        assert found.t[orbit] == pytest.approx(times, abs=1e-7)
        states = exact.y_events[0][-len(exact.t_events[0]) :][exact.t_events[0] > 1e-9][:6]
        assert found.y[orbit] == pytest.approx(states, abs=1e-7)


@pytest.mark.parametrize("method", [METHOD, "rk4"])
def test_every_crossing_is_on_the_surface_to_1e_12_and_linear_interpolation_is_not(method: str):
    located = crossings(PROBLEM, method, starts(), h=0.3, count=200)
    assert located.found.tolist() == [200, 200, 200]
    assert located.residual.max() <= 1e-12
    assert (located.y[:, :, 2] > 0).all()
    broken = crossings(PROBLEM, method, starts(), h=0.3, count=200, iterations=0)
    assert np.median(broken.residual) > 1e-6


def test_a_crossing_is_a_step_of_the_method_from_a_state_of_its_orbit():
    h = 0.3
    found = crossings(PROBLEM, METHOD, starts()[:1], h=h, count=1)
    n, theta = divmod(float(found.t[0, 0]), h)
    before = integrate(PROBLEM, METHOD, h=h, steps=int(n), y0=starts()[0]).final
    after = integrate(PROBLEM, METHOD, h=theta, steps=1, y0=before).final
    assert after == pytest.approx(found.y[0, 0], abs=1e-14)


def test_an_orbit_that_does_not_come_back_is_given_up():
    escaping = np.array([[0.0, 1.2, 0.1, 0.5]])
    found = crossings(PROBLEM, METHOD, escaping, h=0.1, count=5, patience=50)
    assert found.found[0] < 5
    assert np.isnan(found.t[0, found.found[0] :]).all()


def test_what_cannot_have_a_section_is_refused():
    with pytest.raises(InputError, match="an explicit Runge-Kutta method or a splitting, and at most four"):
        crossings(PROBLEM, "gauss_2", starts(), h=0.1, count=1)
    with pytest.raises(InputError, match="coordinate between 0 and 3"):
        crossings(PROBLEM, METHOD, starts(), h=0.1, count=1, coordinate=4)
    for patience in (0, "100", float("nan"), 1e300):
        with pytest.raises(InputError, match="a patience of more than one"):
            crossings(PROBLEM, METHOD, starts(), h=0.1, count=1, patience=patience)
    with pytest.raises(InputError, match="a patience of more than one"):
        crossings(PROBLEM, METHOD, starts(), h=5e-324, count=1)
    for tolerance in (-1e-15, "0", float("nan"), None):
        with pytest.raises(InputError, match="a finite tolerance of at least 0"):
            crossings(PROBLEM, METHOD, starts(), h=0.1, count=1, tolerance=tolerance)


@pytest.mark.parametrize("energy", [1 / 12, 0.16666])
def test_starts_have_their_energy_and_lie_on_the_section(energy: float):
    for states in (on_two_lines(PROBLEM, energy, 9), spread_evenly(PROBLEM, energy, 50)):
        assert energies_of(PROBLEM, states) == pytest.approx(energy, abs=1e-15)
        assert (states[:, 0] == 0).all() and (states[:, 2] > 0).all()
    assert len(spread_evenly(PROBLEM, energy, 50)) == 50


def test_the_width_of_a_circle_is_zero_and_that_of_a_spiral_is_its_growth():
    angle = 2.4 * np.arange(2000)
    radius = 1 + 0.1 * (np.arange(2000) >= 1000)
    assert width(3 + np.cos(angle), np.sin(angle) - 1) < 1e-4
    assert width(radius * np.cos(angle), radius * np.sin(angle)) == pytest.approx(0.1, abs=1e-3)


def test_only_the_symplectic_method_stays_on_its_curve():
    study = sections(
        {"name": "henon_heiles"}, [1 / 12], runs_of([METHOD, "rk4"], h=[0.3, 0.2]), 6, 50, [1 / 12, 0.2, 0], 2000, 500
    )  # fmt: skip
    summary = study.summary
    assert summary["cost_ratio"] == pytest.approx(1)
    assert summary[f"width/{METHOD}"] < 1e-3 < 0.1 < summary["width/rk4"]
    assert summary[f"energy_growth/{METHOD}"] < 1.2 < 3 < summary["energy_growth/rk4"]
    assert summary["residual/linear"] > 1e-6
    assert summary["crossings"] == 2 * (6 * 50 + 2000)
    assert len(study.tables["crossings"]) == 2 * 6 * 50


def test_a_mistyped_weight_takes_the_orbit_off_its_curve():
    problem, curve = {"name": "henon_heiles"}, [1 / 12, 0.2, 0]
    study = sections(problem, [1 / 12], runs_of(["rk4_mistyped"], h=[0.2]), 6, 20, curve, 1000, 500)
    assert study.summary["width/rk4_mistyped"] > 0.1
    assert study.summary["loss/rk4_mistyped"] > 0.1


def test_the_tangent_vector_is_the_difference_of_neighbours():
    tangent, eps = henon_heiles_tangent(), 1e-6
    y0 = np.array([0.0, 0.3, 0.5, 0.1, 0.4, 0.2, -0.2, 0.3])
    run = integrate(tangent, METHOD, h=0.2, steps=50, y0=y0)
    point, vector = y0[[0, 1, 4, 5]], y0[[2, 3, 6, 7]]
    ahead, behind = (integrate(PROBLEM, METHOD, h=0.2, steps=50, y0=point + s * eps * vector).final for s in (1, -1))
    assert run.final[[2, 3, 6, 7]] == pytest.approx((ahead - behind) / (2 * eps), rel=1e-7)
    assert run.drift["first_variation"] < 1e-4


def test_exponents_tell_a_regular_orbit_from_a_chaotic_one():
    both = np.vstack([
        on_section(PROBLEM, 1 / 12, np.array([0.2]), np.array([0.0])),
        on_section(PROBLEM, 0.16666, np.array([-0.2]), np.array([0.0])),
    ])  # fmt: skip
    t, values = exponents(both, METHOD, 0.25, 4000, samples=4)
    assert t.tolist() == [1000, 2000, 3000, 4000]
    regular, chaotic = values[-1]
    assert regular < 2 * np.log(4000) / 4000
    assert 0.1 < chaotic < 0.16
    # Renormalising more often changes nothing but round-off.
    again = exponents(both[:1], METHOD, 0.25, 4000, samples=40)[1]
    assert again[-1, 0] == pytest.approx(regular, rel=1e-9)


def test_a_tangent_with_a_wrong_sign_calls_regular_orbits_chaotic(monkeypatch: pytest.MonkeyPatch):
    """The negative control: a matrix in the place of the Hessian that is not symmetric."""

    def force(q):
        return (
            -q[0] - 2 * q[0] * q[1],
            -q[1] - q[0] ** 2 + q[1] ** 2,
            -(1 + 2 * q[1]) * q[2] - 2 * q[0] * q[3],
            2 * q[0] * q[2] - (1 - 2 * q[1]) * q[3],
        )

    wrong = replace(henon_heiles_tangent(), force=force, name="wrong_tangent")
    run = integrate(wrong, METHOD, h=0.2, steps=200)
    assert run.drift["first_variation"] > 1e-2
    monkeypatch.setattr(henon_heiles, "henon_heiles_tangent", lambda: wrong)
    start = on_section(PROBLEM, 1 / 12, np.array([0.2]), np.array([0.0]))
    assert exponents(start, METHOD, 0.3, 4000, samples=1)[1][-1, 0] > 0.02


def test_rk4_damps_the_chaos_away():
    study = lyapunov([0.16666], runs_of([METHOD, "rk4"], h=[0.6, 0.4]), 20, 5000, 2, 4)
    assert study.summary[f"median/{METHOD}/0.167"] == pytest.approx(0.13, abs=0.015)
    assert study.summary["median/rk4/0.167"] < 0.05
    assert study.summary[f"chaotic/{METHOD}/0.167"] > 0.9
    assert METHODS["rk4"].stages / 0.4 == pytest.approx(METHODS[METHOD].stages / 0.6)
