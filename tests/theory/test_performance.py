"""Proved worst cases: by hand where a formula is known, sharp at the bound, and wrong when a condition is left out."""

import math

import numpy as np
import pytest
from PEPit.functions import SmoothConvexFunction

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, RungeKutta
from geoflow.integrators.controls import CONTROLS
from geoflow.studies.contractivity.early_expansion.study import midpoint_factor
from geoflow.theory import performance
from geoflow.theory.performance import TOLERANCE, largest_contractive_step, proof_flaw, worst_case
from geoflow.theory.radii import contractivity_radius
from geoflow.theory.two_steps import two_steps

FINITE = ["explicit_euler", "heun_2", "ralston_2", "kutta_3", "rk4", "rk4_38", "rkc_1_2", "trapezoidal"]


def method(name: str) -> RungeKutta:
    found = CONTROLS[name] if name in CONTROLS else METHODS[name]
    assert isinstance(found, RungeKutta)
    return found


@pytest.mark.parametrize(
    ("name", "hL", "mu", "expected"),
    [
        ("explicit_euler", 3.0, 0.0, 2.0),
        ("explicit_euler", 1.5, 0.2, 0.7),
        ("implicit_euler", 3.0, 0.2, 1 / 1.6),
        ("implicit_midpoint", 3.0, 0.0, 1.0),
        ("trapezoidal", 6.0, 0.0, 2.0),
        ("explicit_midpoint", 1.0, 0.0, math.sqrt(16 / 15)),
        ("explicit_midpoint", 2.0, 0.0, math.sqrt(2)),
    ],
)
def test_the_proved_factor_is_the_known_one(name: str, hL: float, mu: float, expected: float) -> None:
    worst = worst_case(method(name), hL, mu=mu)
    assert worst.status == "optimal"
    assert worst.factor == pytest.approx(expected, abs=TOLERANCE)
    assert abs(worst.gap) < TOLERANCE and worst.flaw < TOLERANCE


@pytest.mark.parametrize("hL", [0.3, 1.0, 2.5])
def test_the_closed_form_of_the_explicit_midpoint_rule(hL: float) -> None:
    assert worst_case(method("explicit_midpoint"), hL).factor == pytest.approx(midpoint_factor(hL), abs=TOLERANCE)


@pytest.mark.parametrize("fields", ["convex", "cocoercive", "staged"])
@pytest.mark.parametrize("name", FINITE)
def test_the_bound_is_sharp(name: str, fields: str) -> None:
    """Proved non-expansive at 2 r, proved to expand 1 % above, over each of the three classes."""
    bound = 2 * (contractivity_radius(method(name)) or 0.0)
    assert worst_case(method(name), bound, fields).factor <= 1 + TOLERANCE
    assert worst_case(method(name), 1.01 * bound, fields).factor > 1 + 10 * TOLERANCE


def test_a_mistyped_tableau_is_caught() -> None:
    """RK4 with two weights wrong expands at the bound of RK4, where RK4 is proved not to."""
    assert worst_case(method("rk4"), 2.0).factor <= 1 + TOLERANCE
    assert worst_case(method("rk4_mistyped"), 2.0).factor > 1.03


def test_a_condition_left_out_gives_a_larger_worst_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the conditions between the two last stages the data need not be those of any function."""

    class Forgetful(SmoothConvexFunction):
        def add_class_constraints(self) -> None:
            super().add_class_constraints()
            n = len(self.list_of_points)
            for i, j in ((n // 2 - 1, n - 1), (n - 1, n // 2 - 1)):
                (table,) = self.tables_of_constraints.values()
                table.iloc[i, j].deactivate()

    monkeypatch.setitem(
        performance.FIELDS, "forgetful", lambda pep, stages, mu: [pep.declare_function(Forgetful, L=1.0)] * stages
    )
    honest, forgetful = (worst_case(method("heun_2"), 1.0, f) for f in ("convex", "forgetful"))
    assert honest.factor <= 1 + TOLERANCE
    assert not forgetful.factor <= 1.01  # larger, or unbounded and so not a number


def test_wrong_multipliers_are_no_proof() -> None:
    """No multipliers at all cannot prove a factor below |R|; those of explicit Euler by hand can."""
    steps = two_steps(method("explicit_euler"), 1.0)
    nothing = np.zeros((2, 2))
    assert proof_flaw(steps, nothing, 1.0) > 0.1
    by_hand = np.array([[0.0, 2.0], [2.0, 0.0]])  # 2 h <dg, delta> >= 2 h |dg|^2
    assert proof_flaw(steps, by_hand, 1.0) < 1e-12
    assert proof_flaw(steps, np.array([[0.0, 2.0], [1.0, 0.0]]), 1.0) > 0.1
    assert proof_flaw(steps, by_hand, 0.9) > 0.01


def test_an_unbounded_program_has_a_status_and_no_value() -> None:
    worst = worst_case(method("explicit_euler"), 1.0, "one_sided", 1.0)
    assert worst.status != "optimal" and math.isnan(worst.factor)


def test_bisection_finds_the_bound_and_passes_a_failure_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert largest_contractive_step(method("rk4_38"), "staged", 2.0, 9)[0] == pytest.approx(0.9282, abs=0.01)
    assert largest_contractive_step(method("implicit_euler"), "convex", 9.0, 3)[0] == math.inf
    failed = performance.WorstCase(math.nan, math.nan, math.nan, "optimal_inaccurate")
    monkeypatch.setattr(performance, "worst_case", lambda *given: failed)
    step, status = largest_contractive_step(method("rk4"), "convex", 3.0, 9)
    assert math.isnan(step) and status == "optimal_inaccurate"


@pytest.mark.parametrize("wrong", [{"hL": 0.0}, {"hL": 1.0, "mu": 1.0}, {"hL": 1.0, "mu": -0.1}])
def test_steps_and_constants_out_of_range_are_refused(wrong: dict) -> None:
    with pytest.raises(InputError, match="expected h L > 0"):
        worst_case(method("explicit_euler"), **wrong)
