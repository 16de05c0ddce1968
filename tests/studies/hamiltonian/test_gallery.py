"""The gallery's study: what it measures, where runs end, and that methods without structure fail."""

import numpy as np
import pytest

from asking import runs_of, study_of
from geoflow.ground.errors import InputError
from geoflow.measure.observables import OBSERVABLES
from geoflow.problems import PROBLEMS

PREY = {"name": "lotka_volterra"}

gallery = study_of("hamiltonian/gallery")


def test_eigenvalues_of_the_lax_matrix_stay_with_verlet_and_drift_with_the_explicit_midpoint_rule():
    study = gallery(
        {"name": "toda"}, runs_of(["careless_verlet", "explicit_midpoint", "stormer_verlet"], h=[0.01, 0.1, 0.1]),
        time=100, samples=400, components=[0, 1], observed=["lax_eigenvalues"],
    )  # fmt: skip
    assert study.summary["lax_eigenvalues_growth/stormer_verlet"] < 1.3
    assert study.summary["lax_eigenvalues_error/stormer_verlet"] < 5e-3
    assert study.summary["lax_eigenvalues_growth/explicit_midpoint"] > 5
    assert study.summary["lax_eigenvalues_error/careless_verlet"] > 0.1
    assert study.tables["observed"]["number"].nunique() == 4


def test_a_run_ends_before_a_number_of_animals_is_negative():
    study = gallery(
        PREY, runs_of(["explicit_euler", "symplectic_euler"], h=[0.06, 0.06]), time=50, samples=800,
        components=[0, 1], starts=[[1.5, 2.0], [2.2, 2.0]],
    )  # fmt: skip
    assert study.summary["end/explicit_euler"] < 50 == study.summary["end/symplectic_euler"]
    assert study.summary["energy_error/symplectic_euler"] < 0.02
    orbits = study.tables["orbits"]
    assert (orbits[["x", "y"]] > 0).all(axis=None)
    assert orbits.groupby("method")["start"].nunique().eq(2).all()
    assert np.isfinite(study.tables["errors"]["error"]).all()


def test_a_method_that_comes_twice_is_told_apart_by_its_step():
    study = gallery(PREY, runs_of(["rk4", "rk4"], h=[0.1, 0.05]), time=5, samples=10, components=[0, 1])
    coarse, fine = study.summary["energy_error/rk4/0.1"], study.summary["energy_error/rk4/0.05"]
    assert 8 < coarse / fine < 64
    assert study.tables["observed"].empty


def test_explicit_euler_leaves_the_sphere_on_which_the_splitting_stays():
    study = gallery(
        {"name": "rigid_body"}, runs_of(["explicit_euler", "strang_3"], h=[0.1, 0.3]),
        time=30, samples=50, components=[0, 1, 2],
    )  # fmt: skip
    assert study.summary["casimir_error/strang_3"] < 1e-13
    assert study.summary["casimir_error/explicit_euler"] > 0.1
    assert {"x", "y", "z"} <= set(study.tables["orbits"])


def test_the_temperature_of_the_book_and_the_trace_of_the_lax_matrix():
    argon, toda = PROBLEMS["argon_crystal"], PROBLEMS["toda"]
    kelvin = OBSERVABLES["temperature"](argon, argon.y0[None, :])
    assert kelvin[0, 0] == pytest.approx(22.72, abs=0.01)
    values = OBSERVABLES["lax_eigenvalues"](toda, toda.y0[None, :])
    assert values.sum() == pytest.approx(-toda.y0[4:].sum() / 2)


@pytest.mark.parametrize(
    "changed, sentence",
    [
        ({"components": [0, 7]}, "components of a state of 'lotka_volterra', 0 to 1"),
        ({"components": [0]}, "two or three components"),
    ],
)
def test_bad_values_are_refused_in_a_sentence(changed, sentence):
    values = {"time": 1, "samples": 1, "components": [0, 1]} | changed
    with pytest.raises(InputError, match=sentence):
        gallery(PREY, runs_of(["rk4"], h=[0.1]), **values)
