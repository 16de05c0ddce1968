"""A network is a chain of layers; its Lipschitz bound is the product of the bounds of all layers."""

import copy
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from geoflow.ground import InputError, check_parameters
from geoflow.layers import LAYERS, Layer
from geoflow.layers.affine import Affine
from geoflow.layers.base import Shape
from geoflow.layers.rounding import SAFETY, UNIT
from geoflow.networks.architectures import Specification


class Network(nn.Module):
    """Map from images (N, channels, height, width) or (N, d) to logits (N, classes)."""

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        for before, after in pairwise(layers):
            if before.shape_out != after.shape:
                raise InputError(
                    f"a layer with input shape {after.shape} cannot follow one with output shape "
                    f"{before.shape_out}; lift the state or change the width."
                )
        self.layers = nn.ModuleList(layers)

    def chain(self) -> list[Layer]:
        """Layers in the order of application."""
        return [layer for layer in self.layers if isinstance(layer, Layer)]

    def forward(self, images: Tensor) -> Tensor:
        shape, given = self.chain()[0].shape, tuple(images.shape[1:])
        if len(shape) > 1 and len(given) > 1 and given != shape:
            raise InputError(f"expected images (channels, height, width) = {shape}, got {given}.")
        x = images.flatten(1)
        for layer in self.layers:
            x = layer(x)
        return x

    def lipschitz_bound(self) -> float:
        """Product of the bounds of all layers, including normalisation and last layer."""
        return math.prod(layer.lipschitz_bound() for layer in self.chain())

    def body_bound(self) -> float:
        """Product of the bounds of all layers except the last."""
        return math.prod(layer.lipschitz_bound() for layer in self.chain()[:-1])

    def bounds(self, size: float, unit: float = UNIT) -> tuple[float, float]:
        """Bounds of |f(x)| and of the error |f~(x) - f(x)| of the computed outputs f~, for all inputs |x| <= size.

        Each layer makes an error (`Layer.error_bound`) that grows with the size of its input; the errors of earlier
        layers are multiplied by its Lipschitz bound. A layer maps |x| <= size to |f(x)| <= |f(0)| + bound size.
        """
        error = 0.0
        for layer in self.chain():
            bound, zero = layer.lipschitz_bound(), torch.zeros(1, layer.dimension, dtype=torch.float64)
            with torch.no_grad():
                made, at_zero = layer.error_bound(size + error, unit), float(layer(zero).norm())
            error = made + bound * error
            size = SAFETY * (at_zero + layer.error_bound(0.0) + bound * size)
        return size, error

    def summary(self) -> Any:
        """Return a frame with one row per layer: name, shapes, number of weights, bound in evaluation mode."""
        import pandas as pd

        names, chain = {LAYERS[name]: name for name in LAYERS}, copy_for_evaluation(self).chain()
        rows = {
            "layer": [names.get(type(layer), type(layer).__name__) for layer in chain],
            "input": [layer.shape for layer in chain],
            "output": [layer.shape_out for layer in chain],
            "weights": [sum(weight.numel() for weight in layer.parameters()) for layer in chain],
            "lipschitz_bound": [layer.lipschitz_bound() for layer in chain],
        }
        return pd.DataFrame(rows)

    def last_weight(self) -> Tensor:
        """Matrix (classes, d) of the last layer, as applied."""
        last = self.chain()[-1]
        if not isinstance(last, Affine):
            raise InputError("the pairwise certificate needs an affine last layer; end the network with 'dense'.")
        return last.weight().detach()


def build(specifications: Sequence[Specification], shape: int | Shape, generator: torch.Generator) -> Network:
    """Build the module of an architecture for images of `shape` (channels, height, width) or vectors of this dimension.

    Weights are drawn from `generator` in the order of the layers. Raises InputError for an unknown layer parameter."""
    layers: list[Layer] = []
    for specification in specifications:
        parameters = {key: value for key, value in specification.items() if key != "layer"}
        make = LAYERS[specification["layer"]]
        check_parameters(specification["layer"], make, parameters)
        layers.append(make(shape, generator=generator, **parameters))
        shape = layers[-1].shape_out
    return Network(layers)


def copy_for_evaluation(network: Network) -> Network:
    """Return a copy for evaluation: float64, on the CPU, steps and scales computed from upper bounds."""
    return copy.deepcopy(network).to("cpu", torch.float64).eval()
