"""Expansion ratios: worked by hand where the step is a line of algebra, within the bound everywhere."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from asking import runs_of, study_of
from geoflow.ground import Tools
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.measure.expansion import TOLERANCE, Probe, field_of, sample
from geoflow.potentials import POTENTIALS
from geoflow.studies.contractivity.largest_steps.checks import check_pairs, summarise_checks
from geoflow.studies.contractivity.largest_steps.config import LargestSteps
from geoflow.studies.contractivity.largest_steps.study import measured
from geoflow.theory.radii import contractivity_radius

RUNGE_KUTTA = {name: m for name, m in METHODS.items() if isinstance(m, RungeKutta)}
HUBER = {"name": "huber", "dimension": 3, "terms": 6}
RELU = {"dimension": 4, "neurons": 4, "leak": 0.0}

counter_examples = study_of("contractivity/counter_examples")
discs = study_of("contractivity/discs")
expansion = study_of("contractivity/expansion")
largest_steps = study_of("contractivity/largest_steps")


def field(name: str, skew: float = 0.0, **parameters: object) -> dict:
    return {"label": name, "potential": {"name": name, **parameters}, "skew": skew}


def asked(**values: float) -> LargestSteps:
    settings = {
        "smallest": 0.05, "largest": 100.0, "count": 8, "points": 60, "implicit_points": 30, "repeats": 2,
        "checked": 0.0, "controls": 0, "seed": 1,
    }  # fmt: skip
    return LargestSteps(fields=[], methods=[], **{**settings, **values})


def probe(method: str, spec: dict, points: int = 60) -> Probe:
    F = field_of(spec["potential"], spec["skew"])
    return Probe(RUNGE_KUTTA[method], F, sample(F, points, seed=2), seed=1)


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
def test_on_a_quadratic_the_ratio_is_the_stability_function(method: str, hL: float, expected: float) -> None:
    """The largest |R(-h lambda)| over the spectrum {1, 0.2}."""
    found = probe(method, field("quadratic", spectrum=[1.0, 0.2]))(hL)
    assert found == pytest.approx(expected, rel=1e-12)


def test_the_trapezoidal_rule_of_a_kinked_potential_by_hand() -> None:
    """x - h x / 2 = (1 + h leak / 2) y for 0 < x, y < 0: the ratio is (h/2 - 1) / (1 + h leak / 2)."""
    spec = field("softplus_network", dimension=1, neurons=1, leak=0.1)
    assert probe("trapezoidal", spec)(6.0) == pytest.approx((3 - 1) / (1 + 0.3), rel=1e-12)


@pytest.mark.parametrize("hL", [2.2, 2.5])
def test_the_three_eighths_rule_of_hubers_function_by_hand(hL: float) -> None:
    """Stages 1 and 4 beyond the kinks, 2 and 3 between: 1 - 3 z/4 + 3 z^2/8, above one for all z > 2."""
    spec = field("huber", dimension=1, terms=1)
    found = probe("rk4_38", spec, points=2000)(hL)
    assert found == pytest.approx(1 - 3 * hL / 4 + 3 * hL**2 / 8, rel=1e-12)
    assert probe("rk4", spec, points=2000)(hL) <= 1 + TOLERANCE


@pytest.mark.parametrize("potential", list(POTENTIALS))
@pytest.mark.parametrize("method", [n for n, m in RUNGE_KUTTA.items() if m.stages <= 4])
def test_no_method_expands_within_its_bound(method: str, potential: str) -> None:
    bound = 2 * min(contractivity_radius(METHODS[method]) or 0.0, 20.0)
    one = probe(method, field(potential), points=12)
    if bound:
        assert max(one(0.5 * bound), one(bound)) <= 1 + TOLERANCE


@pytest.mark.parametrize("potential", ["quadratic", "huber", "softplus_network", "log_cosh", "ramps"])
def test_one_percent_above_its_bound_explicit_euler_is_caught(potential: str) -> None:
    assert probe("explicit_euler", field(potential), points=200)(2.02) > 1.01


@pytest.mark.parametrize(("method", "bound"), [("trapezoidal", 4.0), ("hbvm_2_1", 4 * np.sqrt(3)), ("sdirk_2", 16.485)])
def test_a_stable_methods_are_caught_above_their_bound(method: str, bound: float) -> None:
    """On a smooth potential, at a step at which their stability function is below one."""
    assert probe(method, field("ramps"), points=200)(1.03 * bound) > 1 + 1e-4


def test_a_wrong_L_is_caught() -> None:
    """An L that is 10 % too small makes explicit Euler expand within its bound."""
    F = field_of({"name": "log_cosh"})
    euler = RUNGE_KUTTA["explicit_euler"]
    wrong = replace(F, L=0.9 * F.L)
    assert measured(euler, F, asked())["violations"] == 0
    assert measured(euler, wrong, asked())["violations"] == 0  # L too small: h too large
    wrong = replace(F, L=0.9 * F.L, cocoercivity=1 / (0.9 * F.L))
    assert measured(euler, wrong, asked())["violations"] == 1


def test_the_explicit_midpoint_rule_is_caught_at_a_tenth() -> None:
    """Its radius is zero: on the potential of a ReLU layer it expands at a twentieth of the linear bound."""
    spec = field("softplus_network", **RELU)
    assert probe("explicit_midpoint", spec, points=1000)(0.1) > 1 + 1e-7
    assert probe("heun_2", spec, points=1000)(0.1) <= 1 + TOLERANCE


def test_the_study_of_steps_agrees_with_theory_and_a_skew_part_breaks_the_gradient_bound() -> None:
    study = largest_steps(
        fields=[field("quadratic", spectrum=[2.0, 0.5]), {**field("ramps", skew=0.3), "label": "skew"}],
        methods=["explicit_euler", "rk4", "implicit_midpoint"],
        smallest=0.1, largest=4.0, count=6, points=30, implicit_points=10, repeats=2, checked=1.0,
        controls=2, seed=1,
    )  # fmt: skip
    found = study.summary
    assert found["violations"] == found["skew_violations"] == 0
    assert found["skew_gradient_violations"] > 0
    assert found["bound/quadratic/explicit_euler"] == 2
    assert found["bound/skew/explicit_euler"] == 0
    assert found["bound/skew/implicit_midpoint"] == np.inf
    assert found["first_expansion/quadratic/explicit_euler"] == pytest.approx(2, abs=1e-3)
    assert found["first_expansion/quadratic/rk4"] == pytest.approx(2.7853, abs=1e-3)
    assert found["just_above/quadratic/explicit_euler"] == pytest.approx(1.02)
    assert (found["pairs"], found["checked"], found["found_earlier"]) == (4, 3, 0)
    assert (found["censored"], found["at_most/skew/explicit_euler"]) == (1, 1)
    assert found["first_expansion/skew/explicit_euler"] == 0.1
    assert np.isnan(found["first_expansion/quadratic/implicit_midpoint"])
    assert found["stable_worst"] <= 1 + TOLERANCE
    assert (found["methods_finite"], found["methods_stable"], found["attained"]) == (2, 1, 1)


def test_a_search_made_weak_on_purpose_is_found_out_by_the_independent_one() -> None:
    """Negative control of the claim `nothing_earlier`: starts alone, four of them, are late, and the check says so."""
    F, names = field_of(HUBER), ["rk4_38", "trapezoidal", "lobatto_iiia_3"]
    weak = asked(points=4, implicit_points=4, repeats=0)
    rows = [{"field": "huber", "method": name, **measured(RUNGE_KUTTA[name], F, weak)} for name in names]
    checks = check_pairs(pd.DataFrame(rows), {"huber": F}, asked(points=40, implicit_points=20, checked=1.0), Tools())
    found = summarise_checks(checks)
    assert found["checked"] == len(names)
    assert found["found_earlier"] == len(names) and found["most_earlier"] > 0.1


def test_the_curves_of_the_study_are_those_of_the_stability_function() -> None:
    study = expansion([field("quadratic", spectrum=[2.0, 0.5])], ["heun_2"], 4.0, 4, 5, 5, 1)
    curve = study.tables["expansion"]
    z = curve["hL"].to_numpy()
    exact = np.maximum(*(abs(1 - x + x**2 / 2) for x in (z, z / 4)))
    np.testing.assert_allclose(curve["expansion"], exact, rtol=1e-12)
    assert study.summary["worst/quadratic/heun_2"] == pytest.approx(exact.max())
    assert study.tables["marks"]["bound"].tolist() == [2]
    assert study.tables["marks"]["first_expansion"].tolist() == pytest.approx([2], abs=1e-3)


def test_counter_examples_are_pairs_that_move_apart() -> None:
    line = {"label": "relu", "methods": ["trapezoidal", "implicit_euler"], "hL": 6.0, "reach": 3.0}
    line["field"] = field("softplus_network", dimension=1, neurons=1, leak=0.0)
    study = counter_examples(field("ramps"), ["explicit_midpoint", "heun_2"], 1.9, 0.2, 5, 200, [line], seed=1)
    pair = study.tables["pair"].set_index(["stage", "who"])
    before, after = (np.hypot(*(pair.loc[(stage, 0)] - pair.loc[(stage, 1)])) for stage in ("point", "image"))
    assert after / before == pytest.approx(study.summary["pair"])
    assert study.summary["pair"] > 1.05
    assert study.summary["smallest/explicit_midpoint"] > 1e-6
    assert study.summary["smallest/heun_2"] <= TOLERANCE
    assert study.summary["steepest/relu/trapezoidal"] == pytest.approx(2)
    assert study.summary["steepest/relu/implicit_euler"] <= 1


def test_discs_grow_where_the_method_expands() -> None:
    study = discs(
        field("quadratic", spectrum=[1.0, 0.5]), runs_of(["explicit_euler", "implicit_midpoint"], hL=[2.2, 9.0]),
        3, 1.0, [[1.0, 2.0]], 40,
    )  # fmt: skip
    assert study.summary["growth/explicit_euler"] == pytest.approx(1.2, rel=1e-6)
    assert study.summary["left/explicit_euler"] == pytest.approx(1.2**3, rel=1e-2)
    assert study.summary["growth/implicit_midpoint"] < 1
    assert len(study.tables["circles"]) == 2 * 4 * 40


@pytest.mark.parametrize("wrong", [{"methods": []}, {"largest": 0.0}, {"count": 1}, {"points": 1}, {"fields": []}])
def test_values_that_measure_nothing_are_refused(wrong: dict) -> None:
    values = {
        "fields": [field("huber")], "methods": ["rk4"], "largest": 2.0, "count": 2, "points": 5,
        "implicit_points": 5, "seed": 0,
    }  # fmt: skip
    with pytest.raises(InputError, match="at least two"):
        expansion(**{**values, **wrong})


def test_a_splitting_is_no_method_for_a_gradient_flow() -> None:
    with pytest.raises(InputError, match="Runge-Kutta"):
        expansion([field("huber")], ["stormer_verlet"], 2.0, 2, 5, 5, 0)
