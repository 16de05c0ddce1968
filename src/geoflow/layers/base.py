"""Base class of all layers."""

import math
from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn

from geoflow.ground import InputError
from geoflow.layers.rounding import SAFETY, UNIT, bounds_of, rounded

Shape = tuple[int, ...]
"""(dimension,) of a vector or (channels, height, width) of an image."""
Size = int | Shape
Random = torch.Generator | None


class Layer(nn.Module, ABC):
    """A map of states of shape (N, dimension) to (N, dimension_out), with a sound Lipschitz bound.

    States are flattened. `shape` and `shape_out` are the shapes before flattening: (dimension,) or, for images,
    (channels, height, width).

    Subclasses define `formula`, `law` (the property), `condition` (on the weights, under which the law holds) and
    `reference` (a key of report/references.bib). `non_expansive` and `symplectic` select the laws that the tests check.
    Constructors take a `shape`, keyword parameters and a `generator`.
    """

    formula: ClassVar[str]
    law: ClassVar[str]
    condition: ClassVar[str] = "none"
    reference: ClassVar[str]
    non_expansive: ClassVar[bool] = False
    symplectic: bool = False

    def __init__(self, shape: Size, shape_out: Size | None = None) -> None:
        super().__init__()
        self.shape = as_shape(shape)
        self.shape_out = self.shape if shape_out is None else as_shape(shape_out)

    @property
    def dimension(self) -> int:
        """Number of components of one input state."""
        return math.prod(self.shape)

    @property
    def dimension_out(self) -> int:
        """Number of components of one output state."""
        return math.prod(self.shape_out)

    @abstractmethod
    def forward(self, x: Tensor) -> Tensor:
        """Apply the layer to x of shape (N, dimension); returns shape (N, dimension_out)."""

    @abstractmethod
    def lipschitz_bound(self) -> float:
        """Upper bound of the l2 Lipschitz constant of `forward` in evaluation mode and exact arithmetic.

        It is computed from the actual weights and steps, not from their intended constraints.
        """

    def error_bound(self, size: float, unit: float = UNIT) -> float:
        """Bound of the distance between the computed `forward` and the map to which `lipschitz_bound` refers.

        It holds in evaluation mode for every x with |x| <= size, in arithmetic of unit round-off `unit`: rounding
        errors and, for layers that solve an equation, the distance to the solution, from the residual.
        """
        state = torch.empty((1, self.dimension), device="meta")
        return SAFETY * bounds_of(self.forward(rounded(state, size, unit=unit)))[1]

    def settle(self) -> None:
        """Compute step sizes and scales from upper bounds of norms, for evaluation."""

    def train(self, mode: bool = True) -> "Layer":
        """Set the mode as in torch; evaluation mode calls `settle`, so that no estimates are used.

        Raises InputError if a weight is NaN or infinite: no law and no bound holds then.
        """
        super().train(mode)
        if not mode:
            for name, weight in self.named_parameters():
                require_finite(weight, f"{name} of {type(self).__name__}")
            self.settle()
        return self


class NonExpansive(Layer):
    """Base class of layers that are non-expansive for all weights."""

    law = "non-expansive: |phi(x) - phi(y)| <= |x - y|"
    non_expansive = True

    def lipschitz_bound(self) -> float:
        return 1.0


def require_finite(weight: Tensor, name: str) -> None:
    if wrong := int((~weight.isfinite()).sum()):
        raise InputError(
            f"expected finite weights, {wrong} of {weight.numel()} in {name} are NaN or infinite; "
            "try a smaller learning rate, or weights from before the divergence."
        )


def as_shape(shape: Size) -> Shape:
    """Return `shape` as a tuple, where an integer is the dimension of a vector; raises InputError if invalid."""
    found = shape if isinstance(shape, tuple | list) else (shape,)
    if not found or not all(isinstance(n, int) and n > 0 for n in found):
        raise InputError(f"expected the shape of a layer's states as positive whole numbers, got {shape!r}.")
    return tuple(found)


def image_shape(shape: Size, name: str) -> tuple[int, int, int]:
    """Return (channels, height, width); raises InputError with the layer's `name` if the states are not images."""
    match as_shape(shape):
        case (channels, height, width):
            return channels, height, width
        case other:
            raise InputError(
                f"{name}: expected images (channels, height, width), got states of shape {other}; "
                "put it before the first layer that mixes all pixels."
            )


def gaussian(*shape: int, generator: Random) -> nn.Parameter:
    """Weight matrix (m, d) with independent N(0, 1/d) entries, drawn from `generator`."""
    return nn.Parameter(torch.randn(*shape, generator=generator) / shape[-1] ** 0.5)
