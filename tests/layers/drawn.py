"""Layers with weights as training could leave them, and the steepest Jacobian that a search finds."""

import copy

import pytest
import torch

from geoflow.layers import LAYERS, Layer
from geoflow.layers.flow import Flow
from geoflow.networks.jacobian import largest_jacobian_norm

SHAPE = (1, 2, 3)  # a grey image: what every layer takes
DIMENSION = 6


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def made(name: str) -> Layer:
    return LAYERS[name](SHAPE, generator=seeded())


def with_weights_of_size(layer: Layer, size: float, seed: int = 1) -> Layer:
    """Evaluation in float64, after all parameters were drawn anew, as training could leave them."""
    generator = seeded(seed)
    layer = copy.deepcopy(layer).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            parameter.copy_(size * torch.randn(parameter.shape, generator=generator))
    return layer.eval()


def found(layer: Layer) -> float:
    starts = torch.randn(64, layer.dimension, generator=seeded(2), dtype=torch.float64)
    return largest_jacobian_norm(layer, starts, seeded(3))


def settled_flow(name: str, scheme: str, **given) -> Flow:
    """A settled layer with weights of the size of training, biases included."""
    layer = LAYERS[name](DIMENSION, 5, scheme=scheme, generator=seeded(), **given).double().eval()
    with torch.no_grad():
        for number, parameter in enumerate(layer.parameters()):
            parameter.copy_(0.8 * torch.randn(parameter.shape, generator=seeded(number)))
    assert isinstance(layer, Flow)
    return layer


def states(rows: int = 8) -> torch.Tensor:
    return torch.randn(rows, DIMENSION, generator=seeded(2), dtype=torch.float64)


def check_derivatives(layer: Layer, x: torch.Tensor, parameters: list[torch.Tensor], cotangent: torch.Tensor) -> None:
    """The gradient of <layer(x), cotangent> by x and `parameters` is that of central differences."""
    parameters = [x.requires_grad_(), *parameters]

    def value() -> torch.Tensor:
        return (layer(x) * cotangent).sum()

    gradients = torch.autograd.grad(value(), parameters)
    for parameter, gradient in zip(parameters, gradients, strict=True):
        direction = torch.randn(parameter.shape, generator=seeded(4), dtype=torch.float64)
        values = []
        for sign in (1, -1):
            with torch.no_grad():
                parameter += sign * 1e-4 * direction
                values.append(float(value()))
                parameter -= sign * 1e-4 * direction
        slope = (values[0] - values[1]) / 2e-4
        assert float((gradient * direction).sum()) == pytest.approx(slope, rel=1e-5, abs=1e-7)
