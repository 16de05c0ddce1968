"""Runs that end at a given time instead of after a number of steps."""

import numpy as np
import pytest

from geoflow import PROBLEMS, Problem, integrate, prepare
from geoflow.ground import InputError, SolveError

KEPLER = PROBLEMS["kepler"]


@pytest.mark.parametrize("until, steps", [(1.0, 33), (0.99, 33), (0.03, 1), (0.01, 0), (0.0, 0)])
def test_the_last_step_is_shorter_and_ends_at_the_time(until, steps):
    run = integrate("kepler", "kahan_li_8", h=0.03, until=until)
    assert run.steps == steps
    assert np.abs(run.final - KEPLER.exact(until)).max() < 1e-10


def test_a_driven_problem_takes_the_last_step_at_its_own_time():
    run = integrate("driven_pendulum", "gauss_3", h=0.03, until=1.0)
    fine = integrate("driven_pendulum", "gauss_3", h=1e-3, steps=1000)
    assert np.abs(run.final - fine.final).max() < 1e-9


@pytest.mark.parametrize("until", [0.3, 6.0, 100.0, -5.0])
@pytest.mark.parametrize("method, problem", [("kahan_li_8", "kepler_transformed"), ("rk4", "kepler_with_clock")])
def test_the_clock_shows_the_time_after_the_last_step(method, problem, until):
    made, h = PROBLEMS[problem](eccentricity=0.6), float(np.copysign(0.05, until))
    run, clock = integrate(made, method, h=h, until=until), made.offers["clock"]
    assert run.final[clock] == pytest.approx(until, abs=1e-13)
    whole = integrate(made, method, h=h, steps=run.steps + 1)
    assert (whole.y[-1][clock] - until) * h > 0 >= (whole.y[-2][clock] - until) * h
    assert prepare(made, method)(None, h, until=until).tobytes() == run.final.tobytes()


@pytest.mark.parametrize(
    "words, sentence",
    [
        ({}, "expected either steps or until, got steps=None and until=None"),
        ({"steps": 3, "until": 1.0}, "expected either steps or until, got steps=3"),
        ({"until": -1.0}, "expected a time `until` after the start 0"),
        ({"until": float("inf")}, "expected a time `until` after the start 0"),
    ],
)
def test_a_time_that_cannot_be_reached_is_one_sentence(words, sentence):
    with pytest.raises(InputError, match=sentence):
        integrate("kepler", "rk4", h=0.1, **words)
    with pytest.raises(InputError, match=sentence):
        prepare("kepler", "rk4")(None, 0.1, **words)


def test_a_clock_that_stops_is_named():
    def field(y):
        return (-y[0], 0.0 if y[0] < 0.5 else 1.0)

    stopping = Problem(y0=[1.0, 0.0], field=field, offers={"clock": 1})
    with pytest.raises(SolveError, match=r"the clock stops at 0\.7 and does not reach 9"):
        integrate(stopping, "explicit_euler", h=0.1, until=9.0)


def test_a_clock_is_an_index_of_the_state():
    problem = Problem(y0=[1.0, 0.0], field=lambda y: (-y[0], 1.0), offers={"clock": 2})
    with pytest.raises(InputError, match="expected the clock of the problem to be an index of the state, got 2"):
        integrate(problem, "rk4", h=0.1, until=9.0)
