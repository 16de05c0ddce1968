"""Paced flow: a step that expands or contracts by at most a constant that is chosen."""

import torch
from torch import Tensor, nn

from geoflow.errors import InputError
from geoflow.layers.activations import ACTIVATIONS
from geoflow.layers.base import Layer, Shape
from geoflow.layers.linear import Matrix
from geoflow.registry import lookup


class PacedFlow(Layer):
    """An explicit Euler step of x' = +-grad V(x) - m x, V as in the gradient flow, of constant c.

    c > 1: x + h A^T s(A x + b), the flow up the potential, with h = (c - 1) / ||A||^2.
    c <= 1: c x - h A^T s(A x + b) with h = 2 c / ||A||^2; its Jacobian c I - h A^T D A has
    eigenvalues in [-c, c]. Expansive and contractive layers in turn can approximate more than
    contractive ones, and the product of the constants bounds the network.
    """

    formula = "x + h A^T s(A x + b), or c x - h A^T s(A x + b)"
    law = "Lipschitz with constant c"
    condition = "h = (c - 1) / ||A||^2, or h = 2 c / ||A||^2; s nondecreasing, 1-Lipschitz"
    reference = "CelledoniMurariOwrenSchonliebSherry2023"
    non_expansive = True  # at the default constant

    def __init__(
        self,
        shape: int | Shape,
        hidden: int | None = None,
        activation: str = "leaky_relu",
        constant: float = 0.8,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(shape)
        if not constant > 0:
            raise InputError(f"paced_flow: expected a constant > 0, got {constant}; try 0.8.")
        self.activation, self.constant = lookup(ACTIVATIONS, activation), constant
        self.A = Matrix(self.dimension, hidden or self.dimension, generator=generator)
        self.b = nn.Parameter(torch.zeros(self.A.rows))
        self.h = 0.0
        self.settle()

    def settle(self) -> None:
        self.h = float(self._step(self.A.upper()))

    def _step(self, norm: Tensor | float) -> Tensor | float:
        """Signed: positive up the potential."""
        c = self.constant
        return ((c - 1) if c > 1 else -2 * c) / (norm * norm)

    def forward(self, x: Tensor) -> Tensor:
        h = self._step(self.A.estimate()) if self.training else self.h
        return min(self.constant, 1.0) * x + h * self.A.adjoint(self.activation(self.A(x) + self.b))

    def lipschitz_bound(self) -> float:
        z, kept = self.h * self.A.upper() ** 2, min(self.constant, 1.0)
        return kept + z if z > 0 else max(kept, -z - kept)
