"""A negative step size goes back in time: symmetric methods return to where they began, no other does."""

import numpy as np
import pytest
from examples import AUTONOMOUS, DRIVEN, FREE, suited

from geoflow.ground.errors import InputError
from geoflow.integrators import METHODS, Formula
from geoflow.integrators.controls import CONTROLS
from geoflow.integrators.ensemble import integrate_ensemble
from geoflow.integrators.integrate import integrate
from geoflow.integrators.section import crossings
from geoflow.integrators.segments import Segments
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS
from geoflow.theory.structure import symmetric

# Those of other tests, whose loops are compiled already.
CASES = [(suited(FREE if isinstance(m, Formula) else DRIVEN, m), n) for n, m in METHODS.items()]


def miss(problem, method, h, steps=8):
    """|phi_-h^n phi_h^n y_0 - y_0|, relative to the largest component."""
    there = integrate(problem, method, h=h, steps=steps)
    back = integrate(problem, method, h=-h, steps=steps, y0=there.final, t0=there.t[-1])
    assert back.t[0] == there.t[-1] and back.t[-1] == pytest.approx(there.t[0], abs=1e-14)
    return np.abs(back.final - problem.y0).max() / np.abs(problem.y0).max()


@pytest.mark.parametrize(("problem", "name"), CASES, ids=[name for _, name in CASES])
def test_phi_of_minus_h_undoes_phi_of_h_exactly_for_symmetric_methods(problem, name):
    """With time on the right-hand side of the methods that have coefficients."""
    missed = miss(problem, name, 0.2 if isinstance(METHODS[name], Formula) else 0.6)
    assert missed < 1e-13 if symmetric(METHODS[name]) else missed > 1e-8


@pytest.mark.parametrize("name", ["stormer_verlet_uneven", "mclachlan_4_swapped"])
def test_uneven_steps_do_not_return(name):
    missed = miss(AUTONOMOUS[0], CONTROLS[name], 0.3)
    assert missed < 1e-12 if symmetric(CONTROLS[name]) else missed > 1e-6


@pytest.mark.parametrize(("problem", "name"), [("kepler", "rk4"), ("fput", "gauss_2")])
def test_backward_loops_take_the_reference_steps(problem, name):
    problem, phi = PROBLEMS[problem], one_step(METHODS[name], PROBLEMS[problem])
    run, y = integrate(problem, name, h=-0.01, steps=10, t0=0.3), problem.y0
    for n in range(10):
        y = phi(0.3 - n * 0.01, y, -0.01)
    assert np.abs(run.final - y).max() < 1e-13 and run.t[-1] == pytest.approx(0.2)


def test_ensembles_and_segments_go_back_too():
    alone = integrate("kepler", "stormer_verlet", h=-0.05, steps=40)
    many = integrate_ensemble("kepler", "stormer_verlet", alone.y[:1].repeat(3, axis=0), h=-0.05, steps=40)
    run = Segments("kepler", "stormer_verlet", h=-0.05)
    run.advance(17)
    run.advance(40)
    assert np.array_equal(run.y, alone.final) and run.t == alone.t[-1] < 0
    assert np.abs(many.final - alone.final).max() < 1e-13 and np.array_equal(many.t, alone.t)


def test_an_orbit_meets_its_crossings_again_on_the_way_back():
    """Backward an orbit crosses from below where it crosses from above forward; reflected, those are the same."""
    y0 = np.array([[0.0, 0.1, 0.4, 0.1]])
    mirrored = y0 * [1, 1, -1, -1]
    asked = {"count": 5, "coordinate": 0}
    ahead = crossings("henon_heiles", "yoshida_6", y0, h=0.1, **asked)
    back = crossings("henon_heiles", "yoshida_6", mirrored, h=-0.1, **asked)
    assert np.abs(back.y * [1, 1, -1, -1] - ahead.y).max() < 1e-11
    assert np.allclose(back.t, -ahead.t)


@pytest.mark.parametrize("every", [1, 5])
def test_no_steps_at_all_give_the_initial_state(every):
    run = integrate("kepler", "gauss_2", h=0.1, steps=0, every=every)
    assert np.array_equal(run.y, [PROBLEMS["kepler"].y0]) and np.array_equal(run.final, run.y[0])
    assert run.t.tolist() == [0.0] and set(run.drift.values()) == {0.0}
    y0 = np.ones((3, 4))
    for method in ("rk4", "gauss_2"):
        many = integrate_ensemble("kepler", method, y0, h=0.1, steps=0, every=every)
        assert np.array_equal(many.y, [y0]) and np.array_equal(many.final, y0)


def test_a_number_of_steps_may_be_of_any_integer_type():
    run = integrate("kepler", "rk4", h=np.float32(0.25), steps=np.uint8(255), every=np.int8(1))
    assert run.y.shape == (256, 4) and run.t[-1] == 255 * 0.25


def test_an_unknown_name_is_answered_by_the_table_itself():
    for ask in (METHODS.__getitem__, lambda name: integrate("kepler", name, h=0.1, steps=1)):
        with pytest.raises(InputError, match="unknown method 'stormerverlet'; did you mean 'st"):
            ask("stormerverlet")
    with pytest.raises(KeyError) as caught:
        METHODS["stormerverlet"]
    assert str(caught.value).startswith("unknown method 'stormerverlet'; did you mean 'stormer_v")
    assert "stormerverlet" not in METHODS and METHODS.get("stormerverlet") is None
    for name in (3, ["rk4"], None):
        with pytest.raises(KeyError, match="expected the name of a method, got"):
            METHODS[name]
