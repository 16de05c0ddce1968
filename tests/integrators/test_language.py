"""Where a compiler could read Python otherwise than Python does: it follows Python, or refuses."""

import math

import numpy as np
import pytest
from test_machine import both

from geoflow.integrators.compiler.loops import HEADER
from geoflow.integrators.compiler.machine import load
from geoflow.integrators.compiler.values import TranslationError

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


BACK = "def f(v):\n    return v\n\n"
PART = "def f(v):\n    w = v\n    return w[1:], 2\n\ndef g(v):\n    return f(v)\n\n"
REFUSED = [
    ("", ["out[0] = x[0] or 5.0"], "no condition"),
    ("", ["out[0] = (n and a > 1) + 0.0"], "no condition"),
    ("", ["u = v = x * 1", "u = u + 1", "u = v", "u[0] = 1.0"], "one array"),
    ("", ["out[0] = x[4]"], "beyond the end"),
    ("", ["y = x * 1", "y[-5] = 1.0"], "beyond the end"),
    ("", ["out[0] = x[n > 1]"], "truth value"),
    ("", ["out[0] = n // 0"], "divided by zero"),
    ("def f(v):\n    v /= 2\n    return v[0]\n\n", ["out[0] = f(x)"], "changed in place"),
    ("def f(v):\n    v[0] = 9.0\n    v = v * 2\n    return v[0]\n\n", ["out[0] = f(x)"], "changed in place"),
    (BACK, ["w = f(x)", "w[0] = 9.0"], "one array"),
    (BACK, ["w = f(x)", "x[0] = 9.0"], "one array"),
    (BACK, ["f(x)[0] = 9.0"], "without a name"),
    (PART, ["w, u = g(x)", "w[0] = 9.0"], "one array"),
    ("def f(v):\n    if v > 0:\n        return 1.0\n\n", ["out[0] = f(a)"], "can end without a return"),
    ("", ["if a > 10:", "    v = 2.0", "out[0] = v"], "'v' may have no value"),
    ("", ["if a > 10:", "    m = 3", "else:", "    k = 2", "out[0] = m"], "'m' may have no value"),
    ("", ["s = 0.0", "for k in range(3):", "    s = s + x"], "changes between a number, an array and a tuple"),
    ("", ["z = (1.0, 2.0)", "if a > 1:", "    z = (1.0, 2.0, 3.0)"], "changes between"),
    ("", ["u = x * 1", "z = (u, x)", "z[0][0] = 9.0"], "one array"),
    ("", ["u = x * 1", "z = [u, x]", "u[0] = 9.0"], "one array"),
    ("def f(z):\n    z[0][0] = 9.0\n\n", ["z = (x, a)", "f(z)"], "one array"),
    ("", ["y = x * 1", "for v in y:", "    y = y * 2"], "changed by the loop over it"),
    ("", ["M = np.zeros((2, 2))", "for k, row in enumerate(M):", "    row += 7.0"], "one array"),
    ("", ["M = np.zeros((2, 2))", "for k in range(2):", "    v = M[k]", "out[:2] = v"], "LLVM refuses the loop"),
    ("", ["for k, v in enumerate(x, 2):", "    out[k] = v"], "not known"),
    ("", ["for u, v in zip(x, x, strict=True):", "    out[0] = v"], "by name"),
    ("", ["for k in range(0, 3, 0):", "    out[k] = 1.0"], "steps of zero"),
    ("def f(v):\n    v[0] = 9.0\n    return 1.0\n\n", ["out[:4] = 2 * x + f(x)"], "that its formula has read"),
    ("", ["T = np.zeros((2, 2, 2))", "v = x[:2] @ T"], "meet in a product"),
    ("", ["z = ((1.0, 2.0), (3.0,), (4.0, 5.0, 6.0))", "out[0] = z[n][0]"], "differ in their lengths"),
    ("", ["z = (1.0, (2.0, 3.0))", "out[0] = z[n]"], "differ in their lengths"),
    ("", ["out[0] = x[2:2].max()"], "empty array"),
    ("K = np.array([1.0, 2.0])\n", ["K[0] = 5.0"], "'K' is changed in place"),
    ("K = 2\n\ndef f(x, c=K):\n    return x + c\n\n", ["K = 5.0", "out[0] = f(K)"], "no literal"),
    ("def f(x):\n    while True:\n        x += 1\n\n", ["f(a)"], "never ends"),
    ("def helper_f(x):\n    return x\n\ndef helper_f(x):\n    return 2 * x\n\n", ["helper_f(a)"], "two functions"),
    ("", ["out[0] = remainder(a, 2.0)"], "'remainder' of 2 numbers"),  # IEEE's of `math`, but also np.mod
]


@pytest.mark.parametrize(("helpers", "lines", "reason"), REFUSED, ids=[" ".join(lines) for _, lines, _ in REFUSED])
def test_what_is_no_python_of_the_compiler_is_refused(helpers, lines, reason):
    with pytest.raises(TranslationError, match=reason):
        load(HEADER + source(helpers, *lines), "test")


OUTSIDE = "def f(v, k):\n    w = v * 1\n    w[k] = 1.0\n    return v[k], w\n\n"


@pytest.mark.parametrize(("k", "ok"), [(3, True), (-4, True), (4, False), (-5, False)])
def test_an_index_beyond_the_end_of_an_array_gives_nan(k, ok):
    out = np.zeros(16)
    load(HEADER + source(OUTSIDE, "out[0], w = f(x, n)", "out[1:5] = w"), "test").run(X, 1.5, k, out)
    assert math.isfinite(out[:5].sum()) == ok


def test_a_number_that_no_turn_of_a_loop_has_bound_is_nan():
    out = np.zeros(16)
    load(HEADER + source("", "while n > 5:", "    v = 1.0", "    n = 0", "out[0] = v"), "test").run(X, 1.5, 2, out)
    assert math.isnan(out[0])
