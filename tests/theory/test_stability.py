"""Linear stability: intervals known in closed form, and laws over the whole table."""

import math
from fractions import Fraction

import numpy as np
import pytest

from geoflow.integrators import METHODS, RungeKutta
from geoflow.integrators.families import explicit_rk, implicit_rk, splitting
from geoflow.theory.stability import (
    a_stable,
    imaginary_stability_interval,
    l_stable,
    real_stability_interval,
    stability_function,
)

RUNGE_KUTTA = {name: m for name, m in METHODS.items() if isinstance(m, RungeKutta)}

# -z, the real zero of R(z) = -1 for R = 1 + z + ... + z^s / s!, s = 3 and 4
THREE_STAGES, FOUR_STAGES = 2.5127453266183286, 2.785293563405282


@pytest.mark.parametrize(
    ("name", "real", "imaginary"),
    [
        ("explicit_euler", 2, 0),
        ("explicit_midpoint", 2, 0),
        ("heun_2", 2, 0),
        ("kutta_3", THREE_STAGES, math.sqrt(3)),
        ("ssprk_3_3", THREE_STAGES, math.sqrt(3)),
        ("rk4", FOUR_STAGES, math.sqrt(8)),
        ("rk4_38", FOUR_STAGES, math.sqrt(8)),
        ("implicit_midpoint", math.inf, math.inf),
        ("trapezoidal", math.inf, math.inf),
    ],
)
def test_intervals_of_textbook_methods(name: str, real: float, imaginary: float) -> None:
    method = METHODS[name]
    assert real_stability_interval(method) == pytest.approx(real, abs=1e-10)
    assert imaginary_stability_interval(method) == pytest.approx(imaginary, abs=1e-10)


def evaluate(method: RungeKutta, z: complex) -> complex:
    """R(z) = 1 + z b^T (I - z A)^-1 1, from floats."""
    A, b, _ = method.as_floats()
    return 1 + z * (b @ np.linalg.solve(np.eye(len(b)) - z * A, np.ones(len(b))))


@pytest.mark.parametrize("name", list(RUNGE_KUTTA))
def test_the_polynomials_are_the_stability_function(name: str) -> None:
    method = RUNGE_KUTTA[name]
    N, D = (np.array([float(x) for x in p]) for p in stability_function(method))
    for z in (0.3 + 0.2j, -1.7 + 0.4j, -0.2 - 2.3j):
        quotient = np.polyval(N[::-1], z) / np.polyval(D[::-1], z)
        assert quotient == pytest.approx(evaluate(method, z), rel=1e-10)


@pytest.mark.parametrize("name", list(RUNGE_KUTTA))
@pytest.mark.parametrize("axis", ["real", "imaginary"])
def test_intervals_agree_with_sampled_values_of_the_stability_function(name: str, axis: str) -> None:
    method = RUNGE_KUTTA[name]
    direction = -1 if axis == "real" else 1j
    interval = real_stability_interval if axis == "real" else imaginary_stability_interval
    end = interval(method)
    assert end is not None
    inside = np.geomspace(1e-3, min(0.999 * end, 1e3), 60) if end > 0 else []
    assert all(abs(evaluate(method, direction * x)) <= 1 + 1e-10 for x in inside)
    if end < math.inf:
        beyond = max(1.01 * end, 0.05)
        assert abs(evaluate(method, direction * beyond)) > 1


@pytest.mark.parametrize("name", list(RUNGE_KUTTA))
def test_no_explicit_method_is_a_stable_and_l_stable_ones_are(name: str) -> None:
    method = RUNGE_KUTTA[name]
    assert not (method.explicit and a_stable(method))
    assert a_stable(method) or not l_stable(method)
    if a_stable(method):
        z = -np.abs(np.random.default_rng(0).standard_normal(50)) * 10
        z = z + 1j * np.random.default_rng(1).standard_normal(50) * 10
        assert max(abs(evaluate(method, w)) for w in z) < 1


@pytest.mark.parametrize(
    "name", ["implicit_euler", "radau_ia_2", "radau_iia_3", "radau_iia_4", "lobatto_iiic_3", "sdirk_2", "sdirk_3"]
)
def test_methods_made_for_stiff_problems_are_l_stable(name: str) -> None:
    assert l_stable(METHODS[name])


@pytest.mark.parametrize("name", ["gauss_1", "gauss_3", "lobatto_iiia_3", "lobatto_iiib_3", "trapezoidal"])
def test_symmetric_methods_are_a_stable_but_not_l_stable(name: str) -> None:
    assert a_stable(METHODS[name])
    assert not l_stable(METHODS[name])


def test_a_theta_method_below_one_half_is_not_a_stable() -> None:
    """R(z) = (1 + (1 - theta) z) / (1 - theta z) is bounded by one on [-2 / (1 - 2 theta), 0]."""
    theta = Fraction(2, 5)
    method = implicit_rk([[0, 0], [1 - theta, theta]], [1 - theta, theta], [0, 1], 1, "")
    assert not a_stable(method)
    assert real_stability_interval(method) == pytest.approx(10, rel=1e-15)


def test_a_pole_in_the_left_half_plane_is_seen_although_the_axis_is_quiet() -> None:
    """R(z) = 1 / (1 + z): |R| <= 1 on the imaginary axis, with a pole at z = -1."""
    method = implicit_rk([[-1]], [-1], [-1], 0, "")
    assert imaginary_stability_interval(method) == math.inf
    assert not a_stable(method)


def test_a_double_root_that_only_touches_does_not_end_the_interval() -> None:
    """Two Chebyshev steps: R(z) = T_2(1 + z/4) reaches -1 inside [-8, 0] and turns back."""
    method = explicit_rk([[], [Fraction(1, 8)]], [0, 1], order=1, reference="")
    assert real_stability_interval(method) == pytest.approx(8, rel=1e-15)


def test_common_factors_cancel() -> None:
    """A stage that takes no part in the linear problem leaves no pole behind."""
    half = Fraction(1, 2)
    method = implicit_rk([[half, 0, 0], [0, -1, 0], [0, 0, -1]], [1, half, -half], [half, 0, 0], 2, "")
    N, D = stability_function(method)
    assert [*N, *D] == [1, half, 1, -half]
    assert a_stable(method)


@pytest.mark.parametrize(
    ("name", "expected"), [("stormer_verlet", 2.0), ("symplectic_euler", 2.0), ("yoshida_4", 1.5734)]
)
def test_splittings_have_an_interval_on_the_harmonic_oscillator(name: str, expected: float) -> None:
    assert imaginary_stability_interval(METHODS[name]) == pytest.approx(expected, abs=1e-4)
    assert real_stability_interval(METHODS[name]) is None
    assert a_stable(METHODS[name]) is None
    assert l_stable(METHODS[name]) is None


def test_two_half_steps_of_verlet_have_twice_the_interval() -> None:
    quarter, half = Fraction(1, 4), Fraction(1, 2)
    method = splitting("BABAB", [quarter, half, half, half, quarter], order=2, reference="")
    assert imaginary_stability_interval(method) == pytest.approx(4, rel=1e-15)
