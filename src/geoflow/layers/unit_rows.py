"""Last layer with rows of length one: each class may be as steep as any other."""

import torch
from torch import Tensor, nn

from geoflow.layers.affine import Affine
from geoflow.layers.base import Random, Size, gaussian


class UnitRows(Affine):
    """w_j / |w_j| for each row: the pairwise certificate needs |w_y - w_j| alone, not ||W||.

    ||W|| may be as large as sqrt(out), so the layer is not non-expansive; the bound says so.
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
