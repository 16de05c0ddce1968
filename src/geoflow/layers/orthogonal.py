"""Orthogonal layer: all singular values are one, by a Cayley transform."""

import torch
from torch import Tensor, nn

from geoflow.layers.affine import Affine
from geoflow.layers.base import Random, Size, gaussian
from geoflow.layers.norms import norm_upper


class Orthogonal(Affine):
    """W x + b with W W^T = I or W^T W = I, whichever fits the shape.

    For free U (p, p) and V (q, p) and S = U - U^T + V^T V, the matrix [(I - S); -2 V] (I + S)^-1 is (p + q, p) and has
    orthonormal columns; W is that matrix or its transpose. S + S^T >= 0, so I + S is never singular.
    """

    formula = "W x + b, W = [I - S; -2 V] (I + S)^-1, S = U - U^T + V^T V"
    law = "all singular values of the Jacobian are 1"
    condition = "none; the matrix is divided by an upper bound of its norm, 1 up to rounding"
    reference = "TrockmanKolter2021"
    non_expansive = True

    def __init__(self, shape: Size, out: int | None = None, *, generator: Random = None) -> None:
        super().__init__(shape, out)
        self.short, long = sorted([self.dimension, self.dimension_out])
        self.UV = gaussian(long, self.short, generator=generator)
        self.b = nn.Parameter(torch.zeros(self.dimension_out))
        self.factor = 1.0
        self.settle()

    def settle(self) -> None:
        self.factor = 1 / norm_upper(self._cayley())

    def _cayley(self) -> Tensor:
        U, V = self.UV[: self.short], self.UV[self.short :]
        S = U - U.T + V.T @ V
        identity = torch.eye(self.short, dtype=S.dtype, device=S.device)
        tall = torch.linalg.solve(identity + S, torch.cat([identity - S, -2 * V]), left=False)
        return tall if self.dimension_out >= self.dimension else tall.T

    def weight(self) -> Tensor:
        return self.factor * self._cayley() if not self.training else self._cayley()
