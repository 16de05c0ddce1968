"""The benchmark suite compares loops that compute the same; how fast they are is not tested."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmark import __main__ as suite
from benchmark import ensembles, native
from benchmark.loops import CASES, PROBLEM, solved_by
from benchmark.measure import Row, interleaved
from geoflow import integrate, integrate_ensemble

needs_gcc = pytest.mark.skipif(native.compiler() is None, reason="needs gcc")


@needs_gcc
@pytest.mark.parametrize(("name", "method"), CASES)
def test_the_c_takes_the_steps_of_the_compiled_loop(name, method):
    problem, h, _ = PROBLEM[name]
    base, solver = solved_by(method)
    ours = integrate(problem, base, h=h, steps=20, every=5, invariants=False, solver=solver)
    states, iterations = native.run(name, method, problem.y0, h, 20, 5)
    assert np.abs(states - ours.y).max() <= 1e-13 * np.abs(ours.y).max()
    assert abs(iterations - ours.iterations) <= 0.2 * iterations  # round-off decides on the last iterations


@needs_gcc
@pytest.mark.parametrize("method", ensembles.METHODS)
def test_the_c_takes_an_ensemble_where_the_compiled_loop_does(method):
    y0 = ensembles.initial_states(40)
    ours = integrate_ensemble("kepler", method, y0, h=0.01, steps=20).final
    assert np.abs(native.run_ensemble("kepler", method, y0, 0.01, 20) - ours).max() < 1e-13


def test_a_table_says_what_was_missed_where_and_with_what():
    rows = [
        Row("a / b", "kepler", "rk4", 12.0, 10.0, "ns a step", 1.1),
        Row("a / b", "kepler", "gauss_2", 10.0, 10.0, "ns a step", 1.1, "equal"),
        Row("c / d", "kepler", "gauss_2", 10.0, 20.0, "ms"),
    ]
    where = suite.circumstances()
    assert {"date", "machine", "llvmlite"} <= where.keys()
    lines = suite.markdown(rows, where).splitlines()
    assert lines[-3].endswith("| 1.2 | 1.1 missed |  |")
    assert lines[-2].endswith("| 1 | 1.1 | equal |")
    assert lines[-1].endswith("| 0.5 |  |  |")


def test_the_first_call_is_not_timed_and_runs_take_turns():
    called = []
    took = interleaved({"a": lambda: called.append("a"), "b": lambda: called.append("b")}, rounds=2)
    assert called == ["a", "b"] * 3 and took.keys() == {"a", "b"}
