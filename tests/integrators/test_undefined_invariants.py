"""An invariant that is NaN somewhere leaves a drift of NaN: nothing of it is passed over."""

from functools import partial

import numpy as np
import pytest

from geoflow.integrators.integrate import integrate
from geoflow.integrators.segments import Segments
from geoflow.problems import Problem

SPAN = (0.0, 1.0)


def undefined_once(compiled):
    """x' = 1 with an invariant that is NaN for 2 < x < 3 only; one of the two has no source to be compiled."""

    def field(y):
        return (1 + 0 * y[0],)

    def gap(y):
        return np.sqrt((y[0] - 2) * (y[0] - 3))

    slow = partial(field)  # has no source
    slow.__name__ = "field"
    return Problem(
        np.array([0.05]), SPAN, "test",
        field=field if compiled else slow, invariants={"gap": gap}, name="gap",
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore:problem 'gap' is interpreted", "ignore:invalid value")
@pytest.mark.parametrize("compiled", [True, False])
def test_an_invariant_that_was_nan_once_leaves_a_drift_of_nan(compiled):
    """In the compiled loop, in the interpreted one, and in the segment that saw it."""
    problem, asked = undefined_once(compiled), {"h": 0.1, "steps": 50, "monitor": 1}
    assert np.isnan(integrate(problem, "rk4", every=50, **asked).drift["gap"])
    assert np.isnan(integrate(problem, "rk4", every=1, **asked).drift["gap"])
    before = integrate(problem, "rk4", h=0.1, steps=15, monitor=1).drift["gap"]
    assert before > 0
    run = Segments(problem, "rk4", h=0.1)
    drift = [run.advance(last, monitor=1).drift["gap"] for last in (15, 35, 50)]
    assert drift[0] == before and np.isnan(drift[1]) and drift[2] > 0


def test_a_log_of_fewer_than_none_is_not_passed_over():
    """Explicit Euler takes the susceptible below zero; the linear invariant stays."""
    drift = integrate("sir", "explicit_euler", h=12.0, steps=5).drift
    assert np.isnan(drift["orbit"]) and drift["population"] < 1e-15
