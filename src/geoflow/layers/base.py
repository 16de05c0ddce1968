"""What every layer states and can be asked."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn

from geoflow.ground import InputError

Shape = tuple[int, ...]
"""(dimension,) of a vector or (channels, height, width) of an image."""
Size = int | Shape
Random = torch.Generator | None


class Layer(nn.Module, ABC):
    """A map of states of shape (N, dimension) to (N, dimension_out), with a sound Lipschitz bound.

    States are flattened; `shape` and `shape_out` say of what: a layer of images reads channels, height and
    width from there.

    Subclasses state `formula`, `law` (the property), `condition` (on the weights, under which the law holds) and
    `reference` (a key of report/references.bib). `non_expansive` and `symplectic` say which laws the tests check.
    Constructors take a `shape`, keyword parameters and a `generator`.
    """

    formula: ClassVar[str]
    law: ClassVar[str]
    condition: ClassVar[str]
    reference: ClassVar[str]
    non_expansive: ClassVar[bool] = False
    symplectic: bool = False

    def __init__(self, shape: Size, shape_out: Size | None = None) -> None:
        super().__init__()
        self.shape = as_shape(shape)
        self.shape_out = self.shape if shape_out is None else as_shape(shape_out)

    @property
    def dimension(self) -> int:
        """Numbers in one state."""
        return math.prod(self.shape)

    @property
    def dimension_out(self) -> int:
        """Numbers in one result."""
        return math.prod(self.shape_out)

    @abstractmethod
    def forward(self, x: Tensor) -> Tensor:
        """x of shape (N, dimension) -> (N, dimension_out)."""

    @abstractmethod
    def lipschitz_bound(self) -> float:
        """An upper bound in l2 of `forward` in evaluation mode, in exact arithmetic.

        It is computed from the weights and steps that are used, never from what they should be.
        """

    def error_bound(self) -> float:
        """How far `forward`, settled, may be from the map that `lipschitz_bound` speaks of.

        Zero except for layers that solve an equation: they add what their residual allows.
        """
        return 0.0

    def settle(self) -> None:
        """Set steps and scales from upper bounds of norms, for evaluation."""

    def train(self, mode: bool = True) -> "Layer":
        """As in torch; entering evaluation settles the layer, so it never uses an estimate."""
        super().train(mode)
        if not mode:
            self.settle()
        return self


class NonExpansive(Layer):
    """A layer that no weights can make expand."""

    law = "non-expansive: |phi(x) - phi(y)| <= |x - y|"
    condition = "none"
    non_expansive = True

    def lipschitz_bound(self) -> float:
        return 1.0


def as_shape(shape: Size) -> Shape:
    """A number of dimensions is the shape of a vector; raises InputError for what is no shape."""
    found = shape if isinstance(shape, tuple | list) else (shape,)
    if not found or not all(isinstance(n, int) and n > 0 for n in found):
        raise InputError(f"expected the shape of a layer's states as positive whole numbers, got {shape!r}.")
    return tuple(found)


def image_shape(shape: Size, name: str) -> tuple[int, int, int]:
    """(channels, height, width); raises InputError, in the `name` of a layer, for a state that is no image."""
    match as_shape(shape):
        case (channels, height, width):
            return channels, height, width
        case other:
            raise InputError(
                f"{name}: expected images (channels, height, width), got states of shape {other}; "
                "put it before the first layer that mixes all pixels."
            )


def gaussian(*shape: int, generator: Random) -> nn.Parameter:
    """A weight (m, d) of independent N(0, 1/d) entries, the first draw of `generator`."""
    return nn.Parameter(torch.randn(*shape, generator=generator) / shape[-1] ** 0.5)
