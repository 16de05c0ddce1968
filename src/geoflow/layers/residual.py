"""Residual layer: an Euler step of an unconstrained field, the control of every study."""

import torch
from torch import Tensor, nn

from geoflow.layers.activations import ACTIVATIONS
from geoflow.layers.base import Layer, Shape, gaussian, image_shape
from geoflow.layers.linear import Convolution
from geoflow.layers.norms import norm_upper
from geoflow.registry import lookup


class Residual(Layer):
    """x + h B^T s(A x + b): nothing keeps two states from moving apart."""

    formula = "x + h B^T s(A x + b)"
    law = "none: may expand by up to 1 + h ||A|| ||B||"
    condition = "none"
    reference = "HeZhangRenSun2016"

    def __init__(
        self,
        shape: int | Shape,
        hidden: int | None = None,
        activation: str = "relu",
        h: float = 1.0,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(shape)
        self.activation = lookup(ACTIVATIONS, activation)
        rows = hidden or self.dimension
        self.A = gaussian(rows, self.dimension, generator=generator)
        self.B = gaussian(rows, self.dimension, generator=generator)
        self.b = nn.Parameter(torch.zeros(rows))
        self.h = h

    def forward(self, x: Tensor) -> Tensor:
        return x + self.h * self.activation(x @ self.A.T + self.b) @ self.B

    def lipschitz_bound(self) -> float:
        return 1 + abs(self.h) * norm_upper(self.A) * norm_upper(self.B)


class ConvolutionalResidual(Layer):
    """x + h B^T s(A x + b) with free zero-padded convolutions of images."""

    formula = "x + h B^T s(A x + b), A and B convolutions"
    law = "none: may expand by up to 1 + h ||A|| ||B||"
    condition = "none"
    reference = "HeZhangRenSun2016"

    def __init__(
        self,
        shape: int | Shape,
        hidden: int | None = None,
        kernel: int = 3,
        activation: str = "relu",
        h: float = 1.0,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(shape)
        self.activation, self.h = lookup(ACTIVATIONS, activation), h
        self.A, self.B = (
            Convolution(
                image_shape(shape, "convolutional_residual"), hidden, kernel, generator=generator
            )
            for _ in range(2)
        )
        self.b = nn.Parameter(torch.zeros(self.A.rows))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.h * self.B.adjoint(self.activation(self.A(x) + self.A.spread(self.b)))

    def lipschitz_bound(self) -> float:
        return 1 + abs(self.h) * self.A.upper() * self.B.upper()
