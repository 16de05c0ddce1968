"""The outer solar system: a planet that falls into the Sun, and one that does not."""

import pytest

from asking import study_of
from geoflow.ground.errors import InputError

planets = study_of("hamiltonian/planets")


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


def test_a_careless_kick_is_caught():
    methods = ["stormer_verlet", "careless_verlet"]
    said = planets(
        {"name": "outer_solar_system"}, methods, [40, 40], time=20_000, samples=100
    ).summary
    assert said["energy_error/careless_verlet"] > 100 * said["energy_error/stormer_verlet"]
    assert said["angular_momentum_error/careless_verlet"] > 1e-4
