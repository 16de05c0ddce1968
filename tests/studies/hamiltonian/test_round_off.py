"""Round-off: random walks, linear drifts, and the fit that tells one from the other."""

import numpy as np
import pytest

from asking import runs_of, study_of
from geoflow.ground.errors import InputError
from geoflow.measure.growth import growth_of

KEPLER = {"name": "kepler"}

round_off = study_of("hamiltonian/round_off")


@pytest.fixture(scope="module")
def said():
    study = round_off(
        KEPLER, runs_of(["stormer_verlet", "gauss_3"], h=[0.01, 0.003], terms=[12, 1]), 1e-12,
        steps=100_000, members=8, seed=3,
    )  # fmt: skip
    assert set(study.tables["errors"]["variant"]) == {"plain", "compensated", "stopped"}
    assert len(study.tables["members"]) == 5 * 8 * 21
    return study.summary


def test_an_iteration_that_is_stopped_early_drifts_linearly(said):
    for quantity in ("energy", "angular_momentum"):
        assert said[f"{quantity}_low/gauss_3/stopped"] > 0.85
        assert said[f"{quantity}_z/gauss_3/stopped"] > 6
        assert said[f"{quantity}_drift/gauss_3/stopped"] > 0.95 * said[f"{quantity}_rms/gauss_3/stopped"]
        assert said[f"{quantity}_rms/gauss_3/stopped"] > 1e-11


@pytest.mark.parametrize("method", ["stormer_verlet", "gauss_3"])
def test_to_stagnation_the_error_is_a_walk_and_compensation_shortens_its_steps(said, method):
    for quantity in ("energy", "angular_momentum"):
        assert said[f"{quantity}_rms/{method}/plain"] < 5e-13
        assert said[f"{quantity}_exponent/{method}/plain"] < 0.9
        assert said[f"{quantity}_gain/{method}"] > 10


def test_the_modified_hamiltonian_is_what_verlet_keeps_up_to_round_off(said):
    runs = runs_of(["stormer_verlet"], h=[0.01], terms=[1])
    broken = round_off(KEPLER, runs, 1e-12, 10_000, members=3, seed=3)
    assert said["energy_rms/stormer_verlet/plain"] < 1e-12
    assert broken.summary["energy_rms/stormer_verlet/plain"] > 1e-7  # H itself


def test_walks_drifts_and_floors_are_told_apart():
    """1000 members, each the sum of a floor, a walk of unit steps and a drift, of the given sizes at the end."""
    rng = np.random.default_rng(0)
    n = np.unique(np.geomspace(1000, 100_000, 21).round().astype(int))
    steps = rng.standard_normal((1000, len(n))) * np.sqrt(np.diff(n, prepend=0))
    walks = np.cumsum(steps, axis=1) / np.sqrt(n[-1])
    floors = rng.standard_normal((1000, len(n)))
    weights = rng.multinomial(1000, np.full(1000, 1 / 1000), 500) / 1000
    for floor, walk, drift in ((0.03, 1.0, 0.0), (0.0, 1.0, 3.0), (1.0, 0.0, 0.0), (0.5, 2.0, 1.0)):
        said = growth_of(n, floor * floors + walk * walks + drift * n / n[-1], weights)
        size = np.hypot(np.hypot(floor, walk), drift)
        assert said["rms"] == pytest.approx(size, rel=0.1)
        for fact, expected in (("floor", floor), ("walk", walk), ("drift", drift)):
            assert said[fact] == pytest.approx(expected, abs=0.2 * size)
        assert said["drift_low"] - 0.05 * size <= drift <= said["drift_high"] + 0.05 * size
        assert (said["z"] > 4) == (drift > 0)


def test_a_plateau_and_a_drift_are_no_walk_although_the_exponent_of_their_sum_says_so():
    """A plateau below a drift shows an exponent near 1/2 on the way; the split says that nothing walks."""
    rng = np.random.default_rng(1)
    n = np.unique(np.geomspace(20_000, 2_000_000, 21).round().astype(int))
    error = rng.standard_normal((48, len(n))) + 2.0 * n / n[-1]
    said = growth_of(n, error, np.full((40, 48), 1 / 48))
    assert said["exponent"] < 0.7
    assert said["walk"] < 0.4 * said["drift"] and said["drift"] == pytest.approx(2, rel=0.2)


def test_the_exponents_of_walks_and_of_drifts_lie_in_their_intervals():
    rng = np.random.default_rng(0)
    steps = np.unique(np.geomspace(1000, 100_000, 21).round().astype(int))
    weights = rng.multinomial(200, np.full(200, 1 / 200), 500) / 200
    walks = np.cumsum(rng.standard_normal((200, 100_000)), axis=1)[:, steps - 1]
    drifts = walks + 5.0 * steps
    for errors, power in ((walks, 0.5), (drifts, 1.0)):
        said = growth_of(steps, errors, weights)
        assert said["low"] < power < said["high"] and said["high"] - said["low"] < 0.2
        assert said["exponent"] == pytest.approx(power, abs=0.05)


def test_wrong_values_are_refused():
    with pytest.raises(InputError, match="'kepler', got 'pendulum'"):
        round_off({"name": "pendulum"}, runs_of(["rk4"], h=[0.1], terms=[1]), 1e-12, 1000, 2, 0)
    with pytest.raises(InputError, match="'rk4' is not a splitting"):
        round_off(KEPLER, runs_of(["rk4"], h=[0.1], terms=[4]), 1e-12, 1000, 2, 0)
