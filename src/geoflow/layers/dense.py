"""Dense layer: an affine map, with its spectral norm held below a cap or free."""

import torch
from torch import Tensor, nn

from geoflow.ground import InputError
from geoflow.layers.affine import Affine
from geoflow.layers.base import Random, Size, gaussian
from geoflow.layers.norms import PowerIteration, norm_upper


class Dense(Affine):
    """W x min(1, cap / ||W||) + b; `cap=None` leaves W free (the control)."""

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
