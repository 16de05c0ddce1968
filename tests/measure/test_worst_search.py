"""Searched worst cases: real steps on a real potential, which attain what is proved."""

import numpy as np
import pytest

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.measure.gradient_step import flow_step
from geoflow.measure.worst_search import _Climb, search, taken
from geoflow.potentials import POTENTIALS, gradient_field
from geoflow.potentials.interpolant import interpolant
from geoflow.theory.performance import TOLERANCE, worst_case


@pytest.mark.parametrize(
    ("name", "hL"),
    [("explicit_euler", 2.02), ("heun_2", 2.02), ("rk4_38", 0.9375), ("rk4", 2.02),
     ("explicit_midpoint", 0.5), ("trapezoidal", 4.04)],
)  # fmt: skip
def test_the_search_attains_the_proved_factor(name: str, hL: float) -> None:
    found = search(METHODS[name], hL, dimension=2, restarts=8, seed=1)
    proved = worst_case(METHODS[name], hL).factor
    assert found.factor > 1 + 10 * TOLERANCE
    assert found.factor == pytest.approx(proved, abs=TOLERANCE)


def test_what_is_found_is_a_step_on_a_smooth_convex_potential() -> None:
    """The potential satisfies 0 <= <dg, dx> - |dg|^2 / L everywhere, and its steps give the factor again."""
    method = METHODS["explicit_midpoint"]
    found = search(method, 1.0, dimension=2, restarts=4, seed=1)
    V = found.potential
    assert V is not None
    x, y = np.random.default_rng(0).standard_normal((2, 2, 500)) * 5
    dg, dx = V.gradient(x) - V.gradient(y), x - y
    assert ((dg * dx).sum(axis=0) - (dg * dg).sum(axis=0) >= -1e-10).all()
    ends = flow_step(method, gradient_field(V), 1.0, found.starts)
    assert np.linalg.norm(ends[:, 0] - ends[:, 1]) == pytest.approx(found.factor)
    assert taken(method, V, 0.05, found.starts) < found.factor


def test_b_stable_methods_cannot_be_driven_apart() -> None:
    for name in ("implicit_euler", "implicit_midpoint"):
        assert search(METHODS[name], 3.0, 2, 4, 1).factor <= 1 + 1e-9


def test_one_dimension_is_not_enough_for_the_explicit_midpoint_rule() -> None:
    assert search(METHODS["explicit_midpoint"], 1.0, 1, 8, 1).factor <= 1 + 1e-9
    assert search(METHODS["explicit_midpoint"], 1.0, 2, 8, 1).factor > 1.03


def test_derivatives_are_those_of_the_functions() -> None:
    climb = _Climb(METHODS["heun_2"], 1.3, 2)
    v = climb.guess(1.3, np.random.default_rng(3))
    for function, slope in (
        (lambda u: np.array([climb.objective(u)[0]]), climb.objective(v)[1][None]),
        (climb.conditions, climb.slopes(v)),
    ):
        steps = 1e-6 * np.eye(len(v))
        numeric = np.stack([(function(v + e) - function(v - e)) / 2e-6 for e in steps], axis=1)
        np.testing.assert_allclose(slope, numeric, atol=1e-5, rtol=1e-5)


def test_an_interpolant_has_the_values_and_gradients_of_its_data() -> None:
    """Data of Huber's potential are met; with an L that is too small for them they are missed."""
    V = POTENTIALS["huber"]()
    points = np.random.default_rng(2).standard_normal((6, V.dimension)) / 2
    gradients, values = V.gradient(points.T).T, V.value(points.T)
    W = interpolant(points, gradients, values, V.L)
    np.testing.assert_allclose(W.gradient(points.T).T, gradients, atol=1e-9)
    np.testing.assert_allclose(W.value(points.T), values, atol=1e-9)
    np.testing.assert_allclose(W.value(points[0]), values[0], atol=1e-9)
    assert W.hessian(points.T).shape == (6, V.dimension, V.dimension)
    smoother = interpolant(points, gradients, values, V.L / 10)
    assert np.abs(smoother.gradient(points.T).T - gradients).max() > 1e-3


def test_values_out_of_range_are_refused() -> None:
    with pytest.raises(InputError, match="at least one dimension"):
        search(METHODS["rk4"], 1.0, 0, 1, 0)
    with pytest.raises(InputError, match="one shape"):
        interpolant(np.zeros((2, 2)), np.zeros((3, 2)), np.zeros(2))
