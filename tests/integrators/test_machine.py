"""What LLVM makes of a source is what Python makes of it: the language of the loops, and whole loops."""

import math

import numpy as np
import pytest
from examples import DRIVEN, bead, suited
from hypothesis import given, settings
from hypothesis import strategies as st

from geoflow.integrators import METHODS
from geoflow.integrators.compiler.loops import HEADER, carry_size, loop_source
from geoflow.integrators.compiler.machine import llvm_text, load
from geoflow.integrators.compiler.values import TranslationError
from geoflow.problems import PROBLEMS


class Floats:
    """Stands for the types of parameters, which Python does not ask for."""

    def __class_getitem__(cls, shape):
        return shape


def by_python(source):
    names = {"floats": Floats, "ints": Floats}
    exec(source, names)
    return names["run"]


LOOPS = [("kepler", "stormer_verlet", False), ("kepler", "gauss_2", True), ("outer_solar_system", "radau_iia_3", True)]
LOOPS += [("fput", "lobatto_iiia_iiib_3", False), ("rigid_body", "rkmk_4", False), ("rigid_body", "kahan", False)]
LOOPS += [("kepler", name, False) for name in ("average_vector_field", "gonzalez", "itoh_abe", "projected_rk4")]
LOOPS += [("kepler", "symmetrically_projected_trapezoidal", False), ("charged_particle", "boris", False)]
LOOPS += [("fput", "hairer_lubich", False), ("kepler_with_clock", "reversible_verlet", False)]
LOOPS += [(suited(DRIVEN, METHODS[name]), name, False) for name in ("dormand_prince_5", "kahan_li_8", "rkc_2_5")]
LOOPS += [(bead(), "partitioned_euler", False)]


@pytest.mark.parametrize(
    ("problem", "method", "newton"), LOOPS, ids=[f"{p}-{m}" if isinstance(p, str) else m for p, m, _ in LOOPS]
)
def test_a_compiled_loop_takes_the_steps_that_its_source_takes_in_python(problem, method, newton):
    problem, method = PROBLEMS[problem] if isinstance(problem, str) else problem, METHODS[method]
    source, constants = loop_source(problem, method, True, newton)
    h, d, m = (problem.span[1] - problem.span[0]) / 5000, problem.dimension, len(problem.invariants)
    results = []
    for run in (load(source, "test").run, by_python(source)):
        state, carry = problem.y0.copy(), np.zeros(carry_size(problem, method))
        times, states, values, drift = np.zeros(3), np.zeros((3, d)), np.zeros((3, m)), np.zeros(m)
        start = np.array([problem.evaluate(f, 0.0, state) for f in problem.invariants.values()], dtype=float)
        outcome = run(state, 0.0, h, 0, 5, 2, 1, carry, start, times, states, values, drift, *constants.values())
        assert list(outcome)[:2] == [0, 5]
        results.append((state, carry, times, states, values))
    for one, other in zip(*results, strict=True):
        assert np.abs(one - other).max(initial=0) <= 1e-11 * max(1, np.abs(other).max(initial=0))


def both(text, *arguments):
    """What `run` writes to its last argument, compiled and by Python."""
    written = []
    for run in (load(HEADER + text, "test").run, by_python(HEADER + text)):
        out = np.zeros(16)
        run(*(a.copy() if isinstance(a, np.ndarray) else a for a in arguments), out)
        written.append(out)
    return written


NUMBERS = """
def run(a: float, b: float, i: int, j: int, out: floats[16]):
    out[0], out[1] = a // b, a % b
    out[2], out[3] = i // j, i % j
    out[4] = i / j
    out[5] = a ** 3 + b ** -2 + a ** 2.5
    out[6] = max(a, b, i) - min(i, a)
    out[7] = 1.0 if i < j <= 4 or not a > b else -1.0
    out[8] = abs(i) + abs(-a) + round(b) + int(b) + floor(-a) + ceil(b)
    out[9] = atan2(a, b) + hypot(a, b) + exp(-a) + log(b) + sinh(b) + erf(a) + gamma(b)
    out[10], out[11] = divmod(i, j)
    out[12] = (i == j) + 2.0 * (i > j and a > 1.0)
    k = i
    k += 1
    k -= 0.5
    out[13] = k
    out[14] = 2 ** 3 - -7 // 2 + -7 % 3
"""


@settings(max_examples=60, deadline=None)
@given(st.floats(0.01, 20), st.floats(0.5, 5), st.integers(-9, 9), st.integers(-5, 5).filter(bool))
def test_numbers_follow_the_rules_of_python(a, b, i, j):
    compiled, interpreted = both(NUMBERS, a, b, i, j)
    assert compiled == pytest.approx(interpreted, rel=1e-14, abs=1e-14)


