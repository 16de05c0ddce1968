"""Many initial states at once are taken where each would go alone."""

import numpy as np
import pytest
import torch

from geoflow.ground.errors import InputError, SolveError
from geoflow.integrators import METHODS
from geoflow.integrators.compiler import machine, memory
from geoflow.integrators.compiler.loops import batch_source
from geoflow.integrators.compiler.machine import llvm_text
from geoflow.integrators.ensemble import integrate_ensemble
from geoflow.integrators.integrate import integrate
from geoflow.problems import PROBLEMS

CASES = [
    ("kepler", "stormer_verlet", True),
    ("kepler", "symplectic_euler", True),
    ("driven_pendulum", "rk4", True),
    ("henon_heiles", "yoshida_4", True),
    ("rigid_body", "rk4", True),
    ("kepler", "gauss_2", False),
    ("outer_solar_system", "stormer_verlet", False),
]


def around(problem, members):
    shift = np.random.default_rng(0).standard_normal((members, problem.dimension))
    return problem.y0 * (1 + 0.01 * shift)


@pytest.mark.parametrize("compensated", [False, True])
@pytest.mark.parametrize(("problem", "method", "in_batches"), CASES)
def test_each_member_takes_the_steps_that_it_takes_alone(problem, method, in_batches, compensated):
    problem, method = PROBLEMS[problem], METHODS[method]
    assert (batch_source(problem, method) is not None) == in_batches
    y0, asked = around(problem, 35), {"h": 0.05, "steps": 10, "every": 3, "t0": 0.2}
    many = integrate_ensemble(problem, method, y0, compensated=compensated, **asked)
    assert many.y.shape == (4, 35, problem.dimension)
    for i in (0, 31, 32, 34):
        alone = integrate(problem, method, y0=y0[i], compensated=compensated, invariants=False, **asked)
        assert np.abs(many.y[:, i] - alone.y).max() <= 1e-13 * np.abs(alone.y).max()
        assert np.abs(many.final[i] - alone.final).max() <= 1e-13 * np.abs(alone.y).max()
        assert np.allclose(many.t, alone.t, rtol=1e-15)


LONG = [("kepler", "stormer_verlet"), ("henon_heiles", "yoshida_8"), ("rigid_body", "strang_3")]


def differences(problem, method, h=0.05, steps=1000):
    """Largest difference of an ensemble from each member alone, and from one that starts a unit of round-off away."""
    problem = PROBLEMS[problem]
    y0 = around(problem, 3)
    many, moved = (
        integrate_ensemble(problem, method, start, h=h, steps=steps).final for start in (y0, np.nextafter(y0, 9))
    )
    alone = [integrate(problem, method, y0=y, h=h, steps=steps, invariants=False).final for y in y0]
    return np.abs(many - alone).max(), np.abs(many - moved).max()


@pytest.mark.parametrize(("problem", "method"), LONG)
def test_without_fused_operations_each_member_takes_the_bits_that_it_takes_alone(problem, method, monkeypatch):
    def unfused(source, symbol):
        text, results = llvm_text(source, symbol)
        assert " contract" in text
        return text.replace(" contract", ""), results

    monkeypatch.setattr(machine, "llvm_text", unfused)
    monkeypatch.setattr(machine, "_own_code", lambda: "unfused")
    monkeypatch.setattr(memory, "MEMORY", {})
    machine.load.cache_clear()
    apart, by_round_off = differences(problem, method)
    machine.load.cache_clear()
    assert apart == 0 < by_round_off


@pytest.mark.parametrize(("problem", "method"), LONG)
def test_with_fused_operations_members_differ_by_round_off_alone(problem, method):
    """As much as by a unit of round-off at the start, up to the luck of the draw."""
    apart, by_round_off = differences(problem, method)
    assert apart <= 20 * by_round_off < 1e-9


@pytest.mark.parametrize("method", ["rk4", "gauss_2"])
def test_threads_change_no_bit(method):
    y0 = around(PROBLEMS["kepler"], 70)
    one, two = (integrate_ensemble("kepler", method, y0, h=0.01, steps=20, threads=n) for n in (1, 2))
    assert np.array_equal(one.y, two.y)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"y0": [1.0, 0.0, 0.0, 1.0]}, r"expected y0 of shape \(N, 4\) .* got \(4,\)"),
        ({"y0": np.full((2, 4), np.nan)}, "expected rows of 4 finite real numbers in y0"),
        ({"y0": "orbits"}, "expected rows of 4 finite real numbers in y0"),
        ({"every": 2**64 + 1}, "every to be at most 2"),
        ({"problem": 3}, "expected a problem or its name, got 3"),
        ({"threads": 0}, "expected threads to be a whole number of at least 1, got 0"),
        ({"y0": np.ones((2, 4)) * 1j}, "expected rows of 4 finite real numbers in y0"),
        ({"y0": torch.ones(2, 4, requires_grad=True)}, "requires gradients"),
        ({"h": 0.0}, "expected a finite step size h other than 0"),
        ({"steps": True}, "expected steps to be a whole number of at least 0, got True"),
        ({"t0": float("inf")}, "expected a finite time t0, got inf"),
        ({"steps": 10**9}, "do not fit into memory"),
    ],
)
def test_bad_input_gets_a_sentence(arguments, message):
    asked = {"problem": "kepler", "method": "rk4", "y0": np.ones((2, 4)), "h": 0.1, "steps": 2}
    asked |= arguments
    with pytest.raises(InputError, match=message):
        integrate_ensemble(asked.pop("problem"), asked.pop("method"), asked.pop("y0"), **asked)


def test_an_overflow_is_an_error_that_names_the_state():
    y0 = np.array([[0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]])
    with pytest.raises(SolveError, match=r"state 1 overflowed; try a smaller h"):
        integrate_ensemble("henon_heiles", "explicit_euler", y0, h=1.0, steps=100)
