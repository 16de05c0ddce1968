"""Every finite radius is tried at its bound and above; a radius that is too large fails."""

import math
from pathlib import Path

import numpy as np
import pytest
import yaml

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.measure.worst_search import rounded
from geoflow.studies.contractivity.radius_controls import study as module
from geoflow.studies.contractivity.radius_controls.study import autonomous
from geoflow.theory import performance
from geoflow.theory.performance import SOLVED, TOLERANCE, WorstCase, small_data, worst_case
from geoflow.theory.radii import contractivity_radius
from geoflow.theory.two_steps import pair_form, two_steps

CONFIG = Path(__file__).parents[3] / "config" / "experiment" / "contractivity" / "radius_controls.yaml"
FINITE = {
    name: m
    for name, m in METHODS.items()
    if isinstance(m, RungeKutta) and 0 < (contractivity_radius(m) or 0.0) < math.inf
}

radius_controls = study_of("contractivity/radius_controls")


def test_the_experiment_has_every_method_with_a_finite_positive_radius() -> None:
    assert set(yaml.safe_load(CONFIG.read_text())["study"]["methods"]) == set(FINITE)


@pytest.mark.parametrize("name", [n for n, m in FINITE.items() if m.stages <= 3])
def test_a_radius_is_sharp(name: str) -> None:
    summary = radius_controls([name], dimension=3).summary
    assert summary["most_at_bound"] < 1e-6 and summary["most_at_bound_searched"] < 1e-6
    assert summary["least_caught_staged"] > 1e-5 and summary["flaw"] < 1e-6
    assert summary["failures"] == 0
    if name == "lobatto_iiib_2":
        assert summary["most_nodes_alone"] < 1e-6 and summary["count_nodes_alone"] == 1
    else:
        assert summary["least_caught"] > 1e-5 and summary["least_caught_searched"] > 1e-5
        assert summary["disorder"] < 2e-6


@pytest.mark.parametrize("name", ["heun_2", "rk4_38", "rkc_1_2", "lobatto_iiia_3"])
def test_a_radius_that_is_five_per_cent_too_large_fails_at_its_bound(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: proof and search both see an expansion where there should be none."""
    monkeypatch.setattr(module, "contractivity_radius", lambda m: 1.05 * (contractivity_radius(m) or 0.0))
    summary = radius_controls([name], dimension=3).summary
    assert summary["most_at_bound"] > 1e-5 and summary["most_at_bound_searched"] > 1e-5


def test_what_is_not_solved_is_not_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    failed = WorstCase(math.nan, math.nan, math.nan, "optimal_inaccurate")
    monkeypatch.setattr(module, "worst_case", lambda *given: failed)
    summary = radius_controls(["heun_2"], dimension=3).summary
    assert summary["failures"] == 3 and summary["most_at_bound"] == 1
    assert summary["least_caught"] == summary["least_caught_searched"] == -1


def test_lobatto_iiib_2_is_the_implicit_midpoint_rule_where_time_does_not_matter() -> None:
    assert contractivity_radius(autonomous(FINITE["lobatto_iiib_2"])) == math.inf
    others = [m for name, m in FINITE.items() if name != "lobatto_iiib_2" and m.stages < 10]
    for m in others:
        assert contractivity_radius(autonomous(m)) == pytest.approx(contractivity_radius(m))


def test_small_data_are_interpolable_and_nearly_attain_the_proof() -> None:
    method, hL = FINITE["rk4"], 2.02
    worst, steps = worst_case(method, hL), two_steps(method, hL)
    data = small_data(method, hL, worst)
    assert data is not None
    gram, values = data
    assert steps.end @ gram @ steps.end - 1 > 0.98 * (worst.factor**2 - 1)
    x, g = steps.points, steps.gradients
    for i, j in np.ndindex(len(x), len(x)):
        form = pair_form(x[i] - x[j], g[i] - g[j], g[j])
        assert (form * gram).sum() <= values[i] - values[j] + TOLERANCE
    assert rounded(method, hL, 3, gram, values).factor == pytest.approx(worst.factor, abs=TOLERANCE)
    assert small_data(method, 1.0, WorstCase(0.9, 0.0, 0.0, SOLVED)) is None


def test_a_program_that_is_left_inaccurate_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units and step lengths change nothing of the value; only when all are used up is there none."""
    steps = two_steps(FINITE["rk4_38"], 3.6)
    solved = [performance._attempt(steps, "convex", 0.0, *how) for how in performance.ATTEMPTS]
    factors = [worst.factor for worst in solved if worst.status == SOLVED]
    assert len(factors) >= 2 and max(factors) - min(factors) < TOLERANCE
    assert worst_case(FINITE["rk4_38"], 3.6).status == SOLVED
    failed = WorstCase(math.nan, math.nan, math.nan, "optimal_inaccurate")
    answers = iter([failed, failed, solved[-1], *[failed] * len(performance.ATTEMPTS)])
    monkeypatch.setattr(performance, "_attempt", lambda *given: next(answers))
    assert worst_case(FINITE["rk4"], 1.0) is solved[-1]
    assert worst_case(FINITE["rk4"], 1.0).status == "optimal_inaccurate"


def test_a_method_without_a_finite_radius_is_refused() -> None:
    with pytest.raises(InputError, match="finite positive"):
        radius_controls(["implicit_euler"], dimension=3)
    with pytest.raises(InputError, match="finite positive"):
        radius_controls(["explicit_midpoint"], dimension=3)
