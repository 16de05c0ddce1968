"""Crossings of a surface of section y_k = 0, located on the numerical flow.

The orbit is computed with constant step size h. If a step from y_n crosses the surface, phi_theta(y_n)_k = 0 is solved
for the step size theta. The crossing is therefore one step of different size from y_n, without interpolation (Henon1982
changes the independent variable for the same purpose).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geoflow.ground import Floats, InputError
from geoflow.ground.floats import is_finite
from geoflow.integrators.arguments import LARGEST, check_call, check_counts, check_whole, look_up
from geoflow.integrators.compiler.loops import HEADER, translated_functions
from geoflow.integrators.compiler.memory import prepared
from geoflow.integrators.compiler.values import TranslationError
from geoflow.integrators.compiler.writer import Writer, component
from geoflow.integrators.ensemble import initial_states
from geoflow.integrators.families import Method
from geoflow.problems import Problem

# Illinois variant of regula falsi: the function value at the retained end of the bracket is halved.
SOLVE = '''
def locate({before}, t, h, low_value, high_value, iterations, tolerance, {names}):
    """Solve for theta in [0, h] so that component {k} of the state is 0 to the tolerance; {k_name} is the residual."""
    low, high, side = 0.0, h, 0
    theta = h * low_value / (low_value - high_value)
    {state} = part({before}, t, theta, {names})
    for _ in range(iterations):
        if abs({k_name}) <= tolerance:
            break
        if {k_name} < 0.0:
            low, low_value = theta, {k_name}
            high_value = high_value / 2 if side < 0 else high_value
            side = -1
        else:
            high, high_value = theta, {k_name}
            low_value = low_value / 2 if side > 0 else low_value
            side = 1
        theta = low + (high - low) * low_value / (low_value - high_value)
        {state} = part({before}, t, theta, {names})
    return theta, {state}
'''


@dataclass(frozen=True, eq=False)
class Section:
    """Crossings of N orbits: t (N, count), y (N, count, d), residual |y_k| (N, count), found (N,).

    If an orbit has fewer crossings than requested, the remaining entries are NaN. steps: total number of steps of size
    h.
    """

    t: Floats
    y: Floats
    residual: Floats
    found: NDArray[np.int64]
    steps: int


def crossings(
    problem: Problem | str, method: Method | str, y0: ArrayLike, *, h: float, count: int, coordinate: int = 0,
    patience: float = 1000.0, iterations: int = 60, tolerance: float = 1e-15,
) -> Section:  # fmt: skip
    """Compute the first `count` crossings of y_k = 0 from below, k = `coordinate`, for each orbit.

    y0: initial states, shape (N, d). A negative h integrates backward in time. An orbit is abandoned after a time
    `patience` without a crossing. With iterations=0, theta comes from linear interpolation, and the residual is the
    distance from the surface.
    Raises InputError for bad input and for methods whose step is not straight-line code over at most four components.
    """
    problem, method = look_up(problem, method)
    starts = initial_states(problem, y0)
    check_call(problem, method, h)
    count, h = check_counts(problem.dimension, count)[0], float(h)
    coordinate, iterations = check_whole("coordinate", coordinate, 0), check_whole("iterations", iterations, 0)
    if coordinate >= problem.dimension:
        raise InputError(f"expected a coordinate between 0 and {problem.dimension - 1}, got {coordinate!r}.")
    if not (is_finite(patience) and 1 < patience / abs(h) < LARGEST):
        raise InputError(f"expected a patience of more than one and at most 2^62 steps, got {patience!r}; try 1000.")
    if not (is_finite(tolerance) and tolerance >= 0):
        raise InputError(f"expected a finite tolerance of at least 0, got {tolerance!r}; try 1e-15.")

    try:
        made = prepared(section_source, problem, method, coordinate, label="_section")
    except TranslationError as reason:
        raise InputError(f"crossings need a compiled loop, which {problem.name!r} does not have: {reason}.") from reason
    assert made is not None
    loop, constants = made
    times = np.full((len(starts), count), np.nan)
    states = np.full((*times.shape, problem.dimension), np.nan)
    found = np.zeros(len(starts), dtype=np.int64)
    t0, most = float(problem.span[0]), math.ceil(patience / abs(h))
    (steps,) = loop.run(starts, t0, h, most, iterations, float(tolerance), times, states, found, *constants)
    return Section(times, states, np.abs(states[:, :, coordinate]), found, steps)


def section_source(problem: Problem, method: Method, coordinate: int) -> tuple[str, dict[str, Any]]:
    """Generate the source of the loop that finds the crossings (`run`), and the constants to call it with."""
    functions, scalar = translated_functions(problem, method, observe=False)
    if not scalar or method.can_fail:
        raise InputError(
            "crossings need an explicit Runge-Kutta method or a splitting, and at most four components; got "
            f"{method.name!r} on {problem.name!r}; try 'stormer_verlet' or 'rk4' on 'henon_heiles'."
        )
    part, run = (Writer(problem, scalar, functions) for _ in range(2))
    names = ", ".join(run.constants)
    _write_part(part, method, names)
    _write_run(run, method, coordinate, names)
    solve = SOLVE.format(
        before=_row("x", problem), state=_row("y", problem), k=coordinate,
        k_name=component("y", coordinate), names=names,
    )  # fmt: skip
    texts = [f.source for f in functions.values()] + ["\n".join(part.lines), solve, "\n".join(run.lines)]
    return HEADER + "\n\n".join(texts) + "\n", run.constants


def _row(vector: str, problem: Problem) -> str:
    return ", ".join(component(vector, k) for k in range(problem.dimension))


def _write_part(w: Writer, method: Method, names: str) -> None:
    """Write the function `part`: one step of any size from a state."""
    w.lines.append(f"def part({_row('y', w.problem)}, t, h, {names}):")
    w.add("n, first, t0 = 0, 0, t")
    _write_start(w, method)
    method.advance(w)
    w.add(f"return {_row('y', w.problem)}")


def _write_start(w: Writer, method: Method) -> None:
    method.prepare(w)
    method.begin(w)


def _write_run(w: Writer, method: Method, k: int, names: str) -> None:
    """Write the function `run`: compute each orbit until it has all crossings, or none within `most` steps."""
    before, now = _row("x", w.problem), _row("y", w.problem)
    x_k, y_k = component("x", k), component("y", k)
    w.run(
        f"starts: floats[:, {w.d}], t0: float, h: float, most: int, iterations: int, tolerance: float, "
        f"times: floats[:, :], states: floats[:, :, {w.d}], found: ints[:]"
    )
    w.add("steps, first = 0, 0")
    with w.block("for i in range(starts.shape[0]):"):
        w.add(f"{now} = {', '.join(f'starts[i, {j}]' for j in range(w.d))}")
        _write_start(w, method)
        w.add("n, since = 0, 0")
        with w.block("while found[i] < times.shape[1] and since < most:"):
            w.add("t = t0 + n * h")
            w.add(f"{before} = {now}")
            method.advance(w)
            w.add("n, since = n + 1, since + 1")
            with w.block(f"if {x_k} < 0.0 and {y_k} >= 0.0:"):
                result = ", ".join(f"states[i, found[i], {j}]" for j in range(w.d))
                call = f"locate({before}, t, h, {x_k}, {y_k}, iterations, tolerance, {names})"
                w.add(f"theta, {result} = {call}")
                w.add("times[i, found[i]] = t + theta")
                w.add("found[i], since = found[i] + 1, 0")
        w.add("steps += n")
    w.add("return steps")
