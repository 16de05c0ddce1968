"""The Hamiltonian studies: worked numbers, and in each a method without the structure that must fail."""

import numpy as np
import pytest

from geoflow.analysis.hamiltonian import area, growth, orbits, oscillator, planets, polygon_area
from geoflow.errors import InputError


def test_the_first_figure_of_the_course():
    study = oscillator(
        {"name": "harmonic_oscillator"},
        ["explicit_euler", "implicit_euler", "implicit_midpoint"],
        h=0.04,
        steps=1000,
        adaptive_tolerance=1e-2,
    )
    summary = study.summary
    # Each step of explicit Euler multiplies the energy by 1 + h^2, of implicit Euler divides by it.
    assert summary["final_energy/explicit_euler"] == pytest.approx(0.5 * 1.0016**1000)
    assert summary["final_energy/implicit_euler"] == pytest.approx(0.5 / 1.0016**1000)
    assert summary["energy_error/implicit_midpoint"] < 1e-14
    assert summary["energy_error/rk45"] > 1e-2
    assert set(study.tables["states"]["method"]) == {
        "explicit_euler", "implicit_euler", "implicit_midpoint", "rk45",
    }  # fmt: skip


def test_long_runs_tell_bounded_errors_from_drifting_ones():
    study = orbits(
        {"name": "kepler"}, ["rk4", "stormer_verlet"], h=0.05, steps=20_000, every=20, shown=10
    )
    assert study.summary["energy_growth/stormer_verlet"] == pytest.approx(1, abs=0.2)
    assert study.summary["energy_growth/rk4"] > 5
    assert study.summary["angular_momentum_error/stormer_verlet"] < 1e-12
    assert study.summary["angular_momentum_error/rk4"] > 1e-4
    pieces = study.tables["orbits"].groupby(["method", "part"]).size()
    assert (pieces == 11).all() and len(pieces) == 4


def test_growth_is_one_for_a_bounded_error_and_ten_for_a_drift():
    t = np.linspace(0, 1, 1001)
    assert growth(np.abs(np.sin(200 * t))) == pytest.approx(1, abs=0.01)
    assert growth(t) == pytest.approx(10, rel=0.02)


def test_only_symplectic_methods_keep_the_area_of_a_disc():
    study = area(
        {"name": "pendulum"},
        ["explicit_euler", "stormer_verlet"],
        h=0.4, steps=8, every=4, centre=[0, 1.2], radius=0.6, points=400,
    )  # fmt: skip
    assert study.summary["area_error/stormer_verlet"] < 1e-4
    assert study.summary["area_error/explicit_euler"] > 0.1
    assert len(study.tables["outlines"]) == 2 * 3 * 400


def test_the_area_of_a_polygon_by_hand():
    assert polygon_area(np.array([[0, 0], [2, 0], [2, 1], [0, 1]])) == 2
    assert polygon_area(np.array([[0, 0], [0, 1], [2, 1], [2, 0]])) == -2


def test_an_area_needs_a_plane():
    with pytest.raises(InputError, match="dimension 2, 'kepler' has 4"):
        area({"name": "kepler"}, ["rk4"], 0.1, 1, 1, [0, 0], 1.0, 10)


def test_implicit_euler_drops_a_planet_into_the_sun_and_verlet_does_not():
    methods = ["implicit_euler", "stormer_verlet"]
    study = planets({"name": "outer_solar_system"}, methods, [10, 40], time=20_000, samples=100)
    summary = study.summary
    assert summary["end/implicit_euler"] < 20_000 and "position_error/implicit_euler" not in summary
    assert summary["end/stormer_verlet"] == 20_000
    assert summary["energy_error/stormer_verlet"] < 2e-4
    assert summary["angular_momentum_error/stormer_verlet"] < 1e-12
    assert summary["position_error/stormer_verlet"] < 0.5
    with pytest.raises(InputError, match="one h for each of 2 methods, got 1"):
        planets({"name": "outer_solar_system"}, methods, [10], time=100, samples=1)
