"""Round-off: random walks, linear drifts, and the fit that tells one from the other."""

import numpy as np
import pytest

from asking import runs_of, study_of
from geoflow.ground.errors import InputError
from geoflow.studies.hamiltonian.round_off.study import fit_exponent

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
        assert said[f"{quantity}_bias/gauss_3/stopped"] > 2
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


def test_the_fit_finds_the_exponents_of_walks_and_of_drifts_with_their_intervals():
    rng = np.random.default_rng(0)
    steps = np.unique(np.geomspace(1000, 100_000, 21).round().astype(int))
    weights = rng.multinomial(200, np.full(200, 1 / 200), 500) / 200
    walks = np.cumsum(rng.standard_normal((200, 100_000)), axis=1)[:, steps - 1]
    drifts = walks + 5.0 * steps
    for errors, power in ((walks, 0.5), (drifts, 1.0)):
        fit = fit_exponent(steps, errors, weights)
        assert fit.low < power < fit.high and fit.high - fit.low < 0.2
        assert fit.value == pytest.approx(power, abs=0.05)


def test_wrong_values_are_refused():
    with pytest.raises(InputError, match="'kepler', got 'pendulum'"):
        round_off({"name": "pendulum"}, runs_of(["rk4"], h=[0.1], terms=[1]), 1e-12, 1000, 2, 0)
    with pytest.raises(InputError, match="'rk4' is no splitting"):
        round_off(KEPLER, runs_of(["rk4"], h=[0.1], terms=[4]), 1e-12, 1000, 2, 0)
