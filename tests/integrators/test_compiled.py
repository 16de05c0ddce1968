"""The compiled loop and the reference step are one method."""

import subprocess
import sys

import numpy as np
import pytest
import torch
from examples import AUTONOMOUS, DRIVEN, bead, suited
from hypothesis import given, settings
from hypothesis import strategies as st

from geoflow.ground.errors import InputError, SolveError
from geoflow.integrators import METHODS, Formula
from geoflow.integrators.formulas import equations
from geoflow.integrators.integrate import integrate
from geoflow.integrators.step import one_step
from geoflow.problems import PROBLEMS, Problem
from geoflow.problems.elementary import cos

BY_COEFFICIENTS = [name for name, m in METHODS.items() if not isinstance(m, Formula)]
CASES = [(suited(DRIVEN, METHODS[name]), name) for name in BY_COEFFICIENTS] + [
    (PROBLEMS[problem], name)
    for problem in ("fput", "kepler", "rigid_body", "outer_solar_system")
    for name in ("rk4", "stormer_verlet", "symplectic_euler_adjoint", "yoshida_4", "gauss_3")
    if problem != "rigid_body" or name in ("rk4", "gauss_3")
]
CASES += [(bead(), "partitioned_euler"), (bead(), "lobatto_iiia_iiib_3")]
CASES += [(AUTONOMOUS[1], "strang_3"), (PROBLEMS["fput"], "lobatto_iiia_iiib_3")]


def assert_same_steps(run, phi, h):
    y = run.problem.y0
    for n in range(run.steps):
        y = phi(n * h, y, h)
        assert np.abs(run.y[n + 1] - y).max() <= 1e-12 * max(1, np.abs(y).max())


@pytest.mark.parametrize(("problem", "method"), CASES, ids=[f"{problem.name}-{name}" for problem, name in CASES])
def test_the_compiled_loop_takes_the_reference_steps(problem, method):
    h = 20.0 if problem.name == "outer_solar_system" else 0.01
    run = integrate(problem, method, h=h, steps=10)
    assert_same_steps(run, one_step(METHODS[method], problem), h)
    assert np.array_equal(run.final, run.y[-1])
    for name, values in run.invariants.items():
        expected = [problem.evaluate(problem.invariants[name], t, y) for t, y in zip(run.t, run.y, strict=True)]
        assert np.allclose(values, expected, rtol=1e-12, atol=1e-30)
        assert run.drift[name] == np.abs(values - values[0]).max()


@pytest.mark.parametrize("method", ["strang_3", "lobatto_iiia_iiib_3", "partitioned_euler"])
def test_arrays_and_scalars_are_one_loop(method, monkeypatch):
    problem = suited(AUTONOMOUS, METHODS[method])
    scalars = integrate(problem, method, h=0.05, steps=20)
    monkeypatch.setattr("geoflow.integrators.compiler.loops.SCALAR_LIMIT", 0)
    monkeypatch.setattr("geoflow.integrators.compiler.memory.MEMORY", {})
    arrays = integrate(problem, method, h=0.05, steps=20)
    assert np.abs(scalars.y - arrays.y).max() < 1e-14


def stiff():
    """y1 = cos t is attractive a thousand times faster than y2 moves; a van der Pol term couples them."""

    def field(t, y):
        return -1000 * (y[0] - cos(t)) + y[1], (1 - y[0] ** 2) * y[1] - y[0]

    return Problem(np.array([1.5, 0.5]), (0.0, 1.0), "test", field=field, name="stiff")


@pytest.mark.parametrize("method", ["implicit_euler", "radau_iia_3", "gauss_2"])
def test_newton_solves_the_stages_where_the_fixed_point_does_not(method):
    with pytest.raises(SolveError, match=r"did not converge at t = 0 .* or solver='newton'"):
        integrate(stiff(), method, h=0.1, steps=10)
    run = integrate(stiff(), method, h=0.1, steps=10, solver="newton")
    assert 10 < run.iterations < 200
    assert_same_steps(run, one_step(METHODS[method], stiff(), newton=True), 0.1)


@pytest.mark.parametrize("layout", ["scalars", "arrays"])
@pytest.mark.parametrize("method", ["gauss_2", "lobatto_iiia_iiib_3"])
def test_both_solvers_find_the_same_stages(method, layout, monkeypatch):
    if layout == "arrays":
        monkeypatch.setattr("geoflow.integrators.compiler.loops.SCALAR_LIMIT", 0)
        monkeypatch.setattr("geoflow.integrators.compiler.memory.MEMORY", {})
    one, other = (integrate("kepler", method, h=0.05, steps=50, solver=solver) for solver in ("fixed_point", "newton"))
    assert np.abs(one.y - other.y).max() < 1e-12
    assert other.iterations < one.iterations


