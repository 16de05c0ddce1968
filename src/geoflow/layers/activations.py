"""Activations: nondecreasing and 1-Lipschitz, each the derivative of a convex 1-smooth function."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import leaky_relu, relu

from geoflow.ground import Table

Activation = Callable[[Tensor], Tensor]


def leaky(x: Tensor) -> Tensor:
    """max(x, x / 10), the derivative of x^2 / 2 for x > 0 and x^2 / 20 for x < 0."""
    return leaky_relu(x, 0.1)


ACTIVATIONS: Table[Activation] = Table(
    "activation", {"relu": relu, "leaky_relu": leaky, "tanh": torch.tanh, "sigmoid": torch.sigmoid}
)
