"""Affine layers: what a network ends with; the pairwise certificate reads their matrix."""

import math
from abc import abstractmethod

from torch import Tensor

from geoflow.layers.base import Layer, Size, as_shape
from geoflow.layers.norms import norm_upper


class Affine(Layer):
    """W x + b with a matrix W (out, d) that the subclass makes of its parameters."""

    b: Tensor

    def __init__(self, shape: Size, out: int | None) -> None:
        dimension = math.prod(as_shape(shape))
        super().__init__(shape, dimension if out is None else out)  # all pixels mix: no image comes out

    @abstractmethod
    def weight(self) -> Tensor:
        """The matrix (out, d) that `forward` applies."""

    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weight().T + self.b

    def lipschitz_bound(self) -> float:
        return norm_upper(self.weight())
