"""Time-transformed problems: the same orbits, with a clock in the state and steps that are short where U is large."""

import numpy as np
import pytest

from geoflow import PROBLEMS, Problem, integrate, time_transformed
from geoflow.ground import InputError

PERIOD = 2 * np.pi


@pytest.mark.parametrize("power", [0.5, 1.0, 1.5])
def test_the_orbit_of_kepler_is_the_same_at_the_time_of_the_clock(power):
    kepler = PROBLEMS["kepler"](eccentricity=0.9)
    run = integrate(time_transformed(kepler, power), "kahan_li_8", h=0.02, steps=400, every=400)
    q, t, p = run.final[:2], run.final[2], run.final[3:5]
    assert np.abs(np.hstack([q, p]) - kepler.exact(t)).max() < 1e-7
    assert max(run.drift.values()) < 1e-8


def test_positions_of_the_logarithmic_leapfrog_are_on_the_ellipse_and_their_times_are_not():
    kepler = PROBLEMS["kepler"](eccentricity=0.99)
    run = integrate(PROBLEMS["kepler_transformed"](eccentricity=0.99), "stormer_verlet_position", h=0.1, steps=1000)
    assert run.drift["energy"] < 1e-11
    assert np.abs(run.final[:2] - kepler.exact(run.final[2])[:2]).max() > 0.1
    other = integrate(PROBLEMS["kepler_transformed"](eccentricity=0.99, power=1.5), run.method, h=0.1, steps=1000)
    assert other.drift["energy"] > 1e-4


@pytest.mark.parametrize("name", ["figure_eight", "outer_solar_system", "argon_crystal"])
def test_many_bodies_reach_the_same_state_compiled(name, recwarn):
    problem = PROBLEMS[name]
    transformed = time_transformed(problem)
    d = problem.dimension // 2
    rate = transformed.evaluate(transformed.velocity, 0.0, transformed.y0)[-1]
    until = problem.span[0] + 1e-3 * (problem.span[1] - problem.span[0])
    run = integrate(transformed, "yoshida_6", h=(until - problem.span[0]) / rate / 50, until=until)
    plain = integrate(problem, "yoshida_6", h=(until - problem.span[0]) / 400, steps=400)
    assert run.final[d] == pytest.approx(until, rel=1e-14)
    assert np.abs(np.delete(run.final, [d, 2 * d + 1]) - plain.final).max() < 1e-8 * np.abs(plain.final).max()
    assert not recwarn.list


def test_a_state_becomes_consistent_by_its_energy():
    transformed = PROBLEMS["kepler_transformed"]
    y = transformed.evaluate(transformed.offers["consistent"], 0.0, np.array([1.0, 0.0, 7.0, 0.0, 1.0, 9.0]))
    assert y.tolist() == [1.0, 0.0, 7.0, 0.0, 1.0, 0.5]


@pytest.mark.parametrize(
    "name, sentence",
    [
        ("driven_pendulum", "without time"),
        ("lotka_volterra", "expected problem 'lotka_volterra' to have `velocity`"),
        ("harmonic_oscillator", r"U\(q0\) > 0"),
    ],
)
def test_problems_without_a_positive_potential_are_refused(name, sentence):
    with pytest.raises(InputError, match=sentence):
        time_transformed(PROBLEMS[name])


def test_a_kinetic_energy_that_is_not_quadratic_is_refused():
    quartic = Problem(
        y0=[1.0, 0.0],
        velocity=lambda p: p**3,
        force=lambda q: -q,
        hamiltonian=lambda q, p: p[0] ** 4 / 4 - 2 + q[0] ** 2 / 2,
    )
    with pytest.raises(InputError, match="quadratic in p"):
        time_transformed(quartic)
