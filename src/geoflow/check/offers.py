"""States at which the functions of a problem are compared, and checks of its `offers`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geoflow.check.findings import Comparison, Finding, listed
from geoflow.ground import Floats
from geoflow.integrators.families.offered import OFFERED
from geoflow.measure.small_steps import sizes
from geoflow.problems import Problem
from geoflow.problems.problem import Function

NOISE, COUNT = 0.05, 3
WIDTH = 3e-5  # relative increment; differences of order four are then accurate to about nine digits
TIME = 0.7  # after the start, or a third of the span, so that a time-dependent term is not zero


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
        """All states, y0 first, shape (N, d)."""
        y0 = self.problem.y0
        noise = np.random.default_rng(1).uniform(-NOISE, NOISE, (COUNT, len(y0)))
        near = y0 + np.where(y0 == 0, sizes(y0), y0) * noise
        if (consistent := self.problem.offers.get("consistent")) is not None:
            near = np.array([self.problem.evaluate(consistent, self.t, y) for y in near])
        return np.array([y0, *(y for y in near if np.isfinite(self.field(y)).all())])

    def field(self, y: Floats) -> Floats:
        return np.asarray(self.problem.vector_field(self.t, y), dtype=float)

    @cached_property
    def fields(self) -> Floats:
        """Field at each state, shape (N, d)."""
        return np.array([self.field(y) for y in self.y])

    def compared(self, found: Any, wanted: Any, size: Any = None) -> Comparison:
        """Comparison of values at each state with the expected values."""
        words = ["at y0", *(f"at y = {listed(y)}" for y in self.y[1:])]
        return Comparison(np.asarray(found), np.asarray(wanted), words, size)

    def slopes(self, function: Function) -> Floats:
        """Gradient of a function at each state, shape (N, d)."""
        return np.array([self.slope(function, y) for y in self.y])

    def slope(self, function: Function, y: Floats) -> Floats:
        """Gradient at y by differences of order four."""
        width, value = WIDTH * np.maximum(np.abs(y), sizes(y) / 10), self.problem.evaluate
        rows = np.diag(width)
        return rate(lambda s: [value(function, self.t, y + s * e) for e in rows], 0.0, 1.0) / width


def rate(function: Callable[[float], Any], t: float, width: float) -> Floats:
    """Derivative of a function of time by differences of order four."""
    ahead, behind, far_ahead, far_behind = (np.asarray(function(t + k * width), dtype=float) for k in (1, -1, 2, -2))
    return (8 * (ahead - behind) - (far_ahead - far_behind)) / (12 * width)


@dataclass(frozen=True)
class State:
    """One of the states, the field there, and the values of `offers` there, by name."""

    at: Points
    y: Floats
    f: Floats

    def __getitem__(self, name: str) -> Any:
        quantity = OFFERED[name][0](None, self.at.problem).at(self.at.problem)  # type: ignore[union-attr]
        return np.asarray(quantity(self.at.t, self.y) if callable(quantity) else quantity)

    def slope(self) -> Floats:
        """Gradient of H, or offers["gradient"] if there is no H."""
        problem = self.at.problem
        energy = problem.hamiltonian or problem.invariants.get("energy")
        return self["gradient"] if energy is None else self.at.slope(energy, self.y)

    def density_rate(self) -> tuple[Floats, Floats]:
        """Derivative of the density on the invariant manifold rho = density(y)."""
        on = np.append(self.y[:-1], self["density"])
        f = self.at.field(on)
        return f[-1:], self.at.slope(self.at.problem.offers["density"], on) @ f

    def third_differences(self) -> Floats:
        """Field plus third differences, which vanish for a quadratic field."""
        e = self.at.y[-1] - self.at.y[0] + 0.1 * np.abs(self.at.y[0]).max()
        f = [self.at.field(self.y + k * e) for k in range(4)]
        return self.f + f[3] - 3 * f[2] + 3 * f[1] - f[0]

    def forward(self) -> Floats:
        """Field at a state whose time increases."""
        clock = self.at.problem.offers["time"]
        rate = self.f[clock] if self.f[clock] > 0 else 1.0
        return np.where(np.arange(len(self.f)) == clock, rate, self.f)


# (name in `offers`, the law, its two sides at a state)
_LAWS: tuple[tuple[str, str, Callable[[State], tuple[Any, Any]]], ...] = (
    ("gradient", "gradient = grad H", lambda o: (o["gradient"], o.slope())),
    ("poisson", "B = -B^T", lambda o: (o["poisson"], -o["poisson"].T)),
    ("poisson gradient", "B grad H = f", lambda o: (o["poisson"] @ o["gradient"], o.f)),
    ("rotation", "a x y = f", lambda o: (np.cross(o["rotation"], o.y), o.f)),
    ("electric_field magnetic_field", "(v, E + v x B) = f", lambda o: (
        np.hstack([o.y[3:], o["electric_field"] + np.cross(o.y[3:], o["magnetic_field"])]), o.f)),
    ("frequencies slow_force", "g - omega^2 q = p'", lambda o: (
        o["slow_force"] - o["frequencies"] ** 2 * o.y[: len(o.y) // 2], o.f[len(o.y) // 2 :])),
    ("density", "rho' = (d/dt) density(y)", lambda o: o.density_rate()),
    ("quadratic", "f + D^3 f = f", lambda o: (o.third_differences(), o.f)),
    ("time", "clock' > 0", lambda o: (o.f, o.forward())),
)  # fmt: skip


def offers(at: Points) -> Iterator[Finding]:
    """Check each law about the `offers` of the problem, one row each."""
    for names, law, sides in _LAWS:
        if all(at.problem.offers.get(key, False) is not False for key in names.split()):
            pairs = [sides(State(at, y, f)) for y, f in zip(at.y, at.fields, strict=True)]
            found, wanted = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
            name = names.replace(" ", " and ")
            sentence = f"the {name} does not fit {law}"
            yield at.compared(found.reshape(wanted.shape), wanted).finding(name, law, sentence)
