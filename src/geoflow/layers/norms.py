"""Spectral norms: upper bounds for certificates, and cheap estimates for training."""

import math

import torch
from torch import Tensor, nn

from geoflow.layers.base import Random, require_finite
from geoflow.layers.rounding import UNIT, gamma

ROUND_OFF = 1e-9
"""Relative margin added to LAPACK's singular values. That the result is a bound is then proved, see `_exceeds`."""
TRANSFORM = 64  # generous: a radix-2 transform has about 7
SMALLEST = 1e-6
"""Lower limit of all norms, so that steps and scales are finite for zero weights; a larger value is still
an upper bound."""


def norm_upper(weight: Tensor) -> float:
    """Upper bound of ||W||_2 of a matrix, proved in floating-point arithmetic."""
    return _largest_singular_value(weight.detach().to("cpu", torch.float64))


def convolution_upper(kernel: Tensor, size: tuple[int, int]) -> float:
    """Upper bound of the norm of a zero-padded convolution of images of shape (H, W) = `size`.

    kernel: shape (out, in, k, l). The zero-padded image lies on a torus of (H + k - 1) x (W + l - 1) points, on which
    the convolution is one matrix (out, in) per frequency. Cropping the result to (H, W) does not increase its norm. The
    norm of the circular convolution on the torus (SedghiGuptaLong2019) is therefore an upper bound for zero padding.
    The spectral norm of the kernel as a matrix (out, in k l) is not a bound.
    """
    kernel = kernel.detach().to("cpu", torch.float64)
    blocks = _blocks(kernel, size)
    # Errors of a transform of n points: at most TRANSFORM u log2(n) times the sum of the moduli (Higham2002, 24.1).
    points = blocks.shape[0] * 2
    error = TRANSFORM * UNIT * math.log2(points) * float(kernel.abs().sum(dim=(2, 3)).norm())
    return _largest_singular_value(blocks, error)


def _largest_singular_value(matrices: Tensor, error: float = 0.0) -> float:
    """Upper bound of the norms of all matrices (..., m, n) known up to `error` in norm; at least SMALLEST."""
    require_finite(matrices, "the matrix of a layer")
    top, margin = float(torch.linalg.matrix_norm(matrices, ord=2).max()), ROUND_OFF
    while _exceeds(matrices, (bound := max(top * (1 + margin), SMALLEST)) - error):
        margin *= 4
    return bound


def _exceeds(matrices: Tensor, bound: float) -> bool:
    """Whether it remains unproved that all matrices A (..., m, n) have norms of at most `bound`.

    If the Cholesky factorisation of the computed S = (bound^2 - slack) I - A A^* does not break down, then
    ||A||^2 <= bound^2. The slack covers the error of the product, gamma_n ||A||_F^2, and the backward error of the
    factorisation, gamma_(m+1) tr(S) / (1 - gamma_(m+1)) (Higham2002, theorem 10.3; Rump2006). No property of
    the computed singular values is used.
    """
    A = matrices if matrices.shape[-2] <= matrices.shape[-1] else matrices.mH
    m, n = A.shape[-2:]
    complex_ = 4 if A.is_complex() else 1  # a complex product has an error of at most sqrt(2) gamma_2
    frobenius = float(A.abs().square().sum(dim=(-2, -1)).max())
    slack = 1.01 * complex_ * (gamma(n) * frobenius + gamma(m + 2) * m * bound**2 + 4 * UNIT * bound**2)
    S = (bound**2 - slack) * torch.eye(m, dtype=A.dtype) - A @ A.mH
    return bool(torch.linalg.cholesky_ex(S).info.any())


def _blocks(kernel: Tensor, size: tuple[int, int]) -> Tensor:
    """Matrices (frequencies, out, in) of the convolution on the padded torus; the omitted frequencies
    have the complex conjugates."""
    torus = tuple(n + k - 1 for n, k in zip(size, kernel.shape[2:], strict=True))
    return torch.fft.rfft2(kernel, s=torus).flatten(2).permute(2, 0, 1)


class PowerIteration(nn.Module):
    """Warm-started power iteration for ||W||_2 in training: each call continues from the last vector.

    The estimate is *smaller* than the norm (it is ||W^T u|| for a unit vector u), so a step size or scale computed from
    it is not certified. It is increased by the factor 1 + `safety`, so that training rarely exceeds the limit.
    """

    left: Tensor

    def __init__(self, rows: int, iterations: int = 1, safety: float = 0.01, *, generator: Random) -> None:
        super().__init__()
        self.iterations, self.safety = iterations, safety
        start = torch.randn(rows, generator=generator)
        self.register_buffer("left", start / start.norm())

    def forward(self, weight: Tensor) -> Tensor:
        """Return (1 + safety) ||W^T u||, differentiable with respect to W for constant u."""
        with torch.no_grad():
            for _ in range(self.iterations):
                right = nn.functional.normalize(self.left @ weight, dim=0)
                left = nn.functional.normalize(weight @ right, dim=0)
                self.left.copy_(_unless_zero(left, self.left, dim=0))
        # A clone, because the next call overwrites the vector that this call's gradient needs.
        return (1 + self.safety) * (self.left.clone() @ weight).norm().clamp(min=SMALLEST)


class TorusIteration(nn.Module):
    """`PowerIteration` for convolutions, with one vector per frequency of `convolution_upper`.

    It estimates this bound from below.
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
        """Return (1 + safety) max ||K^* u|| over the frequencies, differentiable with respect to the kernel."""
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
    """Return the new vector, or the old one if the new one is zero, because a zero vector would remain zero."""
    return torch.where((new != 0).any(dim=dim, keepdim=True), new, old)