def test_newton_does_not_mind_units_as_different_as_those_of_planets():
    one, other = (
        integrate("outer_solar_system", "gauss_4", h=100.0, steps=50, solver=solver)
        for solver in ("fixed_point", "newton")
    )
    assert np.abs(one.y - other.y).max() < 1e-11


@given(st.integers(1, 8), st.integers(0, 10**6))
def test_the_factors_of_a_matrix_solve_its_equations(n, seed):
    random = np.random.default_rng(seed)
    M, x = random.standard_normal((n, n)), random.standard_normal(n)
    factors, pivots, r = M.copy(), np.zeros(n, int), M @ x
    equations.factorise_lu(factors, pivots)
    equations.solve_lu(factors, pivots, r)
    assert np.abs(r - x).max() <= 1e-13 * np.linalg.cond(M) * max(1, np.abs(x).max())


def test_an_unknown_solver_is_refused():
    with pytest.raises(InputError, match="expected solver 'fixed_point' or 'newton', got 'newtn'"):
        integrate("kepler", "gauss_2", h=0.1, steps=1, solver="newtn")


@pytest.mark.parametrize("method", ["gauss_2", "rk4", "stormer_verlet"])
def test_samples_are_those_of_the_undecimated_run(method):
    every = integrate("kepler", method, h=0.01, steps=60)
    tenth = integrate("kepler", method, h=0.01, steps=60, every=10, monitor=1)
    assert np.array_equal(tenth.y, every.y[::10]) and np.array_equal(tenth.t, every.t[::10])
    assert tenth.drift == every.drift
    uneven = integrate("kepler", method, h=0.01, steps=60, every=7)
    assert np.array_equal(uneven.final, every.final) and len(uneven.t) == 9


def test_the_drift_is_the_largest_over_the_samples_the_watched_steps_and_the_last():
    whole = integrate("kepler", "stormer_verlet", h=0.01, steps=100)
    run = integrate("kepler", "stormer_verlet", h=0.01, steps=100, every=30, monitor=17)
    seen = [0, *range(30, 100, 30), *range(17, 100, 17), 100]
    for name, values in whole.invariants.items():
        assert run.drift[name] == np.abs(values[seen] - values[0]).max()
        assert np.array_equal(run.invariants[name], values[:100:30])


@pytest.mark.parametrize("monitor", [51, 60, 70])
def test_the_first_watched_step_counts(monitor):
    """The energy error is largest in the middle of the run, and that step is monitored alone."""
    whole = integrate("kepler", "stormer_verlet", h=2 * np.pi / 100, steps=100)
    energy = whole.invariants["energy"]
    run = integrate("kepler", "stormer_verlet", h=2 * np.pi / 100, steps=100, every=100, monitor=monitor)
    largest = np.abs(energy[[monitor, 100]] - energy[0])
    assert run.drift["energy"] == largest[0] > largest[1]


def kepler_by_verlet_with_64_bits(h, steps):
    """The state and the force in x86's extended precision: round-off 2000 times smaller."""
    q1, q2, p1, p2 = np.longdouble(PROBLEMS["kepler"].y0)
    h, half, one = np.longdouble(h), np.longdouble(h / 2), np.longdouble(1)
    k = one / np.sqrt(q1 * q1 + q2 * q2) ** 3
    for _ in range(steps):
        p1, p2 = p1 - half * k * q1, p2 - half * k * q2
        q1, q2 = q1 + h * p1, q2 + h * p2
        k = one / np.sqrt(q1 * q1 + q2 * q2) ** 3
        p1, p2 = p1 - half * k * q1, p2 - half * k * q2
    return np.array([q1, q2, p1, p2])


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="needs more than 53 bits")
def test_compensated_sums_make_a_million_steps_end_far_closer_to_exact_arithmetic():
    """Round-off of Verlet on Kepler after 3000 revolutions (HLW VIII.5)."""
    asked = {"h": 0.02, "steps": 1_000_000, "every": 1_000_000, "invariants": False}
    problem = PROBLEMS["kepler"]
    truth = kepler_by_verlet_with_64_bits(asked["h"], asked["steps"])
    plain, compensated = (
        np.abs(integrate(problem, "stormer_verlet", compensated=c, **asked).final - truth).max() for c in (False, True)
    )
    assert compensated < plain / 10


def test_compensated_sums_change_nothing_but_round_off():
    for problem, method in [("fput", "yoshida_4"), ("kepler", "gauss_2"), ("rigid_body", "rk4")]:
        plain, compensated = (integrate(problem, method, h=0.01, steps=20, compensated=c).y for c in (False, True))
        assert 0 < np.abs(plain - compensated).max() < 1e-13


