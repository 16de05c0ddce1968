"""The search for the smallest step that expands: by hand where it can be, better than sampling elsewhere."""

import math

import numpy as np
import pytest

from geoflow.integrators import METHODS
from geoflow.measure.bends import Bends
from geoflow.measure.expansion import TOLERANCE, Probe, bound_on, field_of, ratios_at, sample
from geoflow.measure.expansion_search import Search
from geoflow.measure.first_expansion import first_expansion, steps_between
from geoflow.measure.gradient_step import stages
from geoflow.studies.contractivity.largest_steps.checks import weak_first

HUBER = {"name": "huber", "dimension": 3, "terms": 6}


def first(method: str, potential: dict, points: int = 60, repeats: int = 3, seed: int = 1):
    F, one = field_of(potential), METHODS[method]
    levels = steps_between(0.05, 100 if not one.explicit else 6, bound_on(one, F), 8)
    return first_expansion(one, F, levels, points, seed, repeats), F


def test_the_three_eighths_rule_expands_from_two_on_as_by_hand() -> None:
    """On Huber's function on the line its slope is 1 - 3 z / 4 + 3 z^2 / 8 somewhere: above one for all z > 2."""
    found, _ = first("rk4_38", {"name": "huber", "dimension": 1, "terms": 1})
    assert found.step == pytest.approx(2, rel=1e-3)


@pytest.mark.parametrize(
    ("method", "potential", "known"),
    [
        ("rk4_38", HUBER, 2.134),
        ("trapezoidal", {"name": "softplus_network", "dimension": 4, "neurons": 4, "leak": 0.0}, 4.0),
        ("dormand_prince_5", {"name": "log_cosh"}, 2.3882),
        ("trapezoidal", {"name": "log_cosh"}, 7.4733),
        ("sdirk_2", {"name": "ramps"}, 16.4853),
        ("butcher_6", {"name": "p_norm"}, 0.05),
    ],
)
def test_searches_with_different_seeds_find_what_long_ones_found(method, potential, known) -> None:
    """`known`: from searches with ten times the points and rounds."""
    steps = [first(method, potential, points=100, repeats=5, seed=seed)[0].step for seed in (1, 2)]
    assert steps == pytest.approx([known, known], rel=0.05)


def test_the_minimiser_is_always_tried() -> None:
    """On log cosh the Hessian is largest there, so that no step beyond the linear bound is missed."""
    found, _ = first("rk4", {"name": "log_cosh"}, points=4, repeats=1)
    assert found.step == pytest.approx(2.7853, rel=1e-3)


def test_what_is_found_really_expands_and_nothing_within_the_bound() -> None:
    for method in ("rk4_38", "kutta_3", "hbvm_2_1"):
        found, F = first(method, HUBER)
        ratio = ratios_at(METHODS[method], F, found.step, found.x[:, None])[0]
        assert ratio > 1 + TOLERANCE and not found.at_most
        assert found.step > (1 - 1e-9) * bound_on(METHODS[method], F)


def test_a_step_that_expands_already_at_the_start_is_marked() -> None:
    found, _ = first("dormand_prince_5", HUBER)
    assert (found.step, found.at_most) == (0.05, True)


def test_a_b_stable_method_is_never_found_to_expand() -> None:
    found, _ = first("implicit_midpoint", HUBER)
    assert math.isnan(found.step) and found.ratios.max() <= 1 + TOLERANCE


def test_the_weak_probe_is_caught_by_an_independent_search() -> None:
    F, method = field_of(HUBER), METHODS["rk4_38"]
    weak = weak_first(Probe(method, F, sample(F, 150, 1), 1), np.geomspace(0.05, 3.06, 14))
    found = Search(method, F, 600, seed=99).earlier(weak, 0.98 * weak, 0.05)
    assert found.step < 0.98 * weak


def test_kinks_lie_between_the_stages_of_steps_from_points_near_them() -> None:
    F, method, h = field_of(HUBER), METHODS["rk4_38"], 0.1
    x = Bends(F, 200, np.random.default_rng(0)).around(method, h)
    beyond = np.einsum("kd,sdn->skn", F.kinks.normals, stages(method, F, h, x)) - F.kinks.offsets[:, None]
    passed = (beyond.min(axis=0) < 0) & (beyond.max(axis=0) > 0)
    assert passed.any(axis=0).mean() > 0.7 and (passed.sum(axis=0) > 1).mean() > 0.2
