"""Long runs of Kepler's problem: bounded errors and drifting ones."""

import numpy as np
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.problems import PROBLEMS
from geoflow.studies.hamiltonian.orbits.study import perihelion

orbits = study_of("hamiltonian/orbits")


@pytest.fixture(scope="module")
def study():
    methods = ["rk4", "stormer_verlet", "careless_verlet"]
    return orbits({"name": "kepler"}, methods, h=0.02, steps=40_000, segments=60, shown=10)


def test_long_runs_tell_bounded_errors_from_drifting_ones(study):
    said = study.summary
    assert said["energy_growth/stormer_verlet"] == pytest.approx(1, abs=0.2)
    assert said["energy_exponent/stormer_verlet"] == pytest.approx(0, abs=0.02)
    assert said["energy_exponent/rk4"] == pytest.approx(1, abs=0.1)
    assert said["energy_growth/rk4"] > 5
    assert said["angular_momentum_error/stormer_verlet"] < 1e-12
    assert said["angular_momentum_error/rk4"] > 1e-6
    assert said["position_exponent/rk4"] == pytest.approx(2, abs=0.2)
    pieces = study.tables["orbits"].groupby(["method", "part"]).size()
    assert (pieces == 10).all() and len(pieces) == 6


def test_a_careless_kick_is_caught(study):
    assert study.summary["energy_error/careless_verlet"] > 100 * study.summary["energy_error/stormer_verlet"]
    assert study.summary["angular_momentum_error/careless_verlet"] > 0.1


def test_the_errors_stand_at_the_ends_of_whole_periods(study):
    t = study.tables["errors"].query("method == 'rk4'")["t"].to_numpy() / (2 * np.pi)
    assert np.abs(t - t.round()).max() < 0.02 / 2 / np.pi and (np.diff(t) > 0.9).all()


def test_the_ellipse_of_verlet_turns_backwards_by_h_squared(study):
    finer = orbits({"name": "kepler"}, ["stormer_verlet"], 0.01, 40_000, segments=30, shown=1)
    coarse, fine = (s.summary["precession/stormer_verlet"] for s in (study, finer))
    assert coarse < 0 and coarse / fine == pytest.approx(4, rel=0.03)
    last = study.tables["errors"].query("method == 'stormer_verlet'")["perihelion"].iloc[-1]
    assert last / (2 * np.pi) == pytest.approx(coarse * 40_000 * 0.02 / (2 * np.pi) ** 2, rel=0.01)


def test_the_exact_perihelion_stays_and_turns_with_the_axes():
    exact = PROBLEMS["kepler"].exact
    states = np.array([exact(t) for t in np.linspace(0, 6, 7)])
    assert np.abs(perihelion(states)).max() < 1e-14
    c, s = np.cos(0.3), np.sin(0.3)
    turned = np.einsum("ij,nkj->nki", [[c, -s], [s, c]], states.reshape(-1, 2, 2)).reshape(-1, 4)
    assert perihelion(turned) == pytest.approx(0.3)


def test_a_killed_study_goes_on_to_the_same_tables(tmp_path, monkeypatch):
    from geoflow.measure import long_run
    from geoflow.studies.hamiltonian.orbits import study as module

    monkeypatch.setattr(long_run, "SECONDS", 0.0)
    arguments = ({"name": "kepler"}, ["rk4", "stormer_verlet"], 0.02, 4000, 20, 10)
    whole, errors, left = orbits(*arguments), module._errors, iter(range(15))

    def dies(run, segment):
        next(left)
        return errors(run, segment)

    monkeypatch.setattr(module, "_errors", dies)
    with pytest.raises(StopIteration):
        orbits(*arguments, checkpoints=tmp_path)
    monkeypatch.setattr(module, "_errors", errors)
    again = orbits(*arguments, checkpoints=tmp_path)
    assert again.summary == whole.summary
    for name, frame in whole.tables.items():
        assert frame.equals(again.tables[name])


def test_orbits_are_those_of_kepler():
    with pytest.raises(InputError, match="'kepler', got 'pendulum'"):
        orbits({"name": "pendulum"}, ["rk4"], 0.1, 100, 10, 10)
