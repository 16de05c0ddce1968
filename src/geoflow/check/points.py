"""States at which the functions of a problem are compared, and derivatives there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geoflow.check.findings import Comparison, listed
from geoflow.ground.arrays import Floats
from geoflow.measure.small_steps import sizes
from geoflow.problems import Problem
from geoflow.problems.problem import Function

NOISE, COUNT = 0.05, 3
WIDTH = 3e-5  # of a component: differences of order four are then right to about nine digits
TIME = 0.7  # after the start, or a third of the span: a drive is not at rest


@dataclass(frozen=True)
class Points:
    """y0 and a few states near it, where the field of the problem is defined."""

    problem: Problem

    @cached_property
    def t(self) -> float:
        start, end = map(float, self.problem.span)
        return start + min(TIME, (end - start) / 3)

    @cached_property
    def y(self) -> Floats:
        """y0 and the others, (N, d)."""
        y0 = self.problem.y0
        noise = np.random.default_rng(1).uniform(-NOISE, NOISE, (COUNT, len(y0)))
        near = y0 + np.where(y0 == 0, sizes(y0), y0) * noise
        return np.array([y0, *(y for y in near if np.isfinite(self.field(y)).all())])

    def field(self, y: Floats) -> Floats:
        return np.asarray(self.problem.vector_field(self.t, y), dtype=float)

    @cached_property
    def fields(self) -> Floats:
        """The field at each state, (N, d)."""
        return np.array([self.field(y) for y in self.y])

    def compared(self, found: Any, wanted: Any, size: Any = None) -> Comparison:
        """Values at each state beside what they should be."""
        words = ["at y0", *(f"at y = {listed(y)}" for y in self.y[1:])]
        return Comparison(np.asarray(found), np.asarray(wanted), words, size)

    def slopes(self, function: Function) -> Floats:
        """The gradient of a function of the state at each of them, (N, d)."""
        return np.array([self.slope(function, y) for y in self.y])

    def slope(self, function: Function, y: Floats) -> Floats:
        """The gradient at y, by differences of order four."""
        width = WIDTH * np.maximum(np.abs(y), sizes(y) / 10)
        ways = np.diag(width)
        value = self.problem.evaluate
        changes = [rate(lambda s, e=e: value(function, self.t, y + s * e), 0.0, 1.0) for e in ways]
        return np.array(changes) / width


def rate(function: Callable[[float], Any], t: float, width: float) -> Floats:
    """The derivative of a function of time, by differences of order four."""
    ahead, behind, far_ahead, far_behind = (
        np.asarray(function(t + k * width), dtype=float) for k in (1, -1, 2, -2)
    )
    return (8 * (ahead - behind) - (far_ahead - far_behind)) / (12 * width)
