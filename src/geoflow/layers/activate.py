"""Activation functions, and activation layers for networks of affine maps."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import leaky_relu, relu

from geoflow.ground import Table
from geoflow.layers.base import NonExpansive, Random, Size


class Activate(NonExpansive):
    """Elementwise activation s(x)."""

    formula = "s(x)"
    condition = "s is 1-Lipschitz"
    reference = "Murari2025"

    def __init__(self, shape: Size, activation: str = "relu", *, generator: Random = None) -> None:
        super().__init__(shape)
        self.activation = ACTIVATIONS[activation]

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(x)


class MaxMin(NonExpansive):
    """Sort pairs: (max(x_i, x_{i + d/2}), min(x_i, x_{i + d/2})), which preserves the l2 norm.

    If d is odd, the last component is unchanged.
    """

    formula = "(max(u, v), min(u, v)) for x = (u, v)"
    law = "non-expansive, and |phi(x)| = |x|"
    reference = "AnilLucasGrosse2019"

    def __init__(self, shape: Size, *, generator: Random = None) -> None:
        super().__init__(shape)

    def forward(self, x: Tensor) -> Tensor:
        half = self.dimension // 2
        u, v = x[:, :half], x[:, half : 2 * half]
        return torch.cat([torch.maximum(u, v), torch.minimum(u, v), x[:, 2 * half :]], dim=1)


# Nondecreasing and 1-Lipschitz, each the derivative of a convex 1-smooth function.
Activation = Callable[[Tensor], Tensor]


def leaky(x: Tensor) -> Tensor:
    """LeakyReLU max(x, x / 10), the derivative of x^2 / 2 for x > 0 and x^2 / 20 for x < 0."""
    return leaky_relu(x, 0.1)


ACTIVATIONS: Table[Activation] = Table(
    "activation", {"relu": relu, "leaky_relu": leaky, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
)
