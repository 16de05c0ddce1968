"""Zero padding into a larger space, which is an isometry (lift), and its adjoint (restriction)."""

from collections.abc import Callable

from torch import Tensor
from torch.nn.functional import pad

from geoflow.ground import InputError
from geoflow.layers.base import NonExpansive, Random, Size, image_shape


class Lift(NonExpansive):
    """Zero padding x -> (x, 0), which has Lipschitz constant 1.

    out: dimension of the output; or, for images, channels: zero channels are appended up to at least
    this number.
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
    """Restriction (x, z) -> x to the first `out` components or the first `channels`; the adjoint of `Lift`."""

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
    """Output size: `out`, or an image with choose(own channels, `channels`) channels; None for no change."""
    if channels is None:
        return out
    if out is not None:
        raise InputError(f"{name}: expected `out` or `channels`, got {out} and {channels}.")
    own, *size = image_shape(shape, name)
    return (choose(own, channels), *size)
