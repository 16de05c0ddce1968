"""The course's first figure, in numbers."""

import pytest

from geoflow.analysis.oscillator import oscillator


def test_the_first_figure_of_the_course():
    study = oscillator(
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
    assert summary["energy_error/implicit_midpoint"] < 1e-14
    assert summary["energy_error/rk45"] > 1e-2
    assert set(study.tables["states"]["method"]) == {
        "explicit_euler", "implicit_euler", "implicit_midpoint", "rk45",
    }  # fmt: skip
