"""Spectral norms: an upper bound to certify with, and a cheap estimate to train with."""

import torch
from torch import Tensor, nn

from geoflow.layers.base import Random

ROUND_OFF = 1e-9
"""Relative margin over LAPACK's singular values, whose error is of the order sqrt(m n) 1e-16."""
SMALLEST = 1e-6
"""Every norm below counts as this one, so that steps and scales are finite for weights of zero; a larger
upper bound is still one."""


def norm_upper(weight: Tensor) -> float:
    """An upper bound of ||W||_2 of a matrix: the float64 SVD, enlarged by ROUND_OFF."""
    return _largest_singular_value(weight.detach().to("cpu", torch.float64))


def convolution_upper(kernel: Tensor, size: tuple[int, int]) -> float:
    """An upper bound of the norm of a zero-padded convolution of images (H, W) = `size`.

    kernel (out, in, k, l). With zeros around it, an image lies on the torus of H + k - 1 times W + l - 1 points; there
    the convolution is a matrix (out, in) for each frequency, and cutting the result back to (H, W) does not lengthen
    it. The norm on a torus, of a circular convolution, is that of SedghiGuptaLong2019; for zero padding it is an upper
    bound. The spectral norm of the kernel as a matrix (out, in k l) is no bound at all.
    """
    return _largest_singular_value(_blocks(kernel.detach().to("cpu", torch.float64), size))


def _largest_singular_value(matrices: Tensor) -> float:
    """An upper bound over all matrices (..., m, n), at least SMALLEST."""
    return max(float(torch.linalg.matrix_norm(matrices, ord=2).max()) * (1 + ROUND_OFF), SMALLEST)


def _blocks(kernel: Tensor, size: tuple[int, int]) -> Tensor:
    """The matrices (frequencies, out, in) of the convolution on the padded torus; those that are
    left out are their complex conjugates."""
    torus = tuple(n + k - 1 for n, k in zip(size, kernel.shape[2:], strict=True))
    return torch.fft.rfft2(kernel, s=torus).flatten(2).permute(2, 0, 1)


class PowerIteration(nn.Module):
    """Warm-started estimate of ||W||_2 for training: each call goes on from the last vector.

    The estimate lies *below* the norm (it is ||W^T u|| for a unit vector u), so a step or a scale that is set from it
    certifies nothing. `safety` enlarges it so that training is rarely out of bounds.
    """

    left: Tensor

    def __init__(self, rows: int, iterations: int = 1, safety: float = 0.01, *, generator: Random) -> None:
        super().__init__()
        self.iterations, self.safety = iterations, safety
        start = torch.randn(rows, generator=generator)
        self.register_buffer("left", start / start.norm())

    def forward(self, weight: Tensor) -> Tensor:
        """(1 + safety) ||W^T u||, differentiable in W (the vector counts as a constant)."""
        with torch.no_grad():
            for _ in range(self.iterations):
                right = nn.functional.normalize(self.left @ weight, dim=0)
                left = nn.functional.normalize(weight @ right, dim=0)
                self.left.copy_(_unless_zero(left, self.left, dim=0))
        # A clone, because the next call overwrites the vector that this call's gradient needs.
        return (1 + self.safety) * (self.left.clone() @ weight).norm().clamp(min=SMALLEST)


class TorusIteration(nn.Module):
    """`PowerIteration` for convolutions: one warm vector for each frequency of `convolution_upper`.

    It estimates that bound, and like every power iteration from below.
    """

    left: Tensor

    def __init__(
        self, kernel: Tensor, size: tuple[int, int], iterations: int = 1, safety: float = 0.01, *,
        generator: Random,
    ) -> None:  # fmt: skip
        super().__init__()
        self.size, self.iterations, self.safety = size, iterations, safety
        frequencies, out, _ = _blocks(kernel.detach(), size).shape
        # Real and imaginary parts: torch's module.double() would drop the imaginary ones.
        start = torch.randn(frequencies, out, 1, 2, generator=generator)
        self.register_buffer("left", start / start.square().sum(dim=(1, 2, 3), keepdim=True).sqrt())

    def forward(self, kernel: Tensor) -> Tensor:
        """(1 + safety) max over the frequencies of ||K^* u||, differentiable in the kernel."""
        blocks = _blocks(kernel, self.size)
        with torch.no_grad():
            for _ in range(self.iterations):
                right = nn.functional.normalize(blocks.mH @ torch.view_as_complex(self.left), dim=1)
                left = torch.view_as_real(nn.functional.normalize(blocks @ right, dim=1))
                self.left.copy_(_unless_zero(left, self.left, dim=(1, 2, 3)))
        images = blocks.mH @ torch.view_as_complex(self.left.clone())
        largest = images.abs().square().sum(dim=(1, 2)).max()
        return (1 + self.safety) * largest.clamp(min=SMALLEST**2).sqrt()


def _unless_zero(new: Tensor, old: Tensor, dim: int | tuple[int, ...]) -> Tensor:
    """The new vector, or the old one if a weight of zero mapped it to zero: a zero vector would stay zero."""
    return torch.where((new != 0).any(dim=dim, keepdim=True), new, old)
