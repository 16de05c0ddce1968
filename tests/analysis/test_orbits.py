"""Long runs of Kepler's problem: bounded errors and drifting ones."""

import pytest

from geoflow.analysis.orbits import orbits


def test_long_runs_tell_bounded_errors_from_drifting_ones():
    study = orbits(
        {"name": "kepler"}, ["rk4", "stormer_verlet"], h=0.05, steps=20_000, every=20, shown=10
    )
    assert study.summary["energy_growth/stormer_verlet"] == pytest.approx(1, abs=0.2)
    assert study.summary["energy_growth/rk4"] > 5
    assert study.summary["angular_momentum_error/stormer_verlet"] < 1e-12
    assert study.summary["angular_momentum_error/rk4"] > 1e-4
    pieces = study.tables["orbits"].groupby(["method", "part"]).size()
    assert (pieces == 11).all() and len(pieces) == 4
