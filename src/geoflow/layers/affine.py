"""Affine layers with bounded norm, unit rows or orthogonal matrix. The last layer of a network is one of them, and the
pairwise certificate uses its matrix."""

import math
from abc import abstractmethod

import torch
from torch import Tensor, nn

from geoflow.ground import InputError
from geoflow.layers.base import Layer, Random, Size, as_shape, gaussian
from geoflow.layers.norms import PowerIteration, norm_upper


class Affine(Layer):
    """W x + b with a matrix W (out, d) that the subclass computes from its parameters."""

    b: Tensor

    def __init__(self, shape: Size, out: int | None) -> None:
        dimension = math.prod(as_shape(shape))
        super().__init__(shape, dimension if out is None else out)  # the output is not an image

    @abstractmethod
    def weight(self) -> Tensor:
        """Return the matrix (out, d) that `forward` applies."""

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight().T + self.b

    def lipschitz_bound(self) -> float:
        return norm_upper(self.weight())


class Dense(Affine):
    """W x min(1, cap / ||W||) + b; with cap=None, W is unconstrained (negative control)."""

    formula = "min(1, cap / ||W||) W x + b"
    law = "Lipschitz with constant cap"
    condition = "the scale is set from an upper bound of ||W||"
    reference = "MiyatoKataokaKoyamaYoshida2018"
    non_expansive = True  # at the default cap

    def __init__(
        self, shape: Size, out: int | None = None, cap: float | None = 1.0, *,
        generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, out)
        if cap is not None and not cap > 0:
            raise InputError(f"dense: expected a cap > 0 or none, got {cap}; try 1.")
        self.cap = cap
        self.W = gaussian(self.dimension_out, self.dimension, generator=generator)  # (out, d)
        self.b = nn.Parameter(torch.zeros(self.dimension_out))
        self.estimate = PowerIteration(self.dimension_out, generator=generator)
        self.factor = 1.0
        self.settle()

    def settle(self) -> None:
        self.factor = 1.0 if self.cap is None else min(1.0, self.cap / norm_upper(self.W))

    def weight(self) -> Tensor:
        if not self.training or self.cap is None:
            return self.factor * self.W
        return self.W * (self.cap / self.estimate(self.W)).clamp(max=1.0)


class Orthogonal(Affine):
    """W x + b with W W^T = I or W^T W = I, depending on the shape.

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


class UnitRows(Affine):
    """W x + b with rows w_j / |w_j|: the pairwise certificate needs only |w_y - w_j|, not ||W||.

    ||W|| can be as large as sqrt(out), so the layer is not non-expansive; its Lipschitz bound accounts for this.
    """

    formula = "(w_j^T x / |w_j| + b_j)_j"
    law = "each output is 1-Lipschitz"
    condition = "no row is zero"
    reference = "SinglaSinglaFeizi2022"

    def __init__(self, shape: Size, out: int | None = None, *, generator: Random = None) -> None:
        super().__init__(shape, out)
        self.W = gaussian(self.dimension_out, self.dimension, generator=generator)  # (out, d)
        self.b = nn.Parameter(torch.zeros(self.dimension_out))

    def weight(self) -> Tensor:
        return nn.functional.normalize(self.W, dim=1)


class Normalise(Layer):
    """(x - mean) / scale with constants; it is part of the network so that the Lipschitz bound includes the scale."""

    formula = "(x - mean) / scale"
    law = "Lipschitz with constant 1 / |scale|"
    condition = "scale is not zero"
    reference = "Murari2025"
    non_expansive = True  # at the default scale

    def __init__(self, shape: Size, mean: float = 0.0, scale: float = 1.0, *, generator: Random = None) -> None:
        super().__init__(shape)
        if not scale > 0:
            raise InputError(f"normalise: expected a scale > 0, got {scale}; try 1.")
        self.mean, self.scale = mean, scale

    def forward(self, x: Tensor) -> Tensor:
        return (x - self.mean) / self.scale

    def lipschitz_bound(self) -> float:
        return 1 / self.scale
