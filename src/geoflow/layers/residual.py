"""Residual layer: a step of an unconstrained field, used as negative control."""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from geoflow.layers.activate import ACTIVATIONS
from geoflow.layers.base import Random, Size, gaussian, image_shape
from geoflow.layers.flow import Flow, ImageFlow
from geoflow.layers.linear import Convolution
from geoflow.layers.norms import norm_upper
from geoflow.layers.rounding import UNIT
from geoflow.theory.structure import symplectic


class Residual(Flow):
    """A step of size 1 along x' = h B^T s(A x + b) with unconstrained matrices; it can expand distances."""

    formula = "x + h B^T s(A x + b)"
    law = "none: may expand by up to 1 + h ||A|| ||B||"
    reference = "HeZhangRenSun2016"

    def __init__(
        self, shape: Size, hidden: int | None = None, activation: str = "relu", h: float | None = 1.0,
        scheme: str = "explicit_euler", outer_bias: bool = False, *, generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, scheme)
        self.activation, self.factor = ACTIVATIONS[activation], 1.0 if h is None else h
        rows = hidden or self.dimension
        self.A = gaussian(rows, self.dimension, generator=generator)
        self.B = gaussian(rows, self.dimension, generator=generator)
        self.b = nn.Parameter(torch.zeros(rows))
        self.c = nn.Parameter(torch.zeros(self.dimension)) if outer_bias else 0.0
        self.set_step(None if h is None else 1.0, generator=generator)

    def field(self, t: float, x: Tensor) -> Tensor:
        return self.factor * (self.activation(x @ self.A.T + self.b) @ self.B + self.c)

    def field_bound(self) -> float:
        return abs(self.factor) * norm_upper(self.A) * norm_upper(self.B)


class Spherical(Residual):
    """A step of the part of a residual field that is tangent to the sphere of radius |x|: |x|^2 is a quadratic
    invariant. The result is scaled to the norm |x| if the scheme does not preserve quadratic invariants."""

    formula = "x + h (F - (x^T F / |x|^2) x), F = B^T s(A x + b)"
    law = "norm-preserving: |phi(x)| = |x|"
    reference = "Murari2025"

    def field(self, t: float, x: Tensor) -> Tensor:
        F, unit = super().field(t, x), normalize(x)
        return F - (unit * F).sum(dim=1, keepdim=True) * unit

    def forward(self, x: Tensor) -> Tensor:
        y = super().forward(x)
        return y if symplectic(self.method) else normalize(y) * x.norm(dim=1, keepdim=True)

    def step_bound(self, z: float) -> float:
        """Infinite: near x = 0 the direction of x changes arbitrarily fast."""
        return math.inf

    def error_bound(self, size: float, unit: float = UNIT) -> float:
        return math.inf


class ConvolutionalResidual(ImageFlow):
    """A step of size 1 along x' = h B^T s(A x + b) with unconstrained zero-padded convolutions of images."""

    formula = "x + h B^T s(A x + b), A and B convolutions"
    law = "none: may expand by up to 1 + h ||A|| ||B||"
    reference = "HeZhangRenSun2016"
    h = 1.0

    def __init__(
        self, shape: Size, hidden: int | None = None, kernel: int = 3, activation: str = "relu",
        h: float = 1.0, scheme: str = "explicit_euler", outer_bias: bool = False, *, generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, scheme)
        self.activation, self.factor = ACTIVATIONS[activation], h
        images = image_shape(shape, "convolutional_residual")
        self.A = Convolution(images, hidden, kernel, generator=generator)
        self.B = Convolution(images, hidden, kernel, generator=generator)
        self.b = nn.Parameter(torch.zeros(self.A.rows))
        self.c = nn.Parameter(torch.zeros(images[0])) if outer_bias else None

    def field(self, t: float, x: Tensor) -> Tensor:
        moved = self.B.adjoint(self.activation(self.A.affine(x, self.b)))
        if self.c is None:
            return self.factor * moved
        return self.factor * (moved + (self.c[:, None, None] if x.ndim > 2 else self.B.spread(self.c)))

    def field_bound(self) -> float:
        return abs(self.factor) * self.A.upper() * self.B.upper()
