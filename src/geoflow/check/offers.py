"""What a problem offers by name, beside its field."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from geoflow.check.findings import Finding
from geoflow.check.points import Points
from geoflow.ground.arrays import Floats
from geoflow.integrators.offered import OFFERED


@dataclass(frozen=True)
class State:
    """One of the states, the field there, and what is offered there by name."""

    at: Points
    y: Floats
    f: Floats

    def __getitem__(self, name: str) -> Any:
        quantity = OFFERED[name][0](None, self.at.problem).at(self.at.problem)  # type: ignore[union-attr]
        return np.asarray(quantity(self.at.t, self.y) if callable(quantity) else quantity)

    def slope(self) -> Floats:
        """grad H, or what is offered as the gradient if there is no H."""
        problem = self.at.problem
        energy = problem.hamiltonian or problem.invariants.get("energy")
        return self["gradient"] if energy is None else self.at.slope(energy, self.y)

    def push(self) -> Floats:
        """(v, E + v x B)."""
        v = self.y[3:]
        return np.hstack([v, self["electric_field"] + np.cross(v, self["magnetic_field"])])

    def density_rate(self) -> tuple[Floats, Floats]:
        """On the manifold rho = density(y), which the solution does not leave."""
        on = np.append(self.y[:-1], self["density"])
        f = self.at.field(on)
        return f[-1:], self.at.slope(self.at.problem.offers["density"], on) @ f

    def third_differences(self) -> Floats:
        """Added to the field; those of a quadratic field vanish."""
        e = self.at.y[-1] - self.at.y[0] + 0.1 * np.abs(self.at.y[0]).max()
        f = [self.at.field(self.y + k * e) for k in range(4)]
        return self.f + f[3] - 3 * f[2] + 3 * f[1] - f[0]

    def forward(self) -> Floats:
        """The field with a clock that goes forward."""
        clock = self.at.problem.offers["time"]
        rate = self.f[clock] if self.f[clock] > 0 else 1.0
        return np.where(np.arange(len(self.f)) == clock, rate, self.f)


# (what is offered, the law, its two sides at a state)
_LAWS: tuple[tuple[str, str, Callable[[State], tuple[Any, Any]]], ...] = (
    ("gradient", "gradient = grad H", lambda o: (o["gradient"], o.slope())),
    ("poisson", "B = -B^T", lambda o: (o["poisson"], -o["poisson"].T)),
    ("poisson gradient", "B grad H = f", lambda o: (o["poisson"] @ o["gradient"], o.f)),
    ("rotation", "a x y = f", lambda o: (np.cross(o["rotation"], o.y), o.f)),
    ("electric_field magnetic_field", "(v, E + v x B) = f", lambda o: (o.push(), o.f)),
    ("frequencies slow_force", "g - omega^2 q = p'", lambda o: (
        o["slow_force"] - o["frequencies"] ** 2 * o.y[: len(o.y) // 2], o.f[len(o.y) // 2 :])),
    ("density", "rho' = (d/dt) density(y)", lambda o: o.density_rate()),
    ("quadratic", "f + D^3 f = f", lambda o: (o.third_differences(), o.f)),
    ("time", "clock' > 0", lambda o: (o.f, o.forward())),
)  # fmt: skip


def offers(at: Points) -> Iterator[Finding]:
    """A row for each law about what the problem offers."""
    for names, law, sides in _LAWS:
        if all(at.problem.offers.get(key, False) is not False for key in names.split()):
            pairs = [sides(State(at, y, f)) for y, f in zip(at.y, at.fields, strict=True)]
            found, wanted = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
            name = names.replace(" ", " and ")
            sentence = f"the {name} does not fit {law}"
            yield at.compared(found.reshape(wanted.shape), wanted).finding(name, law, sentence)
