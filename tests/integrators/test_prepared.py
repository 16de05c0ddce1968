"""A loop that was prepared is served again as long as nothing that it depends on has changed, and never after."""

from types import ModuleType

import numpy as np
import pytest

from geoflow import METHODS, PROBLEMS, integrate, integrate_ensemble, prepare
from geoflow.ground.errors import InputError, SolveError
from geoflow.integrators.compiler import memory
from geoflow.problems import Problem

RATE = 2.0
CONSTANTS = ModuleType("constants")


def helper(x):
    return RATE * x


def decay(field):
    """A problem of one component, y(0) = 1."""
    return Problem(np.array([1.0]), (0.0, 1.0), "test", field=field, name="decay")


def after_one_step(problem):
    """1 - h k of explicit Euler for y' = -k y, by each of the ways into a loop."""
    found = {
        float(integrate(problem, "explicit_euler", h=0.5, steps=1).final[0]),
        float(prepare(problem, "explicit_euler")(None, 0.5, 1)[0]),
        float(integrate_ensemble(problem, "explicit_euler", [[1.0]], h=0.5, steps=1).final[0, 0]),
    }
    assert len(found) == 1
    return found.pop()


def closure():
    k = 2.0

    def field(y):
        return (-k * y[0],)

    def change():
        nonlocal k
        k = 4.0

    return field, change


def array():
    k = np.array([2.0, 0.0])

    def field(y):
        return (-k[0] * y[0],)

    def change():
        k[0] = 4.0

    return field, change


def through_a_helper():
    def field(y):
        return (-helper(y[0]),)

    return field, lambda: globals().update(RATE=4.0)


def member_of_a_module():
    CONSTANTS.rate = 2.0

    def field(y):
        return (-CONSTANTS.rate * y[0],)

    return field, lambda: setattr(CONSTANTS, "rate", 4.0)


@pytest.mark.parametrize("make", [closure, array, through_a_helper, member_of_a_module])
def test_a_changed_value_is_seen_and_the_old_one_is_found_again(make, monkeypatch):
    monkeypatch.setitem(globals(), "RATE", 2.0)
    field, change = make()
    problem = decay(field)
    assert after_one_step(problem) == 0.0
    kept = prepare(problem, "explicit_euler")
    change()
    assert after_one_step(problem) == -1.0
    assert kept([1.0], 0.5, 1) == 0.0  # a stepper is of the problem as it was
    field, _ = make()  # another function with the values of before
    assert after_one_step(decay(field)) == (-1.0 if make is through_a_helper else 0.0)


def test_nothing_is_read_twice_and_parameters_invariants_and_methods_are_told_apart(monkeypatch):
    monkeypatch.setattr(memory, "MEMORY", {})
    first = PROBLEMS["kepler"](eccentricity=0.1)
    for problem in (first, first, PROBLEMS["kepler"](eccentricity=0.1), PROBLEMS["kepler"](eccentricity=0.7)):
        integrate(problem, "rk4", h=0.1, steps=1)
    assert len(memory.MEMORY) == 1  # the eccentricity is in y0 alone
    integrate(first, "rk4", h=0.1, steps=1, invariants=False)
    integrate(first, "heun_2", h=0.1, steps=1)
    integrate(first, "gauss_2", h=0.1, steps=1)
    integrate(first, "gauss_2", h=0.1, steps=1, solver="newton")
    assert len(memory.MEMORY) == 5
    for omega in (3.0, 4.0, 3.0):
        integrate(PROBLEMS["fput"](omega=omega), "deuflhard", h=0.1, steps=1)
    assert len(memory.MEMORY) == 7


def test_values_that_make_different_loops_are_never_equal():
    values = [1, 1.0, True, 0.0, -0.0, (1.0,), [1.0], np.array([1.0]), np.array([1]), "1.0", None, object()]
    found = [memory.fingerprint(x) for x in values]
    assert len(set(found)) == len(values)
    assert memory.fingerprint(values[-1]) != found[-1]  # nothing is known of it


def test_the_memory_has_an_end(monkeypatch):
    monkeypatch.setattr(memory, "MEMORY", {})
    monkeypatch.setattr(memory, "LARGEST", 2)
    for name in ("rk4", "heun_2", "explicit_euler", "rk4"):
        integrate("pendulum", name, h=0.1, steps=1)
    assert [key[1] for key in memory.MEMORY] == [METHODS["explicit_euler"], METHODS["rk4"]]


@pytest.mark.parametrize("options", [{}, {"compensated": True}, {"solver": "newton"}])
def test_a_stepper_takes_the_steps_of_integrate_in_every_bit(options, monkeypatch):
    monkeypatch.setattr("geoflow.integrators.integrate.CHUNK", 7)  # what is carried between chunks counts
    run = integrate("kepler", "gauss_2", h=0.05, steps=20, y0=[0.5, 0.0, 0.0, 1.5], **options)
    start = np.array([0.5, 0.0, 0.0, 1.5])
    stepper = prepare("kepler", "gauss_2", **options)
    assert np.array_equal(stepper(start, 0.05, 20), run.final)
    assert np.array_equal(stepper(start, 0.05, 0), start) and np.array_equal(start, run.y[0])
    late = integrate("driven_pendulum", "rk4", h=-0.1, steps=3, t0=1.0).final
    assert np.array_equal(prepare("driven_pendulum", "rk4")(None, -0.1, 3, t0=1.0), late)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (([1.0], 0.1, 1), r"expected y0 of shape \(4,\)"),
        ((None, 0.0, 1), "expected a finite step size h other than 0"),
        ((None, 0.1, -1), "expected steps to be a whole number"),
        ((None, 0.1, 1, float("inf")), "expected a finite time t0"),
    ],
)
def test_bad_input_of_a_stepper_gets_a_sentence(asked, message):
    with pytest.raises(InputError, match=message):
        prepare("kepler", "stormer_verlet")(*asked)


def test_a_stepper_that_cannot_be_made_or_cannot_go_on_says_so():
    with pytest.raises(InputError, match="does not provide `velocity` and `force`"):
        prepare("sir", "stormer_verlet")
    with pytest.raises(InputError, match="expected solver 'fixed_point' or 'newton'"):
        prepare("kepler", "gauss_2", solver="newtn")
    with pytest.raises(SolveError, match="overflowed"):
        prepare("henon_heiles", "explicit_euler")(None, 1.0, 100)
