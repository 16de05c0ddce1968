"""The catalogue finds what is wrong, leaves nothing out, and agrees with what is right."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, compose
from geoflow.integrators.controls import CONTROLS
from geoflow.measure import defects as measure
from geoflow.measure.orders import evaluations_for
from geoflow.measure.structure_defects import measured_structure
from geoflow.measure.suitable import serves
from geoflow.problems import PROBLEMS
from geoflow.studies.convergence.catalogue.study import examine

PROBLEM_NAMES = ("henon_heiles", "driven_pendulum", "rigid_body")
FEW = ["heun_2", "gauss_2", "lobatto_iiib_2", "stormer_verlet", "yoshida_6"]

catalogue = study_of("convergence/catalogue")
work = study_of("convergence/work")


@pytest.fixture(scope="module")
def few():
    return catalogue(PROBLEM_NAMES, FEW)


def test_declared_derived_and_measured_agree_for_right_methods(few):
    assert few.summary["disagreements"] == 0 and few.summary["unserved"] == 0
    assert few.summary["methods"] == len(FEW)
    assert few.summary["worst_order_gap"] < 0.1


def test_every_control_is_caught(few):
    assert few.summary["controls"] == len(CONTROLS)
    assert few.summary["controls_missed"] == 0
    for name in CONTROLS:
        assert few.summary[f"disagreements/{name}"] >= 1, name


def test_the_catalogue_sees_time_in_the_jacobian(few):
    """On an autonomous problem Lobatto IIIB with two stages is the implicit midpoint rule."""
    assert few.summary["symplecticity/lobatto_iiib_2"] > 1e-6
    assert few.summary["symplecticity/gauss_2"] < 1e-12


def test_every_method_of_the_table_and_every_control_has_a_family():
    families = {method.kind for method in (*METHODS.values(), *CONTROLS.values())}
    assert "" not in families and len(families) >= 6


def test_a_method_that_nothing_serves_is_counted_and_not_skipped():
    row = examine(METHODS["stormer_verlet"], ["rigid_body"], 1.0)
    assert row["problem"] == "" and row["order_gap"] == math.inf and row["disagreements"] >= 1
    assert not serves(PROBLEMS["rigid_body"], METHODS["stormer_verlet"])


def test_an_order_that_is_declared_too_high_is_found_by_trees_and_by_slopes():
    braggart = compose(METHODS["stormer_verlet"], [1], order=4, reference="HLW")
    row = examine(braggart, PROBLEM_NAMES, 1.0)
    assert row["order_conditions"] == 2 and row["order"] == pytest.approx(2, abs=0.1)
    assert row["disagreements"] == 2


def test_slopes_stop_when_they_have_settled_and_above_round_off():
    errors = measure.errors_by_halving(PROBLEMS["henon_heiles"], METHODS["rk4"])
    assert measure.slopes_of(errors)[-1] == pytest.approx(4, abs=0.1)
    assert min(error for _, error in errors) > measure.FLOOR
    assert len(errors) < 6


def test_extended_precision_and_float64_measure_the_same_errors():
    problem, method = PROBLEMS["driven_pendulum"], METHODS["gauss_2"]
    floats = measure.errors_by_halving(problem, method)
    extended = measure.errors_by_halving(problem, method, digits=30)
    np.testing.assert_allclose(floats, extended, rtol=1e-4)


def test_every_method_meets_a_problem_that_time_enters():
    driven = [problem for problem in PROBLEMS.values() if problem.driven]
    assert not [name for name, method in METHODS.items() if not any(serves(p, method) for p in driven)]


def test_a_method_without_a_driven_problem_says_what_none_offers():
    row = examine(METHODS["kahan"], ["henon_heiles", "driven_pendulum"], 1.0)
    assert row["driven"] == "" and np.isnan(row["order_driven"])
    assert row["not_driven"] == "no non-autonomous problem provides quadratic_field"


def test_what_a_formula_is_proved_to_be_is_measured():
    """A drive that is taken at the wrong time is no longer symmetric: the catalogue sees it."""
    boris = METHODS["boris"]
    assert measured_structure(boris)["symmetry"] < 1e-20

    def late(t, y, h, eps, *, magnetic_field, electric_field):
        fields = {"magnetic_field": magnetic_field, "electric_field": electric_field}
        return boris.step(t - h / 2, y, h, eps, **fields)

    wrong = replace(boris, step=late)
    row = examine(wrong, tuple(PROBLEMS), 1.0)
    assert row["symmetric"] == 1 and row["symmetry"] > 1e-6
    assert row["order_driven"] == pytest.approx(1, abs=0.1) and row["disagreements"] >= 2


def test_ordinary_methods_ask_for_nothing_beyond_the_field():
    assert METHODS["rk4"].asked == set()


def test_the_cost_of_an_accuracy_is_read_off_the_line():
    runs = pd.DataFrame({"evaluations": [10.0, 100.0, 1000.0], "error": [1e-2, 1e-4, 1e-6]})
    assert evaluations_for(1e-3, runs) == pytest.approx(10**1.5)
    assert evaluations_for(1e-8, runs) == math.inf
    assert evaluations_for(1.0, runs) == 10


def test_work_leaves_out_what_the_problem_does_not_serve():
    study = work({"name": "rigid_body"}, [64, 128], 1e-2, ["rk4", "stormer_verlet"], time=4.0)
    assert list(study.tables["costs"]["method"]) == ["rk4"]
    assert study.tables["errors"]["h"].max() == pytest.approx(4 / 64)
    with pytest.raises(InputError, match="applicable"):
        work({"name": "rigid_body"}, [64], 1e-2, ["stormer_verlet"])
