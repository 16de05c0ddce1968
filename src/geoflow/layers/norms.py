"""Spectral norms: an upper bound to certify with, and a cheap estimate to train with."""

import torch
from torch import Tensor, nn

ROUND_OFF = 1e-9
"""Relative margin over LAPACK's singular values, whose error is of the order sqrt(m n) 1e-16."""


def norm_upper(weight: Tensor) -> float:
    """An upper bound of ||W||_2 of a matrix: the float64 SVD, enlarged by ROUND_OFF."""
    exact = weight.detach().to("cpu", torch.float64)
    return float(torch.linalg.matrix_norm(exact, ord=2)) * (1 + ROUND_OFF)


class PowerIteration(nn.Module):
    """Warm-started estimate of ||W||_2 for training: each call sweeps on from the last vector.

    The estimate lies *below* the norm (it is ||W^T u|| for a unit vector u), so a step or a scale
    that is set from it certifies nothing. `safety` enlarges it so that training is rarely out of
    bounds.
    """

    left: Tensor

    def __init__(
        self, rows: int, sweeps: int = 1, safety: float = 0.01, *, generator: torch.Generator | None
    ) -> None:
        super().__init__()
        self.sweeps, self.safety = sweeps, safety
        start = torch.randn(rows, generator=generator)
        self.register_buffer("left", start / start.norm())

    def forward(self, weight: Tensor) -> Tensor:
        """(1 + safety) ||W^T u||, differentiable in W (the vector counts as a constant)."""
        with torch.no_grad():
            for _ in range(self.sweeps):
                right = nn.functional.normalize(self.left @ weight, dim=0)
                self.left.copy_(nn.functional.normalize(weight @ right, dim=0))
        # A clone, because the next call overwrites the vector that this call's gradient needs.
        return (1 + self.safety) * (self.left.clone() @ weight).norm()
