"""Convolution layers: affine maps of images with bounded or unconstrained norm."""

import torch
from torch import Tensor, nn

from geoflow.ground import InputError
from geoflow.layers.base import Layer, Random, Size, image_shape
from geoflow.layers.linear import Convolution
from geoflow.layers.norms import SMALLEST


class Convolutional(Layer):
    """A x min(1, cap / ||A||) + b for a zero-padded convolution A, unconstrained with cap=None.

    hidden: number of output channels, by default the number of input channels.
    """

    formula = "min(1, cap / ||A||) A x + b, A a convolution"
    law = "Lipschitz with constant cap"
    condition = "the scale is set from an upper bound of ||A||, on the padded torus"
    reference = "SedghiGuptaLong2019"
    non_expansive = True  # at the default cap

    def __init__(
        self, shape: Size, hidden: int | None = None, kernel: int = 3, cap: float | None = 1.0, *,
        generator: Random = None,
    ) -> None:  # fmt: skip
        images = image_shape(shape, "convolutional")
        linear = Convolution(images, hidden, kernel, generator=generator)
        super().__init__(shape, (linear.rows, *images[1:]))
        if cap is not None and not cap > 0:
            raise InputError(f"convolutional: expected a cap > 0 or none, got {cap}; try 1.")
        self.A, self.cap = linear, cap
        self.b = nn.Parameter(torch.zeros(linear.rows))
        self.factor = 1.0
        self.settle()

    def settle(self) -> None:
        self.factor = 1.0 if self.cap is None else min(1.0, self.cap / self.A.upper())

    def forward(self, x: Tensor) -> Tensor:
        scale: Tensor | float = self.factor
        if self.training and self.cap is not None:
            scale = (self.cap / self.A.estimate()).clamp(max=1.0)
        if self.cap is None:
            return self.A.affine(x, self.b)
        return scale * self.A(x) + self.A.spread(self.b)

    def lipschitz_bound(self) -> float:
        return self.factor * self.A.upper()


class AlmostOrthogonal(Layer):
    """A T^(-1/2) x + b with T_i = sum_j |A^T A|_ij: norm at most 1, without computing a norm.

    T has one entry per input channel and is exact also in training. At the optimum the columns are
    nearly orthogonal, because overlaps only reduce the scale.
    """

    formula = "A T^(-1/2) x + b, T_i = sum_j |A^T A|_ij"
    law = "non-expansive: |phi(x) - phi(y)| <= |x - y|"
    condition = "none; A a convolution, or a matrix as one of 1 x 1 pixels"
    reference = "PrachLampert2022"
    non_expansive = True
    T: Tensor

    def __init__(self, shape: Size, hidden: int | None = None, kernel: int = 3, *, generator: Random = None) -> None:
        # The transpose has one row per input channel, so that its overlaps are those of A^T A.
        channels, height, width = image_shape(shape, "almost_orthogonal")
        out = hidden or channels
        transpose = Convolution((out, height, width), channels, kernel, generator=generator)
        super().__init__(shape, transpose.shape)
        self.transpose = transpose
        self.b = nn.Parameter(torch.zeros(out))
        self.register_buffer("T", torch.ones(channels), persistent=False)
        self.settle()

    def settle(self) -> None:
        with torch.no_grad():
            self.T.copy_(self._dominating())

    def _dominating(self) -> Tensor:
        # The margin is larger than the rounding errors of T and of the check.
        return (1 + 4e-9) * self.transpose.overlaps().sum(dim=1).clamp(min=SMALLEST**2)

    def forward(self, x: Tensor) -> Tensor:
        T = self._dominating() if self.training else self.T
        y = self.transpose.adjoint(x * self.transpose.spread(T.rsqrt()))
        return y + self.b.repeat_interleave(self.dimension_out // len(self.b))

    def lipschitz_bound(self) -> float:
        return self.transpose.upper(self.T.rsqrt())
