"""What the compiler does not read as Python does, it refuses, with a reason."""

import pytest
from test_language import load, source

from geoflow.integrators.compiler.machine import llvm_text
from geoflow.integrators.compiler.values import TranslationError

BACK = "def f(v):\n    return v\n\n"
PART = "def f(v):\n    w = v\n    return w[1:], 2\n\ndef g(v):\n    return f(v)\n\n"
LATE = "def f(v):\n    w = v\n    if v[0] > 5:\n        w = v * 1\n    return w\n\n"
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
    (LATE, ["w = f(x)", "w[0] = 9.0"], "one array"),
    ("", ["w = x * 1", "w = w[1:]"], "'w' changes its shape"),
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
    ("", ["M = np.zeros((2, 2))", "for k in range(2):", "    v = M[k]", "out[:2] = v"], "LLVM rejects the loop"),
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
        load(source(helpers, *lines))


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
