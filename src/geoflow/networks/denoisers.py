"""Denoisers as data: maps of images to images of the same `shape` (channels, height, width), as lists of layers."""

from collections.abc import Callable

from geoflow.ground import Table
from geoflow.networks.architectures import Specification


def averaged(
    shape: tuple[int, int, int], depth: int = 4, hidden: int | None = None,
    channels: int | None = None, activation: str = "relu", relative_step: float = 0.5,
) -> list[Specification]:  # fmt: skip
    """Gradient-flow steps of c = `relative_step` < 1 times the longest step: an averaged operator.

    Each step is (1 - c) I + c N with N non-expansive; at c = 1/2 it is firmly non-expansive. With
    `channels` the steps are convolutions between zero padding and its adjoint, which keep this.
    """
    shared = {"hidden": hidden, "activation": activation, "relative_step": relative_step}
    return _between(shape, depth, channels, "gradient_flow", "convolutional_flow", shared)


def residual(
    shape: tuple[int, int, int], depth: int = 4, hidden: int | None = None,
    channels: int | None = None, activation: str = "relu", h: float = 1.0,
) -> list[Specification]:  # fmt: skip
    """The same with residual layers, which nothing constrains: the control."""
    shared = {"hidden": hidden, "activation": activation, "h": h}
    return _between(shape, depth, channels, "residual", "convolutional_residual", shared)


def _between(
    shape: tuple[int, int, int], depth: int, channels: int | None, dense: str, images: str, shared: Specification
) -> list[Specification]:
    if channels is None:
        return [{"layer": dense, **shared}] * depth
    lift, restrict = ({"layer": "lift", "channels": channels}, {"layer": "restrict", "channels": shape[0]})
    return [lift, *[{"layer": images, **shared}] * depth, restrict]


DENOISERS: Table[Callable[..., list[Specification]]] = Table("denoiser", {"averaged": averaged, "residual": residual})
