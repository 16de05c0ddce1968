"""Discrete gradients keep H for every step size, and decrease it on a gradient flow."""

import numpy as np
import pytest

from geoflow.integrators import METHODS
from geoflow.integrators.integrate import integrate
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS, Problem
from geoflow.problems.elementary import cosh, log, tanh

NAMES = ["average_vector_field", "gonzalez", "itoh_abe"]


def energies(problem, method, h, steps):
    phi, y, energy = one_step(METHODS[method], problem), problem.y0, problem.invariants["energy"]
    found = [float(problem.evaluate(energy, 0.0, y))]
    for _ in range(steps):
        y = phi(0.0, y, h)
        found.append(float(problem.evaluate(energy, 0.0, y)))
    return np.array(found)


@pytest.mark.parametrize("method", NAMES)
@pytest.mark.parametrize(
    ("problem", "h"), [("henon_heiles", 0.2), ("pendulum", 0.3), ("lotka_volterra", 0.05), ("rigid_body", 0.2)]
)
def test_discrete_gradients_keep_the_energy_to_round_off(method, problem, h):
    kept = energies(PROBLEMS[problem], method, h, 100)
    assert np.abs(kept - kept[0]).max() <= 1e-13
    if problem != "rigid_body":  # where the midpoint rule keeps it too: it is quadratic
        lost = energies(PROBLEMS[problem], "implicit_midpoint", h, 100)
        assert np.abs(lost - lost[0]).max() > 1e-6


def well():
    """y' = -grad V for V = (y1 - y2)^2/2 + 20 log cosh(3 y1 + y2) + y2^4/4: convex and stiff, L = 200."""

    def potential(y):
        return (y[0] - y[1]) ** 2 / 2 + 20 * log(cosh(3 * y[0] + y[1])) + y[1] ** 4 / 4

    def gradient(y):
        slope = 20 * tanh(3 * y[0] + y[1])
        return y[0] - y[1] + 3 * slope, y[1] - y[0] + slope + y[1] ** 3

    def field(y):
        slope = 20 * tanh(3 * y[0] + y[1])
        return y[1] - y[0] - 3 * slope, y[0] - y[1] - slope - y[1] ** 3

    def poisson(y):
        return (-1, 0), (0, -1)

    return Problem(
        y0=np.array([-0.3, 1.0]),
        span=(0.0, 1.0),
        reference="test",
        field=field,
        invariants={"energy": potential},
        offers={"gradient": gradient, "poisson": poisson},
        name="well",
    )


@pytest.mark.parametrize("method", NAMES)
@pytest.mark.parametrize("h", [0.01, 0.1, 10.0])
def test_discrete_gradients_decrease_a_potential_whatever_the_step(method, h):
    V = energies(well(), method, h, 15)
    assert (np.diff(V) < 0).all()


def test_an_explicit_method_does_not_decrease_it():
    assert np.diff(energies(well(), "explicit_euler", 0.1, 2)).max() > 1


def test_the_average_vector_field_is_exact_for_polynomials_up_to_degree_sixteen():
    energy = energies(PROBLEMS["fput"](omega=3.0), "average_vector_field", 0.3, 20)
    assert np.abs(energy - energy[0]).max() <= 1e-13


@pytest.mark.parametrize("method", NAMES)
def test_a_constant_poisson_matrix_is_compiled_like_the_formula(method, recwarn):
    run = integrate("point_vortices", method, h=0.1, steps=20, monitor=1)
    assert not recwarn.list
    assert run.drift["energy"] <= 1e-13
    phi, y = one_step(METHODS[method], PROBLEMS["point_vortices"]), PROBLEMS["point_vortices"].y0
    for n in range(20):
        y = phi(n * 0.1, y, 0.1)
    assert run.final == pytest.approx(y, abs=1e-11)
