"""The density of an ensemble: constant along orbits of symplectic methods, and of no others."""

import numpy as np
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.studies.hamiltonian.density.study import _area, _probes

SMALL = {
    "h": 0.5, "shown": [8, 64], "members": 4000, "probes": 100, "centre": [0, 1.2], "radius": 0.5,
    "highest": 2.2, "bins": 24, "seed": 0,
}  # fmt: skip

density = study_of("hamiltonian/density")


@pytest.fixture(scope="module")
def study():
    methods = ["explicit_midpoint", "kutta_3", "stormer_verlet", "careless_verlet"]
    return density({"name": "pendulum"}, methods, **SMALL)


def test_only_a_symplectic_method_keeps_the_density_along_orbits(study):
    assert study.summary["density_error/stormer_verlet"] < 1e-6
    assert study.summary["density_ratio/kutta_3"] > 1.05
    assert study.summary["density_ratio/explicit_midpoint"] < 0.95
    assert study.summary["escaped/stormer_verlet"] == 0
    assert study.summary["escaped/explicit_midpoint"] > 0.1


def test_a_careless_kick_is_caught(study):
    assert study.summary["density_error/careless_verlet"] > 1


def test_the_density_of_euler_is_that_of_its_determinant():
    one = {**SMALL, "shown": [1]}
    study = density({"name": "harmonic_oscillator"}, ["explicit_euler"], **one)
    along = study.tables["probes"]["density"].to_numpy()
    assert along == pytest.approx(1 / (1 + 0.5**2), rel=1e-8)


def test_every_member_is_counted_in_the_first_picture(study):
    first = study.tables["density"].query("t == 0 and method == 'kutta_3'")
    assert first["density"].sum() * study.summary["in_a_cell"] == pytest.approx(4000)
    inside = first[np.hypot(first["q"], first["p"] - 1.2) < 0.2]
    assert inside["density"].mean() == pytest.approx(1, abs=0.1)
    assert set(study.tables["density"]["t"]) == {0.0, 4.0, 32.0}


def test_the_same_seed_gives_the_same_picture(study):
    again = density({"name": "pendulum"}, ["kutta_3"], **SMALL).tables["density"]
    whole = study.tables["density"].query("method == 'kutta_3'")
    assert again.reset_index(drop=True).equals(whole.reset_index(drop=True))


def test_the_area_of_a_probe_by_hand():
    corners = _probes(np.array([[0.5, 1.0], [2.0, 3.0]]))
    assert _area(corners) == pytest.approx(2e-12, rel=1e-6)


def test_wrong_ensembles_are_refused():
    with pytest.raises(InputError, match="dimension 2, 'kepler' has 4"):
        density({"name": "kepler"}, ["rk4"], **SMALL)
    with pytest.raises(InputError, match=r"increasing numbers of steps to be shown, got \[8, 4\]"):
        density({"name": "pendulum"}, ["rk4"], **{**SMALL, "shown": [8, 4]})
