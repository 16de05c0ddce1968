"""Input normalisation as a layer: a scale outside the network is a scale outside its bound."""

from torch import Tensor

from geoflow.ground import InputError
from geoflow.layers.base import Layer, Random, Size


class Normalise(Layer):
    """(x - mean) / scale with fixed numbers."""

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
