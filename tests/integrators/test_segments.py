"""A run that is cut into segments is the uncut run, in every bit."""

import numpy as np
import pytest

from geoflow import integrate, integrate_ensemble, prepare
from geoflow.ground.errors import InputError, SolveError
from geoflow.integrators.segments import Segments

ONE_OF_EACH_KIND = [
    ("pendulum", "stormer_verlet", False),  # carries a force
    ("pendulum", "stormer_verlet", True),  # and the digits that the sums lost
    ("pendulum", "rk4", True),
    ("pendulum", "gauss_3", False),  # the stages that the next iteration begins with
    ("pendulum", "gauss_3", True),
    ("rigid_body", "kahan", False),  # a formula
    ("outer_solar_system", "stormer_verlet", True),  # arrays instead of scalars
]


@pytest.mark.parametrize("problem, method, compensated", ONE_OF_EACH_KIND)
def test_segments_equal_one_run_in_every_bit(problem, method, compensated):
    h = 10.0 if problem == "outer_solar_system" else 0.1
    whole = integrate(problem, method, h=h, steps=500, every=7, compensated=compensated)
    run = Segments(problem, method, h=h, compensated=compensated)
    parts = [run.advance(last, every=7) for last in (0, 1, 2, 13, 14, 220, 221, 500)]
    assert np.array_equal(run.y, whole.final)
    assert np.array_equal(np.concatenate([part.y for part in parts]), whole.y[1:])
    assert np.array_equal(np.concatenate([part.t for part in parts]), whole.t[1:])
    for name, series in whole.invariants.items():
        joined = np.concatenate([part.invariants[name] for part in parts])
        assert np.array_equal(joined, series[1:])
        # A segment looks at its own last step, too.
        assert max(part.drift[name] for part in parts) >= whole.drift[name] > 0
    assert run.iterations == whole.iterations


@pytest.mark.parametrize("problem, method, compensated", ONE_OF_EACH_KIND[:6])
def test_a_stored_memory_goes_on_in_another_run(problem, method, compensated):
    whole = integrate(problem, method, h=0.1, steps=500, compensated=compensated)
    first = Segments(problem, method, h=0.1, compensated=compensated)
    first.advance(217)
    second = Segments(problem, method, h=0.1, compensated=compensated)
    second.restore(first.memory())
    first.advance(300)  # what was stored is a copy
    second.advance(500)
    assert np.array_equal(second.y, whole.final) and second.t == pytest.approx(whole.t[-1])


@pytest.mark.parametrize("method", ["stormer_verlet", "gauss_3"])
def test_a_run_that_forgets_what_it_carried_is_another_run(method):
    whole = integrate("pendulum", method, h=0.1, steps=500, compensated=True)
    run = Segments("pendulum", method, h=0.1, compensated=True)
    run.advance(217)
    memory = run.memory()
    assert memory["carry"].any()
    forgetful = Segments("pendulum", method, h=0.1, compensated=True)
    forgetful.restore({**memory, "carry": np.zeros_like(memory["carry"])})
    forgetful.advance(500)
    assert not np.array_equal(forgetful.y, whole.final)


def test_an_iteration_that_is_stopped_early_sweeps_less_and_ends_elsewhere():
    runs = [Segments("kepler", "gauss_3", h=0.1, tolerance=tol) for tol in (0.0, 1e-8)]
    for run in runs:
        run.advance(200)
    assert runs[1].iterations < 0.8 * runs[0].iterations
    distance = np.abs(runs[1].y - runs[0].y).max()
    assert 1e-12 < distance < 1e-4


def test_wrong_segments_are_refused():
    with pytest.raises(InputError, match="'rk4' has no stages to iterate"):
        Segments("pendulum", "rk4", h=0.1, tolerance=1e-12)
    with pytest.raises(InputError, match=r"a tolerance in \[0, 1\), got 2"):
        Segments("pendulum", "gauss_3", h=0.1, tolerance=2)
    with pytest.raises(InputError, match=r"a tolerance in \[0, 1\), got '0.1'"):
        Segments("pendulum", "gauss_3", h=0.1, tolerance="0.1")
    with pytest.raises(InputError, match="a finite step size h other than 0"):
        Segments("pendulum", "rk4", h=0)
    run = Segments("harmonic_oscillator", "explicit_euler", h=1.0)
    run.advance(10)
    with pytest.raises(InputError, match="the last step to be a whole number of at least 10, got 9"):
        run.advance(9)
    with pytest.raises(SolveError, match="the state overflowed before t = 3000"):
        run.advance(3000)


@pytest.mark.parametrize("whole", [np.uint8, np.int8])
def test_short_integers_of_numpy_count_like_those_of_python(whole):
    """Their sums and products would wrap around: 127 + 1 is -128."""
    last = np.iinfo(whole).max
    run = integrate("pendulum", "rk4", h=0.01, steps=int(last))
    segments = Segments("pendulum", "rk4", h=0.01)
    assert len(segments.advance(last).t) == 0
    ensemble = integrate_ensemble("pendulum", "rk4", run.y[:1], h=0.01, steps=last)
    assert len(ensemble.t) == len(integrate("pendulum", "rk4", h=0.01, steps=last).t) == int(last) + 1
    stepped = prepare("pendulum", "rk4")(None, 0.01, last)
    assert np.array_equal(stepped, run.final) and np.array_equal(segments.y, run.final)


def test_counts_that_64_bits_do_not_hold_are_refused():
    with pytest.raises(InputError, match="steps to be at most 2"):
        prepare("pendulum", "rk4")(None, 0.1, 2**64)
    with pytest.raises(InputError, match="every to be at most 2"):
        Segments("pendulum", "rk4", h=0.1).advance(20, every=2**64 + 1)
    with pytest.raises(InputError, match="monitor to be at most 2"):
        Segments("pendulum", "rk4", h=0.1).advance(20, monitor=2**64)
