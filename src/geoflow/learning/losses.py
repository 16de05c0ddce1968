"""Losses as a literal table of constructors: LOSSES[name](**parameters)(logits, labels) -> mean
loss.

Tensors bring their own methods, so this module imports no torch.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from geoflow.errors import InputError
from geoflow.registry import Table

if TYPE_CHECKING:
    from torch import Tensor

Loss = Callable[["Tensor", "Tensor"], "Tensor"]


def cross_entropy() -> Loss:
    """-log softmax(z)_y."""
    return offset_cross_entropy(offset=0.0, temperature=1.0)


def offset_cross_entropy(offset: float, temperature: float) -> Loss:
    """T CE((z - offset e_y) / T): asks a bounded network for a margin of about `offset`
    (PrachLampert2022).

    A 1-Lipschitz network cannot scale its logits, so plain cross-entropy never saturates; a small T
    makes the logits sharp and the offset says which margin is worth having.
    """
    if not temperature > 0:
        raise InputError(f"offset_cross_entropy: expected temperature > 0, got {temperature}.")

    def loss(logits: "Tensor", labels: "Tensor") -> "Tensor":
        own = logits.gather(1, labels[:, None])
        shifted = logits.scatter(1, labels[:, None], own - offset) / temperature
        shifted_own = (own - offset) / temperature
        return temperature * (shifted.logsumexp(dim=1, keepdim=True) - shifted_own).mean()

    return loss


LOSSES: Table[Callable[..., Loss]] = Table(
    "loss",
    {
        "cross_entropy": cross_entropy,
        "offset_cross_entropy": offset_cross_entropy,
    },
)