@pytest.mark.parametrize("compensated", [False, True])
@pytest.mark.parametrize("method", ["stormer_verlet", "gauss_2", "rk4"])
def test_a_run_in_pieces_is_the_run_in_one(method, compensated, monkeypatch):
    asked = {"h": 0.01, "steps": 100, "every": 7, "monitor": 1, "compensated": compensated}
    whole = integrate("kepler", method, **asked)
    monkeypatch.setattr("geoflow.integrators.segments.CHUNK", 13)
    pieces = integrate("kepler", method, **asked)
    assert np.array_equal(whole.y, pieces.y) and whole.drift == pieces.drift


def test_a_second_process_finds_the_compiled_loop(tmp_path):
    code = "from geoflow import integrate; integrate('pendulum', 'rk4', h=0.1, steps=3)"
    environment = {"GEOFLOW_CACHE": str(tmp_path), "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    dates = []
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)
        (made,) = tmp_path.rglob("*.o")
        dates.append(made.stat().st_mtime_ns)
    assert dates[0] == dates[1]  # nothing is compiled again


@settings(max_examples=50, deadline=None)
@given(st.floats(0.01, 1.5), st.floats(-3, 3), st.floats(-3, 3))
def test_the_midpoint_rule_keeps_the_energy_of_the_oscillator_for_every_state_and_step(h, q, p):
    run = integrate("harmonic_oscillator", "implicit_midpoint", h=h, steps=20, y0=[q, p])
    assert run.drift["energy"] <= 1e-13 * max(1, q * q + p * p)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"h": float("nan")}, "expected a finite step size h other than 0, got nan"),
        ({"h": 0}, "expected a finite step size h other than 0, got 0; try 0.01, or -0.01"),
        ({"h": True}, "expected a finite step size h other than 0, got True"),
        ({"h": 0.1j}, "expected a finite step size h other than 0, got 0.1j"),
        ({"h": np.complex128(0.1)}, "expected a finite step size h other than 0, got "),
        ({"steps": -1}, "expected steps to be a whole number of at least 0, got -1"),
        ({"steps": True}, "expected steps to be a whole number of at least 0, got True"),
        ({"t0": float("nan")}, "expected a finite time t0, got nan; try 0"),
        ({"t0": True}, "expected a finite time t0, got True"),
        ({"monitor": 0}, "expected monitor to be a whole number of at least 1, got 0"),
        ({"every": 2.5}, "expected every to be a whole number of at least 1, got 2.5"),
        ({"y0": [1.0]}, r"expected y0 of shape \(4,\) for problem 'kepler', got \(1,\)"),
        ({"y0": [1.0, 0.0, float("inf"), 0.0]}, "expected 4 finite real numbers in y0, got"),
        ({"y0": np.ones(4) + 1j}, "expected 4 finite real numbers in y0, got array"),
        ({"y0": [True, False, True, True]}, "expected 4 finite real numbers in y0, got"),
        ({"y0": ["1", "0", "0", "1"]}, "expected 4 finite real numbers in y0, got"),
        ({"y0": np.array(["1", "0", "0", "1"], dtype=object)}, "expected 4 finite real numbers in y0, got"),
        ({"y0": np.ma.masked_array(np.ones(4), mask=[0, 0, 1, 0])}, "expected 4 finite real numbers in y0, got"),
        ({"y0": torch.ones(4, requires_grad=True)}, r"requires gradients, .* try one_step.* or y0.detach\(\)"),
        ({"y0": [0.0, 0.0, 0.0, 1.0]}, "expected the invariant 'energy' .* to be finite at y0, got -inf"),
        ({"method": "stormer_verle"}, "did you mean 'stormer_verlet'"),
        ({"problem": "keppler"}, "did you mean 'kepler'"),
        ({"problem": "sir"}, "does not provide `velocity` and `force`"),
        ({"steps": 10**12}, "do not fit into memory"),
        ({"steps": np.int32(2**30)}, "do not fit into memory"),
        ({"every": 2**64 + 1}, "every to be at most 2"),
        ({"monitor": 2**64}, "monitor to be at most 2"),
    ],
)
def test_bad_input_gets_a_sentence(arguments, message):
    asked = {"problem": "kepler", "method": "stormer_verlet", "h": 0.1, "steps": 10, **arguments}
    problem, method = asked.pop("problem"), asked.pop("method")
    with pytest.raises(InputError, match=message):
        integrate(problem, method, **asked)


def test_an_overflow_and_an_unsolved_stage_are_errors_with_a_remedy():
    with pytest.raises(SolveError, match=r"the state overflowed before t = .* try a smaller h"):
        integrate("henon_heiles", "explicit_euler", h=1.0, steps=100)
    with pytest.raises(SolveError, match=r"did not converge at t = 0 .* try a smaller h"):
        integrate("fput", "implicit_midpoint", h=1.0, steps=100)
