"""The order study: fits, the rule of the plateau, and controls that it must catch."""

import numpy as np
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.measure.orders import EPS, PLATEAU, enters_fit, fit_order

STEPS = [16, 32, 64, 128, 256, 512, 1024, 2048]

order = study_of("convergence/order")


def test_a_fit_of_exact_powers_is_exact_and_certain():
    h = 0.5 ** np.arange(5)
    fit = fit_order(h, 3 * h**4)
    assert (fit.order, fit.high - fit.low, fit.points) == (
        pytest.approx(4),
        pytest.approx(0, abs=1e-9),
        5,
    )
    assert np.isnan(fit_order(h[:2], h[:2]).order)


def test_the_interval_of_a_fit_is_that_of_the_textbook():
    """Slope and 95 % interval of the line through (0,0), (1,1), (2,1): 1/2 +- 12.706 sqrt(1/12)."""
    fit = fit_order(np.exp([0.0, 1.0, 2.0]), np.exp([0.0, 1.0, 1.0]))
    assert fit.order == pytest.approx(0.5)
    assert fit.high - fit.order == pytest.approx(12.706 * np.sqrt(1 / 12), rel=1e-4)


def test_runs_on_the_plateau_or_far_from_convergence_stay_out_of_the_fit():
    steps = np.array(STEPS)
    floor = PLATEAU * np.sqrt(steps) * EPS
    error = np.array([0.5, 1e-3, 1e-5, 1e-7, 1e-9, 0.5 * floor[5], 2 * floor[6], 0.1 * floor[7]])
    assert enters_fit(error, steps).tolist() == [False, True, True, True, True, False, False, False]
    assert enters_fit(1e-3 * 0.1 ** np.arange(8.0), steps).sum() == 6
    assert not enters_fit(np.full(8, np.nan), steps).any()


def test_declared_orders_are_measured_and_controls_are_caught():
    study = order({"name": "pendulum"}, ["rk4", "stormer_verlet"], STEPS, ["rk4_mistyped"])
    assert study.summary["order/rk4"] == pytest.approx(4, abs=0.1)
    assert study.summary["order/stormer_verlet"] == pytest.approx(2, abs=0.1)
    assert study.summary["gap/rk4_mistyped"] > 1 and study.summary["largest_gap"] < 0.1
    assert set(study.tables["errors"]["method"]) == {"rk4", "stormer_verlet", "rk4_mistyped"}
    work = study.tables["errors"].query("method == 'rk4'")
    assert (work["evaluations"] == 4 * work["steps"]).all()


def test_a_run_that_breaks_down_has_no_error_and_no_part_in_the_fit():
    study = order({"name": "lotka_volterra"}, ["implicit_euler"], [8, 1024])
    coarse = study.tables["errors"].iloc[0]
    assert np.isnan(coarse["error"]) and not coarse["in_fit"]


def test_steps_that_miss_the_eighths_of_the_span_are_refused():
    with pytest.raises(InputError, match="multiples of 8, got 12"):
        order({"name": "pendulum"}, ["rk4"], [16, 12])
