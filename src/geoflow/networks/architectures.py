"""Architectures as data: each returns the list of its layers, a name of LAYERS with its parameters.

This module imports no torch, so that the configuration can check names and parameters quickly.
"""

from collections.abc import Callable
from typing import Any

from geoflow.registry import Table

Specification = dict[str, Any]
"""{"layer": name in LAYERS, parameter: value, ...}."""


def resnet(
    depth: int = 4,
    width: int | None = None,
    hidden: int | None = None,
    activation: str = "leaky_relu",
    h: float = 1.0,
    mean: float = 0.0,
    scale: float = 1.0,
    classes: int = 10,
) -> list[Specification]:
    """Residual blocks x + h B^T s(A x + b) and a free last layer: the control."""
    block = {"layer": "residual", "hidden": hidden, "activation": activation, "h": h}
    return [
        *_entrance(width, mean, scale),
        *[block] * depth,
        {"layer": "dense", "out": classes, "cap": None},
    ]


def non_expansive(
    depth: int = 4,
    width: int | None = None,
    hidden: int | None = None,
    activation: str = "leaky_relu",
    scheme: str = "explicit_euler",
    relative_step: float = 1.0,
    mean: float = 0.0,
    scale: float = 1.0,
    cap: float | None = 1.0,
    classes: int = 10,
) -> list[Specification]:
    """Gradient-flow steps x - h A^T s(A x + b) and a last layer of norm at most `cap`: 1-Lipschitz.

    `relative_step` is h in units of the limit 2 r / ||A||^2; above 1 the property is lost, as it is
    without a cap.
    """
    block = {
        "layer": "gradient_flow",
        "hidden": hidden,
        "activation": activation,
        "scheme": scheme,
        "relative_step": relative_step,
    }
    return [
        *_entrance(width, mean, scale),
        *[block] * depth,
        {"layer": "dense", "out": classes, "cap": cap},
    ]


def _entrance(width: int | None, mean: float, scale: float) -> list[Specification]:
    """Normalisation of the input, then zero padding up to `width`."""
    return [
        {"layer": "normalise", "mean": mean, "scale": scale},
        {"layer": "lift", "out": width},
    ]


ARCHITECTURES: Table[Callable[..., list[Specification]]] = Table(
    "architecture",
    {
        "resnet": resnet,
        "non_expansive": non_expansive,
    },
)
