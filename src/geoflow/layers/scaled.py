"""Scaled gradient flow: a step with a prescribed Lipschitz constant."""

import torch
from torch import Tensor

from geoflow.ground import InputError
from geoflow.layers.base import Random, Size
from geoflow.layers.flow import majorant
from geoflow.layers.gradient_flow import GradientFlow


class ScaledFlow(GradientFlow):
    """A step of x' = +-grad V(x), V as in the gradient flow, scaled to the Lipschitz constant c.

    c <= 1: c times the longest non-expansive step along -grad V; for explicit Euler c x - h A^T s(A x + b) with
    h = 2 c / ||A||^2. c > 1: a step along +grad V such that the majorant of the scheme is c; for explicit Euler
    x + h A^T s(A x + b) with h = (c - 1) / ||A||^2. Alternating expansive and contractive layers approximate a larger
    class of functions than contractive layers, and the product of the constants bounds the network.
    """

    formula = "x + h A^T s(A x + b), or c x - h A^T s(A x + b)"
    law = "Lipschitz with constant c"
    condition = "h = (c - 1) / ||A||^2, or h = 2 c / ||A||^2; s nondecreasing, 1-Lipschitz"
    reference = "CelledoniMurariOwrenSchonliebSherry2023"
    non_expansive = True  # at the default constant

    def __init__(
        self, shape: Size, hidden: int | None = None, activation: str = "leaky_relu",
        constant: float = 0.8, scheme: str = "explicit_euler", *, generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, hidden, activation, scheme, generator=generator)
        if not constant > 0:
            raise InputError(f"scaled_flow: expected a constant > 0, got {constant}; try 0.8.")
        if not self.method.explicit:
            raise InputError(f"scaled_flow: expected an explicit scheme, got {scheme}; try 'rk4'.")
        self.constant, self.shrink = constant, min(constant, 1.0)
        self.z = -self._longest_expansion() if constant > 1 else 2 * constant * self.radius
        self.settle()

    def _longest_expansion(self) -> float:
        """Largest z with majorant(z) <= c, by bisection in [0, c - 1]; it is c - 1 for explicit Euler."""
        low, high = 0.0, self.constant - 1
        while majorant(self.method, high) > self.constant * (1 + 1e-15) and low < high:
            middle = (low + high) / 2
            inside = majorant(self.method, middle) <= self.constant
            low, high = (middle, high) if inside else (low, middle)
        return high

    def advance(self, x: Tensor, h: Tensor | float) -> Tensor:
        """Take one step: y = c X has the field c f(y / c), and d is the increment from c x."""

        def field(t: float, d: Tensor) -> Tensor:
            return self.field(t, x + d / self.shrink)

        return self.shrink * x + self.method.step(field, 0.0, torch.zeros_like(x), h)

    def step_bound(self, z: float) -> float:
        if self.h < 0:
            return majorant(self.method, z)
        return self.shrink * super().step_bound(z / self.shrink)
