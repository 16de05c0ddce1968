"""The course's first figure and its relatives, in numbers."""

import pytest

from asking import study_of
from geoflow.ground.errors import InputError

side_by_side = study_of("hamiltonian/side_by_side")


def test_another_frequency_has_another_prediction():
    problem = {"name": "harmonic_oscillator", "omega": 2.0}
    said = side_by_side(problem, ["rk4", "stormer_verlet"], h=0.1, steps=50).summary
    assert said["prediction_gap/rk4"] < 1e-12
    z = 0.2j  # a damping that order four and four stages share
    R = 1 + z + z**2 / 2 + z**3 / 6 + z**4 / 24
    assert said["predicted_energy/rk4"] == pytest.approx(2 * abs(R) ** 100)
    assert "predicted_energy/stormer_verlet" not in said
    assert "predicted_energy/rk4" not in side_by_side({"name": "pendulum"}, ["rk4"], h=0.1, steps=50).summary
    with pytest.raises(InputError, match="at most 4 components, got 'toda'"):
        side_by_side({"name": "toda"}, ["rk4"], h=0.1, steps=50)


def test_a_careless_kick_is_caught():
    """Each step multiplies areas by 1 + h^2/2, so that the energy grows like that."""
    methods = ["stormer_verlet", "careless_verlet"]
    said = side_by_side({"name": "harmonic_oscillator"}, methods, h=0.04, steps=1000).summary
    assert said["energy_error/stormer_verlet"] < 1e-3
    assert said["final_energy/careless_verlet"] == pytest.approx(0.5 * (1 + 0.04**2 / 2) ** 1000, rel=0.02)


def test_the_first_figure_of_the_course():
    study = side_by_side(
        {"name": "harmonic_oscillator"},
        ["explicit_euler", "implicit_euler", "implicit_midpoint"],
        h=0.04,
        steps=1000,
        adaptive_tolerance=1e-2,
    )
    summary = study.summary
    # Each step of explicit Euler multiplies the energy by 1 + h^2, of implicit Euler divides by it.
    assert summary["final_energy/explicit_euler"] == pytest.approx(0.5 * 1.0016**1000)
    assert summary["final_energy/implicit_euler"] == pytest.approx(0.5 / 1.0016**1000)
    for method in ("explicit_euler", "implicit_euler", "implicit_midpoint"):
        assert summary[f"prediction_gap/{method}"] < 1e-12
    assert "predicted_energy/rk45" not in summary
    assert summary["energy_error/implicit_midpoint"] < 1e-14
    assert summary["energy_error/rk45"] > 1e-2
    assert set(study.tables["states"]["method"]) == {
        "explicit_euler", "implicit_euler", "implicit_midpoint", "rk45",
    }  # fmt: skip


def test_the_adaptive_method_is_sampled_where_the_others_are_and_can_be_left_out():
    problem = {"name": "lotka_volterra", "direction": -1.0}
    both = side_by_side(problem, ["gonzalez"], 0.05, 100, 1e-6, [0.5, 1.5])
    states = both.tables["states"]
    assert states.groupby("method")["t"].apply(list).map(len).tolist() == [101, 101]
    assert both.summary["energy_error/gonzalez"] < 1e-12 < both.summary["energy_error/rk45"]
    assert both.summary["final/gonzalez/0"] == states[states["method"] == "gonzalez"]["x"].iloc[-1]
    alone = side_by_side(problem, ["gonzalez"], 0.05, 100, 0.0, [0.5, 1.5])
    assert set(alone.tables["states"]["method"]) == {"gonzalez"}


def test_backwards_in_time_animals_return():
    forward = side_by_side({"name": "lotka_volterra"}, ["rk4"], 0.01, 100, 0.0, [0.5, 1.5]).summary
    start = [forward["final/rk4/0"], forward["final/rk4/1"]]
    back = side_by_side({"name": "lotka_volterra", "direction": -1.0}, ["rk4"], 0.01, 100, 0.0, start).summary
    assert [back["final/rk4/0"], back["final/rk4/1"]] == pytest.approx([0.5, 1.5], abs=1e-8)
