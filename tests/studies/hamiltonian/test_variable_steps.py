"""Variable steps: a reversible choice keeps what a naive one loses."""

import numpy as np
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.studies.hamiltonian.variable_steps.study import fictitious_period

VARIABLE = ["reversible_verlet", "naive_adaptive_verlet"]

variable_steps = study_of("hamiltonian/variable_steps")


@pytest.fixture(scope="module")
def study():
    methods = [*VARIABLE, "late_clock_verlet"]
    return variable_steps([0.8], 300, 400, 10, ["stormer_verlet"], methods)


def test_reversible_steps_keep_the_error_small_and_bounded(study):
    assert study.summary["growth/reversible_verlet/0.8"] < 1.05
    assert abs(study.summary["exponent/reversible_verlet/0.8"]) < 0.05
    assert study.summary["gain/reversible_verlet/0.8"] > 20


def test_a_naive_controller_is_caught(study):
    assert study.summary["growth/naive_adaptive_verlet/0.8"] > 4
    assert study.summary["exponent/naive_adaptive_verlet/0.8"] > 0.5
    naive, reversible = (study.summary[f"slope/{name}/0.8"] for name in VARIABLE[::-1])
    assert naive > 1000 * reversible


def test_a_clock_that_is_late_for_half_a_step_loses_the_orbit(study):
    assert study.summary["energy_error/late_clock_verlet/0.8"] > 1


def test_all_runs_last_about_as_many_periods(study):
    ends = study.tables["errors"].groupby("method")["t"].max()
    assert ends["stormer_verlet"] == pytest.approx(400)
    assert ends["reversible_verlet"] == pytest.approx(400, rel=0.01)


def test_a_nearly_circular_orbit_has_the_fictitious_period_of_its_motion():
    assert fictitious_period(1e-12) == pytest.approx(2 * np.pi)


def test_the_fictitious_period_is_that_of_the_exact_solution():
    from geoflow.problems import PROBLEMS

    problem = PROBLEMS["kepler"](eccentricity=0.7)
    t = 2 * np.pi * np.arange(20_000) / 20_000
    distance = np.array([np.hypot(*problem.exact(s)[:2]) for s in t])
    density = (0.3 / distance) ** 1.5
    assert fictitious_period(0.7) == pytest.approx(2 * np.pi * density.mean(), rel=1e-9)


def test_a_parabola_is_refused():
    with pytest.raises(InputError, match="eccentricities between 0 and 1, got 1"):
        variable_steps([1.0], 100, 10, 10, ["stormer_verlet"], VARIABLE)
