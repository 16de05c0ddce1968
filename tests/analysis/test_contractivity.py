"""Expansion ratios: worked by hand where the step is a line of algebra, within the bound everywhere."""

import numpy as np
import pytest

from geoflow.analysis.contractivity import (
    TOLERANCE,
    expansion,
    expansion_ratio,
    flow_step,
    radii,
    sample,
)
from geoflow.analysis.radii import contractivity_radius
from geoflow.errors import InputError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.potentials import POTENTIALS

RUNGE_KUTTA = {name: m for name, m in METHODS.items() if isinstance(m, RungeKutta)}


def ratio(method: str, potential: str, hL: float, points: int = 60, **parameters: object) -> float:
    V = POTENTIALS[potential](**parameters)
    return expansion_ratio(RUNGE_KUTTA[method], V, hL / V.L, sample(V, points, seed=2))


@pytest.mark.parametrize(
    ("method", "hL", "expected"),
    [
        ("explicit_euler", 2.5, 1.5),
        ("heun_2", 2.5, 1 - 2.5 + 2.5**2 / 2),
        ("implicit_euler", 3.0, 1 / (1 + 3.0 * 0.2)),
        ("implicit_midpoint", 3.0, (1 - 0.3) / (1 + 0.3)),
        ("trapezoidal", 3.0, (1 - 0.3) / (1 + 0.3)),
    ],
)
def test_on_a_quadratic_the_ratio_is_the_stability_function(
    method: str, hL: float, expected: float
) -> None:
    """The largest |R(-h lambda)| over the spectrum {1, 0.2}."""
    assert ratio(method, "quadratic", hL, spectrum=[1.0, 0.2]) == pytest.approx(expected, rel=1e-9)


def test_the_trapezoidal_rule_of_a_kinked_potential_by_hand() -> None:
    """x - h x / 2 = (1 + h leak / 2) y for 0 < x, y < 0: the ratio is (h/2 - 1) / (1 + h leak / 2)."""
    found = ratio("trapezoidal", "softplus_network", 6.0, dimension=1, neurons=1, leak=0.1)
    assert found == pytest.approx((3 - 1) / (1 + 0.3), rel=1e-7)


@pytest.mark.parametrize("potential", list(POTENTIALS))
@pytest.mark.parametrize("method", [n for n, m in RUNGE_KUTTA.items() if m.stages <= 4])
def test_no_method_expands_within_its_bound(method: str, potential: str) -> None:
    bound = 2 * min(contractivity_radius(METHODS[method]) or 0.0, 2.0)
    for hL in (0.5 * bound, bound):
        assert ratio(method, potential, hL, points=25) <= 1 + TOLERANCE


@pytest.mark.parametrize("potential", ["quadratic", "huber", "softplus_network", "log_cosh"])
def test_one_percent_above_its_bound_explicit_euler_is_caught(potential: str) -> None:
    assert ratio("explicit_euler", potential, 2.02, points=200) > 1.01


def test_the_explicit_midpoint_rule_is_caught_at_a_tenth() -> None:
    """Its radius is zero: on the potential of a ReLU layer it expands at a twentieth of the linear bound."""
    parameters = {"dimension": 4, "neurons": 4, "leak": 0.0}
    assert ratio("explicit_midpoint", "softplus_network", 0.1, points=1000, **parameters) > 1 + 1e-7
    assert ratio("heun_2", "softplus_network", 0.1, points=1000, **parameters) <= 1 + TOLERANCE


@pytest.mark.parametrize("potential", ["huber", "logistic"])
@pytest.mark.parametrize("method", ["implicit_euler", "implicit_midpoint", "trapezoidal"])
def test_implicit_steps_satisfy_their_equation(method: str, potential: str) -> None:
    """y - x = h (1 - theta) f(x) + h theta f(y), or f at the mean for the midpoint rule."""
    V = POTENTIALS[potential]()
    x, h = sample(V, 100, seed=5), 5 / V.L
    y = flow_step(RUNGE_KUTTA[method], V, h, x)
    slope = {
        "implicit_euler": V.gradient(y),
        "implicit_midpoint": V.gradient((x + y) / 2),
        "trapezoidal": (V.gradient(x) + V.gradient(y)) / 2,
    }[method]
    np.testing.assert_allclose(y, x - h * slope, atol=1e-11)


def test_the_study_reports_bounds_curves_and_no_violation() -> None:
    study = expansion(
        potential={"name": "quadratic", "spectrum": [2.0, 0.5]},
        methods=["explicit_euler", "rk4", "implicit_euler"],
        largest=4.0,
        count=8,
        points=20,
        implicit_points=20,
        seed=1,
    )
    assert list(study.tables["expansion"].columns) == ["potential", "method", "hL", "expansion"]
    assert len(study.tables["expansion"]) == 3 * 8
    assert study.summary["violations"] == 0
    assert study.summary["bound/explicit_euler"] == 2
    assert study.summary["largest_step/explicit_euler"] == pytest.approx(2, abs=1e-4)
    assert study.summary["largest_step/rk4"] == pytest.approx(2.7853, abs=1e-4)
    assert study.summary["largest_step/implicit_euler"] == 4.0
    assert study.summary["just_above/explicit_euler"] == pytest.approx(1.02)
    assert np.isnan(study.summary["just_above/implicit_euler"])
    assert np.isnan(study.summary["first_expansion/implicit_euler"])
    assert study.summary["first_expansion/rk4"] == study.summary["largest_step/rk4"]


def test_radii_of_a_study_are_those_of_the_methods() -> None:
    study = radii(["rk4_38", "trapezoidal", "gauss_2"])
    assert study.summary["radius/rk4_38"] == pytest.approx(2 * np.sqrt(3) - 3)
    assert study.summary["bound/trapezoidal"] == 4
    assert study.summary["a_stable/trapezoidal"] == 1
    assert study.summary["b_stable/trapezoidal"] == 0
    assert study.summary["b_stable/gauss_2"] == 1
    assert study.summary["above_linear"] == 0


@pytest.mark.parametrize(
    "wrong",
    [{"methods": []}, {"largest": 0.0}, {"count": 1}, {"points": 1}, {"implicit_points": 0}],
)
def test_values_that_measure_nothing_are_refused(wrong: dict) -> None:
    values = {"methods": ["rk4"], "largest": 2.0, "count": 2, "points": 5, "implicit_points": 5}
    with pytest.raises(InputError, match="at least two"):
        expansion(potential={"name": "huber"}, seed=0, **{**values, **wrong})


def test_a_splitting_is_no_method_for_a_gradient_flow() -> None:
    with pytest.raises(InputError, match="Runge-Kutta"):
        expansion({"name": "huber"}, ["stormer_verlet"], 2.0, 2, 5, 5, 0)
