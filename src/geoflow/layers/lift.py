"""Lift: zero padding into a larger space, an isometry."""

import torch
from torch import Tensor
from torch.nn.functional import pad

from geoflow.ground.errors import InputError
from geoflow.layers.base import Layer


class Lift(Layer):
    """x -> (x, 0): more room for the flow, at no cost in the bound.

    `channels` says the same for an image: empty channels behind its own, `channels` in all for each
    of them.
    """

    formula = "(x, 0)"
    law = "isometry: |phi(x) - phi(y)| = |x - y|"
    condition = "none"
    reference = "Murari2025"
    non_expansive = True

    def __init__(
        self,
        dimension: int,
        out: int | None = None,
        channels: int = 1,
        *,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(dimension, channels * dimension if out is None else out)
        if self.dimension_out < dimension:
            raise InputError(
                f"lift: expected at least the {dimension} dimensions of the state, got {out}; "
                "use a dense layer to go down."
            )

    def forward(self, x: Tensor) -> Tensor:
        return pad(x, (0, self.dimension_out - self.dimension))

    def lipschitz_bound(self) -> float:
        return 1.0


class Restrict(Layer):
    """(x, z) -> x: the first `out` numbers, the adjoint of `Lift`."""

    formula = "x of (x, z)"
    law = "non-expansive: |phi(x) - phi(y)| <= |x - y|"
    condition = "none"
    reference = "Murari2025"
    non_expansive = True

    def __init__(
        self, dimension: int, out: int | None = None, *, generator: torch.Generator | None = None
    ) -> None:
        super().__init__(dimension, dimension if out is None else out)
        if not 1 <= self.dimension_out <= dimension:
            raise InputError(
                f"restrict: expected 1 to {dimension} dimensions, got {out}; lift to go up."
            )

    def forward(self, x: Tensor) -> Tensor:
        return x[:, : self.dimension_out]

    def lipschitz_bound(self) -> float:
        return 1.0
