"""Laws that the words of a layer can state, each with the gap that it leaves at given states."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Law:
    """`phrase` in a layer's `law`, or its attribute `flag`, states that `gap` is at most `tolerance`."""

    phrase: str
    sentence: str
    gap: Callable[[Any, Tensor, Tensor, Tensor], Any]  # (layer, x, phi(x), Jacobians at x)
    flag: str = ""
    tolerance: float = 1e-9


def norms(J: Tensor) -> Tensor:
    return torch.linalg.matrix_norm(J, ord=2)


def _symplecticity(layer: Any, x: Tensor, y: Tensor, J: Tensor) -> Tensor:
    half = layer.dimension // 2
    W = torch.kron(torch.tensor([[0.0, 1.0], [-1.0, 0.0]]), torch.eye(half)).to(J)
    return (J.transpose(1, 2) @ W @ J - W).abs().max() / (1 + J.abs().max() ** 2)


# fmt: off
LAWS = (
    Law("non-expansive", "the layer expands distances",
        lambda layer, x, y, J: norms(J).max() - 1 - layer.error_bound(), "non_expansive"),
    Law("symplectic", "the Jacobian is not symplectic", _symplecticity, "symplectic", 1e-11),
    Law("mass-preserving", "the sum of the components is not kept",
        lambda layer, x, y, J: (y.sum(dim=1) - x.sum(dim=1)).abs().max() / (1 + y.abs().max())),
    Law("isometry", "distances are not kept: a singular value is not 1",
        lambda layer, x, y, J: (torch.linalg.svdvals(J) - 1).abs().max()),
    Law("|phi(x)| = |x|", "lengths are not kept",
        lambda layer, x, y, J: (y.norm(dim=1) / x.norm(dim=1) - 1).abs().max()),
    Law("all singular values of the Jacobian are 1", "a singular value is not 1",
        lambda layer, x, y, J: (torch.linalg.svdvals(J) - 1).abs().max(), tolerance=1e-7),
    Law("each output is 1-Lipschitz", "an output is steeper than 1",
        lambda layer, x, y, J: J.norm(dim=2).max() - 1),
    Law("constant cap", "the Jacobian exceeds cap",
        lambda layer, x, y, J: norms(J).max() - getattr(layer, "cap", 1.0)),
    Law("constant c", "the Jacobian exceeds c",
        lambda layer, x, y, J: norms(J).max() - getattr(layer, "constant", 1.0)),
    Law("constant 1 / |scale|", "the Jacobian exceeds 1 / |scale|",
        lambda layer, x, y, J: norms(J).max() - 1 / abs(getattr(layer, "scale", 1.0))),
)
