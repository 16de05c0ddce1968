"""Lift and restrict: zero padding into a larger space, which is an isometry, and its adjoint."""

from collections.abc import Callable

from torch import Tensor
from torch.nn.functional import pad

from geoflow.ground import InputError
from geoflow.layers.base import NonExpansive, Random, Size, image_shape


class Lift(NonExpansive):
    """x -> (x, 0): more room for the flow, at no cost in the bound.

    `out`: dimensions of the result; or `channels`, for images: empty channels behind the others until
    there are at least so many.
    """

    formula = "(x, 0)"
    law = "isometry: |phi(x) - phi(y)| = |x - y|"
    reference = "Murari2025"

    def __init__(
        self, shape: Size, out: int | None = None, channels: int | None = None, *,
        generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, _resized("lift", shape, out, channels, max))
        if self.dimension_out < self.dimension:
            raise InputError(
                f"lift: expected at least the {self.dimension} dimensions of the state, got {out}; "
                "use a dense layer to go down."
            )

    def forward(self, x: Tensor) -> Tensor:
        return pad(x, (0, self.dimension_out - self.dimension))


class Restrict(NonExpansive):
    """(x, z) -> x: the first `out` numbers, or the first `channels` of an image; the adjoint of `Lift`."""

    formula = "x of (x, z)"
    reference = "Murari2025"

    def __init__(
        self, shape: Size, out: int | None = None, channels: int | None = None, *,
        generator: Random = None,
    ) -> None:  # fmt: skip
        super().__init__(shape, _resized("restrict", shape, out, channels, min))
        if not 1 <= self.dimension_out <= self.dimension:
            raise InputError(
                f"restrict: expected 1 to {self.dimension} dimensions, got {self.dimension_out}; lift to go up."
            )

    def forward(self, x: Tensor) -> Tensor:
        return x[:, : self.dimension_out]


def _resized(name: str, shape: Size, out: int | None, channels: int | None, choose: Callable[..., int]) -> Size | None:
    """`out` numbers, or an image with `choose` of its own channels and `channels`; None for no change."""
    if channels is None:
        return out
    if out is not None:
        raise InputError(f"{name}: expected `out` or `channels`, got {out} and {channels}.")
    own, *size = image_shape(shape, name)
    return (choose(own, channels), *size)
