"""Architectures as data: each function returns the list of layers, given as names in LAYERS with parameters.

This module does not import torch, so that the configuration can check names and parameters quickly.
"""

from collections.abc import Callable, Sequence
from typing import Any

from geoflow.ground import Table

Specification = dict[str, Any]
"""{"layer": name in LAYERS, parameter: value, ...}."""


def resnet(
    depth: int = 4, width: int | None = None, hidden: int | None = None,
    activation: str = "leaky_relu", h: float = 1.0, scheme: str = "explicit_euler",
    mean: float = 0.0, scale: float = 1.0, classes: int = 10,
) -> list[Specification]:  # fmt: skip
    """Residual blocks x + h B^T s(A x + b) and an unconstrained last layer: the negative control.

    scheme: any Runge-Kutta method, such as heun_2, in place of explicit Euler.
    """
    given = {"hidden": hidden, "activation": activation, "h": h, "scheme": scheme}
    block = {"layer": "residual", **given}
    return _classifier([block] * depth, width, mean, scale, classes)


def non_expansive(
    depth: int = 4, width: int | None = None, hidden: int | None = None,
    activation: str = "leaky_relu", scheme: str = "explicit_euler", relative_step: float = 1.0,
    substeps: int = 1, first: str = "lift", last: str = "dense", mean: float = 0.0,
    scale: float = 1.0, classes: int = 10,
) -> list[Specification]:  # fmt: skip
    """Gradient-flow steps x - h A^T s(A x + b) and a last layer of norm at most 1: 1-Lipschitz.

    relative_step: h in units of the limit 2 r / ||A||^2; above 1 the property need not hold.
    substeps: number of steps with shared weights, so that schemes with few and many stages can be compared
    with equal numbers of parameters and evaluations. first: layer from the input to `width`: lift, dense or
    orthogonal. last: dense, orthogonal or unit_rows; or free (dense with unbounded norm) as a control.
    """
    given = {"hidden": hidden, "activation": activation, "scheme": scheme}
    block = {"layer": "gradient_flow", **given, "relative_step": relative_step, "substeps": substeps}
    return _classifier([block] * depth, width, mean, scale, classes, first, last)


def sdp_residual(
    depth: int = 4, width: int | None = None, hidden: int | None = None, activation: str = "relu",
    orthogonal: bool = False, first: str = "lift", last: str = "dense", mean: float = 0.0,
    scale: float = 1.0, classes: int = 10,
) -> list[Specification]:  # fmt: skip
    """SDP-based residual layers, which need no norm, and a last layer of norm at most 1.

    orthogonal: the matrices start with orthonormal rows. last: can be unit_rows, which has a larger norm but
    pairwise certificates that are not smaller.
    """
    block: Specification = {"layer": "sdp_residual", "hidden": hidden, "activation": activation}
    if orthogonal:
        block["orthogonal"] = True
    return _classifier([block] * depth, width, mean, scale, classes, first, last)


def convolutional(
    depth: int = 2, channels: int = 8, hidden: int | None = None, kernel: int = 3,
    activation: str = "leaky_relu", layer: str = "convolutional_flow", orthogonal: bool = False,
    shuffles: int = 0, pools: int = 1, pool: str = "shuffle", last: str = "dense",
    mean: float = 0.0, scale: float = 1.0, classes: int = 10,
) -> list[Specification]:  # fmt: skip
    """Convolutional flow or SDP layers on images: 1-Lipschitz.

    Each square of 2 x 2 pixels becomes four channels, `shuffles` times, which makes the layers cheaper, and zero
    channels are appended up to at least `channels`. Then follow `depth` layers, and `pools` times a 1-Lipschitz
    downsampling by two (`shuffle` multiplies the channels by four) with `depth` layers. hidden: number of inner
    channels, by default equal to `channels`; both grow together. orthogonal: SDP layers start with an orthonormal
    kernel.
    """
    specifications: list[Specification] = [
        {"layer": "normalise", "mean": mean, "scale": scale},
        *[{"layer": "pool", "kind": "shuffle"}] * shuffles,
        {"layer": "lift", "channels": channels},
    ]
    for level in range(pools + 1):
        if level:
            specifications.append({"layer": "pool", "kind": pool})
        block = {
            "layer": layer,
            "hidden": hidden and hidden * (4**level if pool == "shuffle" else 1),
            "kernel": kernel,
            "activation": activation,
            **({"orthogonal": True} if orthogonal else {}),
        }
        specifications += [block] * depth
    return [*specifications, {"layer": last, "out": classes}]


def chain(
    layers: Sequence[Specification] = (), cap: float | None = None, classes: int = 10
) -> list[Specification]:  # fmt: skip
    """The given layers, and a last dense layer whose norm is at most `cap`."""
    return [*layers, {"layer": "dense", "out": classes, "cap": cap}]


def _classifier(
    blocks: list[Specification], width: int | None, mean: float, scale: float, classes: int,
    first: str = "lift", last: str = "free",
) -> list[Specification]:  # fmt: skip
    """Assemble a classifier: normalisation, the layer `first` (zero padding by default) to `width`, the blocks, and the
    layer `last`; "free" is a dense layer with unbounded norm."""
    end: Specification = {"layer": last, "out": classes}
    if last == "free":
        end |= {"layer": "dense", "cap": None}
    normalise: Specification = {"layer": "normalise", "mean": mean, "scale": scale}
    return [normalise, {"layer": first, "out": width}, *blocks, end]


ARCHITECTURES: Table[Callable[..., list[Specification]]] = Table(
    "architecture",
    {
        "resnet": resnet,
        "non_expansive": non_expansive,
        "sdp_residual": sdp_residual,
        "convolutional": convolutional,
        "chain": chain,
    },
)


def averaged(
    shape: tuple[int, int, int], depth: int = 4, hidden: int | None = None,
    channels: int | None = None, activation: str = "relu", relative_step: float = 0.5,
) -> list[Specification]:  # fmt: skip
    """Gradient-flow steps of c = `relative_step` < 1 times the longest non-expansive step: an averaged operator.

    Each step is (1 - c) I + c N with N non-expansive; for c = 1/2 it is firmly non-expansive. With
    `channels` the steps are convolutions between zero padding and its adjoint, which preserve this property.
    """
    shared = {"hidden": hidden, "activation": activation, "relative_step": relative_step}
    return _between(shape, depth, channels, "gradient_flow", "convolutional_flow", shared)


def residual(
    shape: tuple[int, int, int], depth: int = 4, hidden: int | None = None,
    channels: int | None = None, activation: str = "relu", h: float = 1.0,
) -> list[Specification]:  # fmt: skip
    """The same as `averaged` with unconstrained residual layers: the negative control."""
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
