"""What a problem's function calls and names is what the compiled loop takes for it, or the problem is interpreted."""

import functools
from functools import partial

import numpy as np
import pytest

from geoflow import integrate
from geoflow.problems import Problem


def gamma(x):
    return 0.5 * x


def own_gamma(t, y):
    return gamma(y[1]), -y[0]


def tripled(f):
    @functools.wraps(f)
    def g(x):
        return 3 * f(x)

    return g


@tripled
def same(x):
    return x


def decorated_helper(t, y):
    return same(y[1]), -y[0]


def scaled(factor):
    def inner(x):
        return factor * x

    return inner


twice, thrice = scaled(2.0), scaled(3.0)


def helpers_of_one_name(t, y):
    return twice(y[1]), -thrice(y[0])


def halvings(n):
    return 1.0 if n == 0 else 0.5 * halvings(n - 1)


def recursive(t, y):
    return halvings(3) * y[1], -y[0]


COMPLEX, LARGE, TEXTS, RAGGED = np.array([3 + 4j]), [2**53 + 1], ("a", "b"), [[1.0], [2.0, 3.0]]


def complex_array(t, y):
    return abs(COMPLEX[0]) * y[1], -y[0]


def large_integer(t, y):
    return (LARGE[0] - 2**53) * y[1], -y[0]


def texts(t, y):
    return y[1] * (TEXTS[0] == "a"), -y[0]


def ragged(t, y):
    return RAGGED[1][0] * y[1], -y[0]


def modulo(t, y):
    return np.mod(-3 * y[0], 2.0) + y[1], -y[0]


class Called:
    def __call__(self, t, y):
        return y[1], -y[0]


FIELDS = (
    own_gamma,
    decorated_helper,
    helpers_of_one_name,
    recursive,
    complex_array,
    large_integer,
    texts,
    ragged,
    modulo,
)


@pytest.mark.filterwarnings("ignore:.* is interpreted")
@pytest.mark.parametrize(
    "field", [*FIELDS, Called(), partial(own_gamma)], ids=lambda f: getattr(f, "__name__", type(f).__name__)
)
def test_a_step_is_that_of_the_function_in_python(field):
    y0 = np.array([0.7, 0.3])
    run = integrate(Problem(y0, (0.0, 1.0), "test", field=field, name="own"), "explicit_euler", h=0.1, steps=1)
    assert run.y[-1] == pytest.approx(y0 + 0.1 * np.array(field(t=0.0, y=y0)))
