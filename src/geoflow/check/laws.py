"""Laws that the words of a layer can state, each with the gap that it leaves at given states."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from geoflow.layers.base import Layer

Gap = Callable[[Layer, Tensor, Tensor, Tensor], float]  # (layer, x, phi(x), Jacobians at x)


@dataclass(frozen=True)
class Law:
    """`phrase` in a layer's `law`, or its attribute `flag`, states that `gap` is at most `tolerance`."""

    phrase: str
    sentence: str
    gap: Gap
    flag: str = ""
    tolerance: float = 1e-9


def _norms(J: Tensor) -> Tensor:
    return torch.linalg.matrix_norm(J, ord=2)


def _expansion(layer: Layer, x: Tensor, y: Tensor, J: Tensor) -> float:
    return max(float(_norms(J).max()) - 1 - layer.error_bound(), 0.0)


def _symplecticity(layer: Layer, x: Tensor, y: Tensor, J: Tensor) -> float:
    half = layer.dimension // 2
    W = torch.zeros(2 * half, 2 * half, dtype=J.dtype)
    W[:half, half:], W[half:, :half] = torch.eye(half), -torch.eye(half)
    return float((J.transpose(1, 2) @ W @ J - W).abs().max() / (1 + J.abs().max() ** 2))


def _lost_mass(layer: Layer, x: Tensor, y: Tensor, J: Tensor) -> float:
    return float((y.sum(dim=1) - x.sum(dim=1)).abs().max() / (1 + y.abs().max()))


def _lengths(layer: Layer, x: Tensor, y: Tensor, J: Tensor) -> float:
    return float((y.norm(dim=1) / x.norm(dim=1) - 1).abs().max())


def _singular_values(layer: Layer, x: Tensor, y: Tensor, J: Tensor) -> float:
    return float((torch.linalg.svdvals(J) - 1).abs().max())


def _steepest_output(layer: Layer, x: Tensor, y: Tensor, J: Tensor) -> float:
    return max(float(J.norm(dim=2).max()) - 1, 0.0)


def _beyond(constant: Callable[[Layer], float]) -> Gap:
    """How far the Jacobian goes beyond a constant that is an attribute of the layer."""
    return lambda layer, x, y, J: max(float(_norms(J).max()) - constant(layer), 0.0)


LAWS = (
    Law("non-expansive", "the layer expands distances", _expansion, "non_expansive"),
    Law("symplectic", "the Jacobian is not symplectic", _symplecticity, "symplectic", 1e-11),
    Law("mass-preserving", "the sum of the components is not kept", _lost_mass),
    Law("isometry", "distances are not kept: a singular value is not 1", _singular_values),
    Law("|phi(x)| = |x|", "lengths are not kept", _lengths),
    Law("all singular values of the Jacobian are 1", "a singular value is not 1", _singular_values, tolerance=1e-7),
    Law("each output is 1-Lipschitz", "an output is steeper than 1", _steepest_output),
    Law("constant cap", "the Jacobian exceeds cap", _beyond(lambda one: float(getattr(one, "cap", 1.0)))),
    Law("constant c", "the Jacobian exceeds c", _beyond(lambda one: float(getattr(one, "constant", 1.0)))),
    Law(
        "constant 1 / |scale|", "the Jacobian exceeds 1 / |scale|",
        _beyond(lambda one: 1 / abs(float(getattr(one, "scale", 1.0)))),
    ),
)  # fmt: skip
