"""Linear maps inside layers, with adjoint and norm: a matrix or a convolution."""

from abc import ABC, abstractmethod

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, conv_transpose2d

from geoflow.ground import InputError
from geoflow.layers.base import Random, gaussian
from geoflow.layers.norms import PowerIteration, TorusIteration, convolution_upper, norm_upper
from geoflow.layers.rounding import Rounded


class LinearMap(nn.Module, ABC):
    """Linear map from x, shape (N, dimension), to A x, shape (N, dimension_out); `rows` is the number of biases."""

    dimension_out: int
    rows: int

    @abstractmethod
    def forward(self, x: Tensor) -> Tensor:
        """Compute A x."""

    @abstractmethod
    def adjoint(self, y: Tensor) -> Tensor:
        """Compute A^T y for y of shape (N, dimension_out)."""

    @abstractmethod
    def spread(self, b: Tensor) -> Tensor:
        """Repeat one number per row, (rows,) -> (dimension_out,)."""

    def affine(self, x: Tensor, b: Tensor) -> Tensor:
        """A x + b with one number b per row."""
        y: Tensor = self(x) + self.spread(b)
        return y

    @abstractmethod
    def upper(self, scale: Tensor | None = None) -> float:
        """Upper bound of ||A||, or of ||diag(scale) A|| with one `scale` per row."""

    @abstractmethod
    def estimate(self) -> Tensor:
        """Cheap estimate of `upper()` for training; it is not a certified bound."""

    @abstractmethod
    def overlaps(self) -> Tensor:
        """|A A^T| summed over the shifts between two rows, shape (rows, rows); each diagonal entry is at least the
        squared norm of the row."""


class Matrix(LinearMap):
    """Random dense matrix (out, dimension); orthogonal: start with orthonormal rows or columns."""

    def __init__(self, dimension: int, out: int, orthogonal: bool = False, *, generator: Random) -> None:
        super().__init__()
        self.dimension_out = self.rows = out
        self.weight = gaussian(out, dimension, generator=generator)
        if orthogonal:
            nn.init.orthogonal_(self.weight, generator=generator)
        self.iteration = PowerIteration(out, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight.T

    def adjoint(self, y: Tensor) -> Tensor:
        return y @ self.weight

    def spread(self, b: Tensor) -> Tensor:
        return b

    def upper(self, scale: Tensor | None = None) -> float:
        return norm_upper(self.weight if scale is None else scale[:, None] * self.weight)

    def estimate(self) -> Tensor:
        estimate: Tensor = self.iteration(self.weight)
        return estimate

    def overlaps(self) -> Tensor:
        return (self.weight @ self.weight.T).abs()


class Convolution(LinearMap):
    """Zero-padded convolution of images of `shape` to images with `out` channels, by default the same number.

    States are flat, (N, dimension), or images (N, channels, height, width); the result is of the same kind.
    orthogonal: the kernel starts as an orthonormal matrix at its centre and zeros around it (XiaoBahri2018).
    """

    def __init__(
        self, shape: tuple[int, int, int], out: int | None, kernel: int, orthogonal: bool = False,
        *, generator: Random,
    ) -> None:  # fmt: skip
        super().__init__()
        if kernel < 1 or kernel % 2 == 0:
            raise InputError(f"a convolution needs an odd kernel size, got {kernel}; try 3.")
        self.shape, self.padding = shape, kernel // 2
        channels = shape[0]
        out = out or channels
        self.rows, self.dimension_out = out, out * shape[1] * shape[2]
        fan_in = channels * kernel * kernel
        self.weight = nn.Parameter(torch.randn(out, channels, kernel, kernel, generator=generator) / fan_in**0.5)
        if orthogonal:
            centre = nn.init.orthogonal_(torch.empty(out, channels), generator=generator)
            with torch.no_grad():
                self.weight.zero_()[:, :, kernel // 2, kernel // 2] = centre
        self.iteration = TorusIteration(self.weight, self.shape[1:], generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        if x.ndim == 2:
            return self.forward(x.unflatten(1, self.shape)).flatten(1)
        return conv2d(x, self.weight, padding=self.padding)

    def affine(self, x: Tensor, b: Tensor) -> Tensor:
        if isinstance(x, Rounded):  # a sum has a rule of rounding, a convolution with a bias has none
            return super().affine(x, b)
        if x.ndim == 2:
            return self.affine(x.unflatten(1, self.shape), b).flatten(1)
        return conv2d(x, self.weight, b, padding=self.padding)

    def adjoint(self, y: Tensor) -> Tensor:
        if y.ndim == 2:
            return self.adjoint(y.unflatten(1, (self.rows, *self.shape[1:]))).flatten(1)
        return conv_transpose2d(y, self.weight, padding=self.padding)

    def spread(self, b: Tensor) -> Tensor:
        return b.repeat_interleave(self.dimension_out // self.rows)

    def upper(self, scale: Tensor | None = None) -> float:
        kernel = self.weight if scale is None else scale[:, None, None, None] * self.weight
        return convolution_upper(kernel, self.shape[1:])

    def estimate(self) -> Tensor:
        estimate: Tensor = self.iteration(self.weight)
        return estimate

    def overlaps(self) -> Tensor:
        # All shifts at which two kernels overlap; on an image these or fewer occur.
        reach = self.weight.shape[-1] - 1
        return conv2d(self.weight, self.weight, padding=reach).abs().sum(dim=(2, 3))
