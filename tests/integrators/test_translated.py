"""Functions as a student writes them are compiled, or interpreted with a warning."""

import warnings

import numpy as np
import pytest

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.integrators.integrate import integrate
from geoflow.integrators.step import one_step
from geoflow.problems import Problem
from geoflow.problems.elementary import cos, sin

STIFFNESS = 0.7
MASSES = np.array([1.0, 2.0])


def spring(x):
    return -STIFFNESS * x * cos(x)


def two_springs():
    coupling = 0.25

    def velocity(p):
        p1, p2 = p
        return p1 / MASSES[0], p2 / MASSES[1]

    def force(t, q):
        """Takes a helper, a closure, a global, a negative index and NumPy's own sine."""
        push = coupling * np.sin(q[-1] - q[0]) if t >= 0 else 0.0
        return spring(q[0]) + push, spring(q[1]) - push

    return Problem(
        y0=np.array([0.3, -0.2, 0.1, 0.4]),
        span=(0.0, 1.0),
        reference="test",
        velocity=velocity,
        force=force,
        name="two_springs",
    )


@pytest.mark.parametrize("method", ["stormer_verlet", "rk4", "gauss_2"])
def test_an_ordinary_python_function_is_compiled(method):
    problem = two_springs()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = integrate(problem, method, h=0.1, steps=5)
    phi, y = one_step(METHODS[method], problem), problem.y0
    for n in range(5):
        y = phi(n * 0.1, y, 0.1)
    assert np.abs(run.final - y).max() < 1e-14


def test_a_function_that_cannot_be_compiled_is_interpreted_with_a_warning():
    table = {"gain": 2.0}

    def field(y):
        return (-table["gain"] * sin(y[0]),)

    problem = Problem(
        y0=np.array([1.0]), span=(0.0, 1.0), reference="test", field=field, name="by_dictionary",
        invariants={"square": lambda y: y[0] ** 2},
    )  # fmt: skip
    with pytest.raises(InputError, match="needs a compiled loop, and problem 'by_dictionary'"):
        integrate(problem, "rk4", h=0.1, steps=4, compensated=True)
    with pytest.warns(UserWarning, match="'by_dictionary' is interpreted"):
        run = integrate(problem, "rk4", h=0.1, steps=4, every=2)
    phi, y = one_step(METHODS["rk4"], problem), problem.y0
    for n in range(4):
        y = phi(n * 0.1, y, 0.1)
    assert np.array_equal(run.final, y) and run.y.shape == (3, 1)
    with pytest.warns(UserWarning, match="is interpreted"):
        runs = [integrate(problem, "rk4", h=0.1, steps=9, every=n, monitor=4) for n in (1, 7)]
    whole, monitored = (np.abs(runs[0].y[k] ** 2 - 1).max() for k in ([*range(10)], [4, 7, 8, 9]))
    assert [run.drift["square"] for run in runs] == [whole, monitored] and monitored == whole
