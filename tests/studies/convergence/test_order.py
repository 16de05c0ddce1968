"""The order study: fits, the rule of the plateau, and controls that it must catch."""

import json

import numpy as np
import pytest

from asking import study_of
from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS
from geoflow.measure.orders import EPS, PLATEAU, enters_fit, fit_line, fit_order
from geoflow.pipeline.compose import compose

STEPS = [16, 32, 64, 128, 256, 512, 1024, 2048]

order = study_of("convergence/order")


def test_a_fit_of_exact_powers_is_exact_and_certain():
    h = 0.5 ** np.arange(5)
    fit = fit_order(h, 3 * h**4)
    assert (fit.order, fit.high - fit.low, fit.points) == (pytest.approx(4), pytest.approx(0, abs=1e-9), 5)
    assert np.isnan(fit_order(h[:2], h[:2]).order)


@pytest.mark.parametrize("k", [1, 2])
@pytest.mark.parametrize("c", [-0.8, 0.8])
def test_the_next_term_of_an_error_is_no_part_of_its_order(k, c):
    """The line alone is off by the bias of the next term, and would be sure of it."""
    h = 0.3 / 1.5 ** np.arange(6)
    error = 3 * h**4 * np.exp(c * h**k)
    assert fit_order(h, error).order == pytest.approx(4, abs=1e-9)
    assert abs(fit_line(h, error) - 4) > 0.01


def test_three_runs_say_how_much_their_slopes_differ():
    fit = fit_order(np.exp([2.0, 1.0, 0.0]), np.exp([5.0, 3.0, 0.5]))
    assert (fit.order, fit.low, fit.high) == pytest.approx((2.5, 2.0, 3.0))


def test_noise_widens_the_range_as_it_moves_the_order():
    h = 0.5 ** np.arange(6)
    quiet, noisy = h**2, h**2 + 1e-6 * (-1.0) ** np.arange(6)
    fit = fit_order(h, noisy, 1e-6)
    assert fit.low < fit_order(h, quiet).order < fit.high and fit.high - fit.low < 0.1


def test_the_declared_order_is_in_the_range_for_nearly_all_methods_and_problems():
    """The problems and the methods of the experiments, with fewer steps; a line's interval misses two of three."""
    steps = [n for n in range(16, 2050) if n in {8 * 2**k for k in range(9)} | {12 * 2**k for k in range(1, 8)}]
    shares, missed = [], 0
    for name in ("pendulum", "henon_heiles", "driven_pendulum"):
        values = json.loads(compose(f"order_{name}", "default", []).slice())["values"]
        methods = [m for m in values["methods"] if METHODS[m].order > 1]
        study = order({"name": name}, methods, [n for n in steps if n % 8 == 0], values["controls"])
        orders = study.tables["orders"].set_index("method")
        outside = (orders["declared"] < orders["low"]) | (orders["declared"] > orders["high"])
        shares.append(study.summary["inside"])
        missed += int((~outside[values["controls"]]).sum())
    assert np.mean(shares) >= 0.95
    assert missed == 0


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
