"""The studies of worst cases: sampled, searched and proved in order, and what they say of each method."""

import math

import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.studies.contractivity.contraction_theory.study import facts, with_idle_stage, with_split_stage
from geoflow.theory.radii import contractivity_radius, half_plane_factor, linear_factor

RUNGE_KUTTA = {name: m for name, m in METHODS.items() if isinstance(m, RungeKutta)}
SMALL = {"points": 20, "implicit_points": 5, "dimension": 2, "restarts": 4, "seed": 1}

contraction_rates = study_of("contractivity/contraction_rates")
contraction_theory = study_of("contractivity/contraction_theory")
contractive_steps = study_of("contractivity/contractive_steps")
early_expansion = study_of("contractivity/early_expansion")
worst_cases = study_of("contractivity/worst_cases")


def test_sampled_searched_and_proved_are_in_order_and_the_bound_is_sharp() -> None:
    study = worst_cases(["explicit_midpoint", "rk4_38"], 2.0, 2, [{"name": "huber"}, {"name": "quadratic"}], **SMALL)
    table, summary = study.tables["worst"], study.summary
    assert list(table["place"]) == ["grid"] * 4 + ["bound", "above"]
    assert summary["disorder"] < 1e-6 and summary["short"] < 1e-6 and summary["flaw"] < 1e-6
    assert summary["failures"] == 0 and summary["unfound"] == 0
    assert summary["most_at_bound"] < 1e-6 < 1e-5 < summary["least_caught_searched"]
    assert summary["least_caught"] == pytest.approx(2.69e-5, rel=0.01)


def test_the_largest_contractive_step_is_the_bound_for_every_class() -> None:
    study = contractive_steps(["explicit_euler", "ralston_2"], ["convex", "staged"], 3.0, 9)
    assert study.summary["least_ratio"] > 0.99 and study.summary["largest_ratio"] < 1.01
    assert study.summary["step/convex/explicit_euler"] == pytest.approx(2, abs=0.02)


def test_a_method_without_radius_expands_early_and_one_with_a_radius_does_not() -> None:
    early = early_expansion(["explicit_midpoint", "heun_2"], 0.2, 1.6, 4, 2, 8, 1).summary
    assert early["smallest_searched/explicit_midpoint"] > 1e-4
    assert early["smallest_searched/heun_2"] < 1e-9  # negative control
    assert early["power/explicit_midpoint"] == pytest.approx(3.2, abs=0.3)
    assert early["formula_gap"] < 1e-6


def test_rates_are_those_of_the_formulas_and_quadratics_are_not_always_the_worst() -> None:
    names = ["explicit_euler", "explicit_midpoint", "implicit_euler"]
    summary = contraction_rates(names, 0.1, 3.0, 6).summary
    assert summary["formula_gap"] < 1e-6 and summary["disorder"] < 1e-6
    assert summary["linear_until/explicit_euler"] == 3.0
    assert summary["linear_until/explicit_midpoint"] == 0.0
    assert summary["best_step/explicit_euler"] == 1.5


def test_a_one_sided_constant_separates_b_stable_from_l_stable() -> None:
    summary = contraction_rates(["implicit_euler", "gauss_2", "sdirk_2"], 1.0, 1.0, 2, "one_sided").summary
    assert summary["formula_gap"] < 1e-6
    assert summary["nonlinear/gauss_2"] < 1e-6
    assert summary["nonlinear/sdirk_2"] > 0.5
    assert half_plane_factor(RUNGE_KUTTA["gauss_2"], 1.0) == pytest.approx(1, abs=1e-5)


def test_the_linear_factor_is_the_stability_function() -> None:
    assert linear_factor(RUNGE_KUTTA["heun_2"], 3.0) == pytest.approx(2.5)
    assert linear_factor(RUNGE_KUTTA["explicit_euler"], 1.0, mu=0.2) == pytest.approx(0.8)


@pytest.mark.parametrize("name", [n for n, m in RUNGE_KUTTA.items() if m.stages <= 6])
def test_a_stage_that_does_not_matter_changes_no_radius(name: str) -> None:
    method = RUNGE_KUTTA[name]
    radius = contractivity_radius(method)
    for padded in (with_idle_stage(method), with_split_stage(method)):
        assert padded.stages == method.stages + 1
        assert contractivity_radius(padded) == pytest.approx(radius)


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("implicit_euler", "B-stable"),
        ("trapezoidal", "finite radius"),
        ("explicit_midpoint", "weight zero"),
        ("rkc_2_2", "weight negative"),
        ("sdirk_3", "weight negative"),
    ],
)
def test_the_verdict_says_what_decides_the_radius(name: str, verdict: str) -> None:
    row = facts(RUNGE_KUTTA[name])
    assert row["verdict"] == verdict
    assert (row["radius"] == 0) == verdict.startswith("weight")
    assert (row["radius"] == math.inf) == (verdict == "B-stable")


def test_the_facts_of_the_theory_are_those_of_the_methods() -> None:
    summary = contraction_theory(["rk4_38", "trapezoidal", "gauss_2"]).summary
    assert summary["radius/rk4_38"] == pytest.approx(2 * math.sqrt(3) - 3)
    assert summary["bound/trapezoidal"] == 4
    assert summary["a_stable/trapezoidal"] == 1
    assert summary["b_stable/trapezoidal"] == 0
    assert summary["b_stable/gauss_2"] == 1
    assert summary["above_linear"] == 0


def test_the_theory_counts_every_method_once() -> None:
    summary = contraction_theory(["explicit_euler", "implicit_euler", "heun_3"]).summary
    kinds = [summary[f"count/{k}"] for k in ("finite_radius", "B-stable", "weight_zero")]
    assert kinds == [1, 1, 1] and summary["naive_gap"] == 2 and summary["reducible_gap"] == 0


def test_values_that_measure_nothing_are_refused() -> None:
    with pytest.raises(InputError, match="nonempty lists"):
        worst_cases([], 1.0, 1, [{"name": "huber"}], **SMALL)
    with pytest.raises(InputError, match="smallest < largest"):
        early_expansion(["heun_3"], 1.0, 0.5, 4, 2, 1, 0)
    with pytest.raises(InputError, match="0 < mu"):
        contraction_rates(["rk4"], 1.0, 2.0, 4)
    with pytest.raises(InputError, match="mu = 1 for one_sided"):
        contraction_rates(["gauss_2"], 0.5, 2.0, 2, "one_sided")
    with pytest.raises(InputError, match="at least two"):
        contraction_rates(["gauss_2"], 1.0, 2.0, 1, "one_sided")
