"""What every layer states and can be asked."""

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn


class Layer(nn.Module, ABC):
    """A map of states of shape (N, dimension) to (N, dimension_out), with a sound Lipschitz bound.

    Subclasses state `formula`, `law` (the property), `condition` (on the weights, under which the
    law holds) and `reference` (a key of report/references.bib). `non_expansive` and `symplectic`
    say which laws the tests check. Constructors take `dimension`, keyword parameters and a
    `generator`.
    """

    formula: ClassVar[str]
    law: ClassVar[str]
    condition: ClassVar[str]
    reference: ClassVar[str]
    non_expansive: ClassVar[bool] = False
    symplectic: ClassVar[bool] = False

    def __init__(self, dimension: int, dimension_out: int | None = None) -> None:
        super().__init__()
        self.dimension = dimension
        self.dimension_out = dimension if dimension_out is None else dimension_out

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

        Zero but for layers that solve an equation: they add what their residual allows.
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


def gaussian(*shape: int, generator: torch.Generator | None) -> nn.Parameter:
    """A weight (m, d) of independent N(0, 1/d) entries, the first draw of `generator`."""
    return nn.Parameter(torch.randn(*shape, generator=generator) / shape[-1] ** 0.5)
