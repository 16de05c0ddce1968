"""Reference states by a route that shares nothing with our integrators: mpmath's Taylor method, 30 digits.

Run by hand from the repository's root (a few minutes); makes what data/reference/states.csv lacks and leaves every
other row as it is: to make a problem's rows again, take them out of the file. make_states_heyoka.py is the other route,
for what takes too long here.
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
TARGET = Path(__file__).with_name("states.csv")
Row = tuple[str, str, str, str]


def states(name: str) -> list[Row]:
    """(problem, t, component, value) with 30 digits, from the exact decimal value of each float of y0."""
    problem, found = PROBLEMS[name], []

    def field(t, y):
        return list(problem.vector_field(t, np.array(list(y), dtype=object)))

    with mpmath.workdps(DIGITS + 10):
        solution = mpmath.odefun(field, 0, [mpmath.mpf(float(x)) for x in problem.y0])
        for t in TIMES[name]:
            state = solution(mpmath.mpf(t))
            found += [(name, str(t), str(k), mpmath.nstr(x, DIGITS)) for k, x in enumerate(state)]
    return found


def known() -> list[Row]:
    if not TARGET.exists():
        return []
    with TARGET.open() as file:
        return [(r["problem"], r["t"], r["component"], r["value"]) for r in csv.DictReader(file)]


def write(rows: list[Row]) -> None:
    temporary = TARGET.with_suffix(".tmp")
    with temporary.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["problem", "t", "component", "value"])
        writer.writerows(rows)
    os.replace(temporary, TARGET)


if __name__ == "__main__":
    for name in TIMES:
        there = known()
        if name not in {row[0] for row in there}:
            write(there + states(name))
