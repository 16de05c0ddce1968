"""The tracked states of the Taylor methods, against methods of high order."""

import csv
from pathlib import Path

import numpy as np
import pytest

from geoflow.integrators.integrate import integrate
from geoflow.measure.orders import reference_states
from geoflow.problems import PROBLEMS

STATES = Path(__file__).parents[2] / "data" / "reference" / "states.csv"


def tracked():
    found: dict[tuple[str, float], list[float]] = {}
    with STATES.open() as file:
        for row in csv.DictReader(file):
            found.setdefault((row["problem"], float(row["t"])), []).append(float(row["value"]))
    return found


STEPS = {"fput": 1e-3, "argon_crystal": 1e-6, "outer_solar_system": 100.0, "restricted_three_body": 1e-4}


@pytest.mark.parametrize(("key", "state"), tracked().items(), ids=str)
def test_the_taylor_states_agree_with_the_high_order_methods(key, state):
    name, t = key
    h = STEPS.get(name, 1e-2)
    run = integrate(name, "gauss_5", h=h, steps=round(t / h), every=round(t / h))
    size = max(1.0, np.abs(state).max())
    assert run.final == pytest.approx(state, abs=2e-12 * size)


@pytest.mark.parametrize("name", ["henon_heiles", "driven_pendulum", "kepler", "pendulum"])
def test_the_states_that_orders_are_measured_against_are_the_taylor_states(name):
    assert reference_states(PROBLEMS[name])[-1] == pytest.approx(tracked()[name, 10.0], abs=1e-12)
