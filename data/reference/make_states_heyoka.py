"""More reference states, by heyoka's Taylor method in 150 bits: what takes mpmath too long.

Run by hand from the repository's root, in an environment of its own that has heyoka (7.13), mpmath and NumPy. Makes
what data/reference/states.csv lacks; with --check it makes the rows of mpmath again and prints the largest difference.
    PYTHONPATH=src python data/reference/make_states_heyoka.py [--check]
"""

import functools
import operator
import sys
from decimal import Context, Decimal

import heyoka as hy
import make_states
import numpy as np

from geoflow.problems import PROBLEMS
from geoflow.problems.outer_solar_system import GRAVITY, MASSES

BITS = 150
TIMES = {
    "double_pendulum": [1, 10],
    "duffing": [1, 10],
    "perturbed_kepler": [1, 10],
    "toda": [1, 10],
    "point_vortices": [1, 10],
    "charged_particle": [1, 10],
    "abc_flow": [1, 10],
    "sir": [1, 10],
    "restricted_three_body": [1, 10],
    "figure_eight": [1, 10],
    "argon_crystal": [0.001, 0.01],
    "outer_solar_system": [200_000],
}


def real(x: float) -> hy.real:
    return hy.real(float(x), BITS)


class Symbol:
    """A heyoka expression on which a problem's functions run: numbers become 150 bits, np.sin(x) calls x.sin()."""

    def __init__(self, expression) -> None:
        self.expression = expression


def _lifted(x):
    return x.expression if isinstance(x, Symbol) else hy.expression(real(x))


def _operation(function, swapped: bool = False):
    def method(self, other):
        pair = (_lifted(other), self.expression) if swapped else (self.expression, _lifted(other))
        return Symbol(function(*pair))

    return method


def _elementary(function):
    return lambda self: Symbol(function(self.expression))


for _name in ("add", "sub", "mul", "truediv"):
    setattr(Symbol, f"__{_name}__", _operation(getattr(operator, _name)))
    setattr(Symbol, f"__r{_name}__", _operation(getattr(operator, _name), swapped=True))
for _name in ("sin", "cos", "exp", "log", "sqrt"):
    setattr(Symbol, _name, _elementary(getattr(hy, _name)))
Symbol.__neg__ = lambda self: Symbol(-self.expression)
# With a whole exponent: heyoka's own power takes the logarithm of the base, which may be negative.
Symbol.__pow__ = lambda self, n: Symbol(functools.reduce(operator.mul, [self.expression] * n))


def traced(name: str) -> tuple[list, list]:
    """The problem's own functions as heyoka's equations, and y0."""
    problem = PROBLEMS[name]
    y = hy.make_vars(*(f"y{k}" for k in range(problem.dimension)))
    symbols = np.array([Symbol(v) for v in y], dtype=object)
    f = problem.vector_field(Symbol(hy.time), symbols)
    return [(v, _lifted(f_k)) for v, f_k in zip(y, f, strict=True)], [real(x) for x in problem.y0]


def states(name: str, times: list[float]) -> list[make_states.Row]:
    """(problem, t, component, value) with 30 digits, from the exact decimal value of each float of y0."""
    if name == "outer_solar_system":
        equations, y0, out = bodies()
    else:
        (equations, y0), out = traced(name), list
    orbit = hy.taylor_adaptive(equations, np.array(y0), tol=real(1e-36), fp_type=hy.real, prec=BITS)
    found = []
    for t in times:
        orbit.propagate_until(real(t))
        found += [(name, str(t), str(k), digits(x)) for k, x in enumerate(out(orbit.state))]
    return found


def bodies():
    """The Sun and five planets by heyoka's own model, in positions and velocities, and the way back to momenta."""
    m = [real(x) for x in MASSES]
    q, p = PROBLEMS["outer_solar_system"].y0.reshape(2, len(m), 3)
    y0 = []
    for q_i, p_i, m_i in zip(q, p, m, strict=True):
        y0 += [*map(real, q_i), *(real(x) / m_i for x in p_i)]

    def positions_and_momenta(state) -> list:
        each = state.reshape(len(m), 6)
        momenta = [m_i * v for m_i, body in zip(m, each, strict=True) for v in body[3:]]
        return [x for body in each for x in body[:3]] + momenta

    return hy.model.nbody(len(m), masses=m, Gconst=real(GRAVITY)), y0, positions_and_momenta


def digits(x) -> str:
    return str(Context(prec=make_states.DIGITS).create_decimal(Decimal(str(x))))


def check() -> None:
    known = {row[:3]: Decimal(row[3]) for row in make_states.known()}
    for name, times in make_states.TIMES.items():
        rows = states(name, times)
        print(name, max(abs(known[row[:3]] - Decimal(row[3])) for row in rows))


if __name__ == "__main__":
    if "--check" in sys.argv:
        check()
    else:
        for name, times in TIMES.items():
            there = make_states.known()
            if name not in {row[0] for row in there}:
                make_states.write(there + states(name, times))
