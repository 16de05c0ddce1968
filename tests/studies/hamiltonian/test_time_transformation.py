"""Transformed times: the period, what is gained on an eccentric orbit, and what is not on a circular one."""

import pytest

from asking import study_of
from geoflow.ground.errors import InputError

time_transformation = study_of("hamiltonian/time_transformation")
METHODS = ["stormer_verlet_position", "kahan_li_8"]


@pytest.fixture(scope="module")
def study():
    return time_transformation(METHODS, [0.0, 1.0, 1.5], [0.0, 0.9], 600, 5)


def test_an_eccentric_orbit_gains_orders_of_magnitude(study):
    assert study.summary["error/kahan_li_8/0/0.9"] > 0.1
    assert study.summary["error/kahan_li_8/1.5/0.9"] < 1e-8
    assert study.summary["gain/kahan_li_8/1/0"] < 1e3 < 1e5 < study.summary["gain/kahan_li_8/1/0.9"]


def test_the_logarithmic_leapfrog_keeps_the_energy_of_an_eccentric_orbit(study):
    assert study.summary["energy/stormer_verlet_position/1/0.9"] < 1e-12
    assert study.summary["energy/stormer_verlet_position/1.5/0.9"] > 1e-5


def test_all_runs_end_at_the_same_time_after_about_as_many_evaluations(study):
    assert study.summary["clock_error"] < 1e-13
    assert study.tables["errors"]["evaluations"].between(580, 620).all()


@pytest.mark.parametrize("powers, eccentricities", [([1.0], [0.5]), ([0.0, 1.0], [1.0])])
def test_powers_begin_with_0_and_orbits_are_ellipses(powers, eccentricities):
    with pytest.raises(InputError, match="expected powers that begin with 0 and eccentricities in"):
        time_transformation(METHODS, powers, eccentricities, 600, 5)
