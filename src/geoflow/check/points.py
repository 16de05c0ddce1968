"""States at which the functions of a problem are compared, derivatives there, and the sentence about a difference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geoflow.check.findings import near_rational
from geoflow.ground.arrays import Floats
from geoflow.measure.small_steps import sizes
from geoflow.problems import Problem
from geoflow.problems.problem import Function

NOISE, COUNT = 0.05, 3
WIDTH = 3e-4  # of a component: differences of order four are then right to about ten digits
TINY = 1e-30
TOLERANCE = 1e-6
TIME = 0.7  # after the start, or a third of the span: a drive is not at rest


@dataclass(frozen=True, eq=False)
class Points:
    """`y` (N, d), the first of them y0, at the time `t`; `words` says where each is."""

    t: float
    y: Floats
    words: Sequence[str]


def points(problem: Problem) -> Points:
    """y0 and a few states near it where the field is defined."""
    y0 = np.asarray(problem.y0, dtype=float)
    size = np.where(y0 == 0, sizes(y0), y0)
    noise = np.random.default_rng(1).uniform(-NOISE, NOISE, (COUNT, len(y0)))
    start, end = map(float, problem.span)
    t = start + min(TIME, (end - start) / 3)
    near = [y for y in y0 + size * noise if np.isfinite(problem.vector_field(t, y)).all()]
    return Points(t, np.array([y0, *near]), ["at y0", *(f"at y = {_listed(y)}" for y in near)])


def _listed(y: Floats) -> str:
    return "(" + ", ".join(f"{x:.4g}" for x in y[:4]) + (", ...)" if len(y) > 4 else ")")


def at_columns(problem: Problem, function: Function, t: Any, y: Floats, h: Any = None) -> Floats:
    """A function of the problem at the columns of y (d, N): (..., N). One by one if it does not take them together."""
    try:
        together = np.asarray(problem.evaluate(function, t, y, h), dtype=float)
        if together.shape[-1:] == y.shape[1:] or together.ndim == 0:
            return np.broadcast_to(together, (*together.shape[:-1], y.shape[1]))
    except (TypeError, ValueError, IndexError):
        pass
    return np.stack(
        [np.asarray(problem.evaluate(function, t, x, h), dtype=float) for x in y.T], axis=-1
    )


def field_at(problem: Problem, t: float, y: Floats) -> Floats:
    """The field at the rows of y (N, d): (N, d)."""
    return np.array([problem.vector_field(t, row) for row in y], dtype=float)


def derivative(problem: Problem, function: Function, t: float, y: Floats) -> Floats:
    """The derivatives of a function along each component of y (d,): (..., d).

    By the complex step, which has no round-off, where it agrees with differences: a function with abs or max in it,
    or that takes no complex numbers, has differences alone.
    """
    width = WIDTH * np.maximum(np.abs(y), sizes(y) / 10)
    shifts = np.hstack([k * np.diag(width) for k in (1, -1, 2, -2)])
    values = at_columns(problem, function, t, y[:, None] + shifts)
    ahead, behind, far_ahead, far_behind = np.split(values, 4, axis=-1)
    differences = (8 * (ahead - behind) - (far_ahead - far_behind)) / (12 * width)
    complex_step = _complex_step(problem, function, t, y)
    scale = np.abs(differences * width).max(initial=0.0) + 1e-12 * np.abs(values).max(initial=0.0)
    agree = np.abs((complex_step - differences) * width).max(initial=0.0) <= 1e-2 * scale
    return complex_step if agree else differences


def _complex_step(problem: Problem, function: Function, t: float, y: Floats) -> Floats:
    shifted = y + 1j * TINY * np.eye(len(y))
    try:
        values = [np.asarray(problem.evaluate(function, t, row)).imag / TINY for row in shifted]
        return np.stack(values, axis=-1)
    except (TypeError, ValueError):
        return np.asarray(np.nan)


def rate(function: Callable[[float], Any], t: float, width: float) -> Floats:
    """The derivative of a function of time, by differences of order four."""
    ahead, behind, far_ahead, far_behind = (
        np.asarray(function(t + k * width), dtype=float) for k in (1, -1, 2, -2)
    )
    return (8 * (ahead - behind) - (far_ahead - far_behind)) / (12 * width)


def difference(
    found: Floats, wanted: Floats, words: Sequence[str], size: Any = None
) -> tuple[float, str]:
    """The largest relative gap between rows (N, k), and a sentence: which component, where, and by how much.

    `size` is what counts as one, by default the largest component of a row.
    """
    if size is None:
        size = np.maximum(np.abs(wanted), np.abs(found)).max(axis=1, keepdims=True)
    gaps = np.abs(found - wanted) / np.maximum(size, 1e-300)
    gaps = np.where(np.isfinite(gaps), gaps, np.inf)
    worst = float(gaps.max(initial=0.0))
    if worst <= TOLERANCE:
        return worst, ""
    where = 0 if gaps[0].max() > TOLERANCE else int(gaps.max(axis=1).argmax())
    k = int(gaps[where].argmax())
    have, want = found[where, k], wanted[where, k]
    sentence = (
        f"component {k} differs by {abs(have - want):.6g} {words[where]}: "
        f"{have:.6g}, should be {want:.6g}"
    )
    others = [str(i) for i in np.flatnonzero((gaps > TOLERANCE).any(axis=0)) if i != k]
    more = f"; so do components {', '.join(others)}" if len(others) > 1 else (
        f"; so does component {others[0]}" if others else ""
    )  # fmt: skip
    return worst, sentence + _factor(found[:, k], wanted[:, k]) + more


def _factor(found: Floats, wanted: Floats) -> str:
    """Words for a constant ratio of the two, such as a sign or a factor of two."""
    some = np.abs(wanted) > 1e-9 * np.abs(wanted).max(initial=0.0)
    if some.sum() < 2:
        return ""
    ratios = found[some] / wanted[some]
    ratio = near_rational(float(ratios[0]), 1e-6)
    if ratio is None or np.ptp(ratios) > 1e-5 * max(1.0, abs(ratios[0])):
        return ""
    return (
        " (the sign is wrong)"
        if ratio == -1
        else f" (it is {ratio} of what it should be, everywhere)"
    )
