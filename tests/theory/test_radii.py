"""Radii of contractivity and of strong stability: by hand, and against each other."""

import math

import pytest

from geoflow.integrators import METHODS, RungeKutta
from geoflow.theory.radii import contractivity_radius, ssp_coefficient
from geoflow.theory.stability import real_stability_interval

RUNGE_KUTTA = {name: m for name, m in METHODS.items() if isinstance(m, RungeKutta)}


@pytest.mark.parametrize(
    ("name", "radius"),
    [
        ("explicit_euler", 1),
        ("heun_2", 1),
        ("ssprk_3_3", 1),
        ("ssprk_10_4", 6),
        ("rk4", 1),
        ("rk4_38", 2 * math.sqrt(3) - 3),  # 0.4641
        ("kutta_3", 1 / 2),
        ("explicit_midpoint", 0),  # the first weight is zero
        ("heun_3", 0),
        ("sdirk_3", 0),  # the second weight is negative
        ("trapezoidal", 2),
        ("lobatto_iiia_3", math.sqrt(24)),
        ("sdirk_2", 4 + 3 * math.sqrt(2)),
    ],
)
def test_contractivity_radii(name: str, radius: float) -> None:
    assert contractivity_radius(METHODS[name]) == pytest.approx(radius, abs=1e-12)


@pytest.mark.parametrize("name", list(RUNGE_KUTTA))
def test_twice_the_radius_is_at_most_the_real_stability_interval(name: str) -> None:
    """A quadratic is one of the convex potentials; and |R| <= 1 on the disc of radius r."""
    radius, interval = (f(METHODS[name]) for f in (contractivity_radius, real_stability_interval))
    assert radius is not None
    assert interval is not None
    assert 2 * radius <= interval + 1e-12


@pytest.mark.parametrize(
    ("name", "coefficient"),
    [
        ("explicit_euler", 1),
        ("heun_2", 1),
        ("ssprk_2_2", 1),
        ("ssprk_3_3", 1),
        ("ssprk_10_4", 6),
        ("rk4", 0),
        ("explicit_midpoint", 0),
        ("implicit_euler", math.inf),
        ("implicit_midpoint", 2),
        ("trapezoidal", 2),
        ("sdirk_2", 1 + math.sqrt(2)),
        ("gauss_2", 0),
    ],
)
def test_ssp_coefficients(name: str, coefficient: float) -> None:
    assert ssp_coefficient(METHODS[name]) == pytest.approx(coefficient, abs=1e-12)


@pytest.mark.parametrize("name", list(RUNGE_KUTTA))
def test_the_ssp_coefficient_is_at_most_the_contractivity_radius(name: str) -> None:
    """Contractive in every norm implies contractive in the Euclidean one."""
    ssp, radius = ssp_coefficient(METHODS[name]), contractivity_radius(METHODS[name])
    assert ssp is not None
    assert radius is not None
    assert ssp <= radius + 1e-12
