"""What a place of a planet costs: the splitting gains, and a method without its order does not get there."""

import numpy as np
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.measure.planets import reference_positions
from geoflow.problems import PROBLEMS

planet_costs = study_of("hamiltonian/planet_costs")


@pytest.fixture(scope="module")
def study():
    methods = ["explicit_euler", "stormer_verlet", "careless_verlet", "kahan_li_8"]
    return planet_costs(methods, ["saba_2"], [100, 400, 1600, 6400], 10_000, [1e-3, 1e-7])


def test_kicks_between_ellipses_cost_less_than_kicks_between_straight_lines(study):
    assert study.summary["evaluations/saba_2/0"] < study.summary["evaluations/stormer_verlet/0"] / 20
    assert study.summary["gain/0"] > 2


def test_high_order_gets_where_order_two_does_not(study):
    assert np.isfinite(study.summary["evaluations/kahan_li_8/1"])
    assert np.isinf(study.summary["evaluations/stormer_verlet/1"])
    assert study.summary["order_of_cheapest/1"] == 8


def test_explicit_euler_is_caught(study):
    assert np.isinf(study.summary["evaluations/explicit_euler/0"])
    assert study.summary["least_error/explicit_euler"] > 1e-2


def test_a_careless_kick_costs_verlet_its_order(study):
    errors = study.tables["errors"].set_index(["method", "evaluations"])["error"]
    verlet, careless = (errors[name].iloc[-1] for name in ("stormer_verlet", "careless_verlet"))
    assert careless > 100 * verlet
    assert study.summary["evaluations/careless_verlet/0"] == np.inf


def test_the_reference_does_not_depend_on_its_tolerance():
    problem = PROBLEMS["outer_solar_system"]
    loose, tight = (reference_positions(problem, 5000, tol) for tol in (1e-11, 1e-13))
    assert np.abs(loose - tight).max() < 1e-8
    assert (tight[0] == 0).all()


def test_an_accuracy_is_positive():
    with pytest.raises(InputError, match=r"positive accuracies, got \[0.0\]"):
        planet_costs(["rk4"], ["saba_2"], [100], 100, [0])