WALKS = """
def inner(x, n=2, shift=0.5):
    for k in range(n, -3, -2):
        if k == 0:
            continue
        x += k * shift
    return x, n

def run(x: floats[4], n: int, out: floats[16]):
    total, steps = 0, 0
    while True:
        steps += 1
        if steps > n or total > 50.0:
            break
        total += steps * x[-1]
    out[0], out[1] = total, steps
    out[2], k = inner(x[0])
    out[3], k = inner(x[1], shift=2.0, n=n)
    out[4] = k
    for i, (u, v) in enumerate(zip(x, (4.0, 3.0, 2.0, 1.0))):
        out[5 + i] = u * v + i
    for i in range(1, len(x)):
        out[9] += x[i - 2] * x[-i]
    x[0], x[3] = x[3], x[0]
    for i in range(4):
        out[10 + i] = x[i]
"""


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4), st.integers(0, 9))
def test_loops_and_calls_follow_the_rules_of_python(x, n):
    compiled, interpreted = both(WALKS, np.array(x), n)
    assert compiled == pytest.approx(interpreted, rel=1e-13, abs=1e-13)


ARRAYS = """
A = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 4.0]])
B = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 4.0], [7.0, 0.0, -2.0]])

def change(v):
    v[0] = 7.0

def parts(v):
    w = v[1:] - 2 * v[:3]
    return w, np.concatenate((w, v[:1])), 3

def run(x: floats[4], n: int, out: floats[16]):
    w, joined, three = parts(x)
    last, now = x[:3] + 0 * w, w + 1.0
    for _ in range(n):
        last, now = now, now - last / 2
    out[0], out[1] = last @ now, np.abs(now).max()
    out[2:5] = now
    u = A @ now
    out[5:7] = u
    out[7] = (u @ A) @ now - (A @ A.T)[0, 1]
    M = np.zeros((3, 4))
    M[:, 1] = now
    M[1] = x
    M[2, 3] -= joined[0] * three
    change(M[2])
    out[8:12] = M[2]
    q, p = x[:2], x[2:]
    p[1] = q[0] + 1.0
    S = B + 0.0
    S = S + S.T
    S += S.T
    out[12], out[13] = x[3] + S[0, 1] - S[2, 0], M.sum() + S[1, 0]
    out[14] = len(M) + M.size + M.shape[1]
"""


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=4, max_size=4), st.integers(0, 9))
def test_arrays_follow_the_rules_of_numpy(x, n):
    compiled, interpreted = both(ARRAYS, np.array(x), n)
    assert compiled == pytest.approx(interpreted, rel=1e-12, abs=1e-12)


def test_what_is_not_a_number_is_not_lost():
    text = "\ndef run(x: floats[3], out: floats[16]):\n    out[0], out[1] = np.abs(x).max(), max(1.0, x[1])\n"
    compiled, interpreted = both(text, np.array([1.0, math.nan, 2.0]))
    assert np.array_equal(compiled, interpreted, equal_nan=True) and math.isnan(compiled[0])


HELPER = "def helper(x, factor=2.0):\n    return factor * x\n\n"


def test_a_function_that_calls_itself_is_refused():
    text = "def f(x):\n    return f(x - 1) if x > 0 else x\n\ndef run(y: floats[4]):\n    y[0] = f(y[1])\n"
    with pytest.raises(TranslationError, match="'f' calls itself"):
        llvm_text(text, "run")


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (
            "z = y\n    for k in range(2):\n        z = z + y\n    z[0] = 1.0",
            "one array, and one of them is changed in place",
        ),
        ("z = np.zeros(n)", "length of an array is not known"),
        ("z = y[:n]", "length of an array is not known"),
        ("z = y + np.zeros(3)", "different shapes"),
        ("z = [k for k in range(3)]", "not known to the compiled loop"),
        ("z = np.linalg.solve(y, y)", "not known to the compiled loop"),
        ("z = undefined", "has no value"),
        ("for k in range(3):\n        y[k] = 1.0\n    else:\n        y[0] = 2.0", "not known to the compiled loop"),
        ("while n > 4:\n        y[0] = 1.0\n    else:\n        y[0] = 2.0", "not known to the compiled loop"),
        ("z = np.zeros(3, dtype=np.int64)", "passes an argument by name"),
        ("z = y.sum(axis=0)", "passes an argument by name"),
        ("z = hypot(y[0], y[1], y[2])", "'hypot' of 3 numbers"),
        ("z = log(y[0], 2.0)", "'log' of 2 numbers"),
        ("z = y[2 ** n]", "a float stands where an integer must"),
        ("y[:2] = y[:3]", "another number of components"),
        ("z = y[0].T", "not known to the compiled loop"),
        ("z = helper(y[0], **{'factor': 3.0})", "too few or too many arguments"),
        ("z = helper(y[0], fctor=3.0)", "too few or too many arguments"),
        ("y[0] = 'text'", "not known to the compiled loop"),
        ("n[0] = 1.0", "no place"),
    ],
)
def test_what_the_language_lacks_is_refused_with_a_reason(lines, reason):
    with pytest.raises(TranslationError, match=reason):
        llvm_text(f"{HELPER}def run(y: floats[4], n: int):\n    {lines}\n", "run")
