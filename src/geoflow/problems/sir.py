"""SIR model of an epidemic."""

import numpy as np

from geoflow.problems.elementary import log
from geoflow.problems.problem import Problem, textbook


@textbook
def sir(infection: float = 0.5, recovery: float = 0.2, infected: float = 0.01) -> Problem:
    """S' = -infection S I, I' = infection S I - recovery I, R' = recovery I (KermackMcKendrick1927).

    Fractions of a population: susceptible, infected, recovered; they remain positive. S + I + R is a linear invariant,
    infection (S + I) - recovery log S a non-polynomial one.
    """

    def field(y):
        caught, healed = infection * y[0] * y[1], recovery * y[1]
        return -caught, caught - healed, healed

    def population(y):
        return y[0] + y[1] + y[2]

    def orbit(y):
        return infection * (y[0] + y[1]) - recovery * log(y[0])

    return Problem(
        y0=np.array([1 - infected, infected, 0.0]), span=(0.0, 60.0),
        reference="KermackMcKendrick1927", field=field,
        invariants={"population": population, "orbit": orbit}, offers={"quadratic": True},
        units={"t": "day"},
    )  # fmt: skip
