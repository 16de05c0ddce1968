"""The outer solar system: a planet that falls into the Sun, and one that does not."""

from asking import runs_of, study_of

planets = study_of("hamiltonian/planets")


def test_implicit_euler_drops_a_planet_into_the_sun_and_verlet_does_not():
    methods = ["implicit_euler", "stormer_verlet"]
    runs = runs_of(methods, h=[10, 40])
    study = planets({"name": "outer_solar_system"}, runs, time=20_000, samples=100)
    summary = study.summary
    assert summary["end/implicit_euler"] < 20_000 and "position_error/implicit_euler" not in summary
    assert summary["end/stormer_verlet"] == 20_000
    assert summary["energy_error/stormer_verlet"] < 2e-4
    assert summary["angular_momentum_error/stormer_verlet"] < 1e-12
    assert summary["position_error/stormer_verlet"] < 0.5


def test_a_careless_kick_is_caught():
    runs = runs_of(["stormer_verlet", "careless_verlet"], h=[40, 40])
    said = planets({"name": "outer_solar_system"}, runs, time=20_000, samples=100).summary
    assert said["energy_error/careless_verlet"] > 100 * said["energy_error/stormer_verlet"]
    assert said["angular_momentum_error/careless_verlet"] > 1e-4
