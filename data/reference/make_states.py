"""Reference states by a route that shares nothing with our integrators: mpmath's Taylor method, 30 digits.

Run by hand from the repository's root (a few minutes); writes data/reference/states.csv.
    python data/reference/make_states.py
"""

import csv
import os
from pathlib import Path

import mpmath
import numpy as np

from geoflow.problems import PROBLEMS

DIGITS = 30
TIMES = {
    "harmonic_oscillator": [1, 10],
    "pendulum": [1, 10],
    "driven_pendulum": [1, 10],
    "kepler": [1, 10],
    "henon_heiles": [1, 10],
    "lotka_volterra": [1, 10],
    "rigid_body": [1, 10],
    "fput": [1],
}


def rows() -> list[tuple[str, int, int, str]]:
    """(problem, t, component, value) with 30 digits, from the exact decimal value of each float of y0."""
    found = []
    for name, times in TIMES.items():
        problem = PROBLEMS[name]

        def field(t, y, problem=problem):
            return list(problem.vector_field(t, np.array(list(y), dtype=object)))

        with mpmath.workdps(DIGITS + 10):
            solution = mpmath.odefun(field, 0, [mpmath.mpf(float(x)) for x in problem.y0])
            for t in times:
                state = solution(mpmath.mpf(t))
                found += [(name, t, k, mpmath.nstr(x, DIGITS)) for k, x in enumerate(state)]
    return found


if __name__ == "__main__":
    target = Path(__file__).with_name("states.csv")
    temporary = target.with_suffix(".tmp")
    with temporary.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["problem", "t", "component", "value"])
        writer.writerows(rows())
    os.replace(temporary, target)
