"""What the compiler makes of Python: the rules of numbers, loops, calls and arrays."""

import math
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_machine import by_python

from geoflow.integrators.compiler import machine
from geoflow.integrators.compiler.loops import HEADER


@pytest.fixture(autouse=True, scope="module")
def without_kept_code():
    """What a cache holds says nothing of the compiler as it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "recall", lambda path: None)
        patch.setattr(machine, "remember", lambda path, data: None)
        yield


def load(text):
    """The loop of a source, compiled once by each process."""
    return machine.load(f"{HEADER}{text}# process {os.getpid()}\n", "test")


def both(text, *arguments):
    """What `run` writes to its last argument, compiled and by Python."""
    written = []
    for run in (load(text).run, by_python(HEADER + text)):
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


RUN = "def run(x: floats[4], a: float, n: int, out: floats[16]):\n    "
X = np.array([1.0, 2.0, 3.0, 4.0])


def source(helpers, *lines):
    return f"\n{helpers}{RUN}" + "\n    ".join(lines) + "\n"


# Parts of one array that overlap; names that change places; infinite numbers; loops and branches that end early.
SAME = {
    "overlap": ("", ["x[1:] = x[:-1]", "out[:4] = x", "x[:3] = x[1:]", "out[4:8] = x"]),
    "transposed": (
        "",
        ["M = np.zeros((2, 2))", "M[0, 1] = 3.0", "M[:, :] = M.T", "M[1] = M[:, 0]", "out[:2], out[2:4] = M[0], M[1]"],
    ),
    "overlapping arguments": ("def f(u, v):\n    u[:] = v\n\n", ["f(x[1:], x[:3])", "out[:4] = x"]),
    "exchange of parts": (
        "",
        ["u, v = x * 1, x * 2", "u, v = v[:], u[:]", "z = (u, (v, u))", "z = (z[1][0], (z[0], z[1][0]))"]
        + ["out[:4], out[4:8], out[8:12], out[12:] = u, z[0], z[1][0], z[1][1]"],
    ),
    "an old value under another name": ("", ["u = x * 1", "w = u", "u = u + 1.0", "out[:4], out[4:8] = u, w"]),
    "a plus is a copy": ("", ["y = +x", "y[0] = 9.0", "out[:4], out[4:8] = x, y"]),
    "infinite divisors": ("", ["out[0], out[1], out[2] = -5.0 // np.inf, 5.0 // np.inf, -5.0 % np.inf"]),
    "two names at once": ("", ["u = v = np.zeros(3)", "u[0] = 1.0", "out[0] = v[0]"]),
    "no end but return": (
        "def f(x):\n    while True:\n        if x > 3:\n            return x\n        x += 1\n\n",
        ["out[0] = f(a)", "for k in range(n):", "    break", "out[1] = k"],
    ),
    "an integer array of zeros": ("", ["z = zeros_like(np.array([1, 2]))", "out[0] = z.sum() / 2"]),
    "conditions as numbers": ("", ["out[0] = 1 < n < 3 == 3", "out[1] = (a > 1 and n > 1) + 2 * (not a > 1 or n > 5)"]),
}  # fmt: skip


@pytest.mark.parametrize("case", SAME)
def test_the_compiler_follows_python(case):
    helpers, lines = SAME[case]
    compiled, interpreted = both(source(helpers, *lines), X, 1.5, 2)
    assert np.array_equal(compiled, interpreted, equal_nan=True)


OUTSIDE = "def f(v, k):\n    w = v * 1\n    w[k] = 1.0\n    return v[k], w\n\n"


@pytest.mark.parametrize(("k", "ok"), [(3, True), (-4, True), (4, False), (-5, False)])
def test_an_index_beyond_the_end_of_an_array_gives_nan(k, ok):
    out = np.zeros(16)
    load(source(OUTSIDE, "out[0], w = f(x, n)", "out[1:5] = w")).run(X, 1.5, k, out)
    assert math.isfinite(out[:5].sum()) == ok


def test_a_number_that_no_turn_of_a_loop_has_bound_is_nan():
    out = np.zeros(16)
    load(source("", "while n > 5:", "    v = 1.0", "    n = 0", "out[0] = v")).run(X, 1.5, 2, out)
    assert math.isnan(out[0])
