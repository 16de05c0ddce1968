"""The table of losses: LOSSES[name](**parameters)(logits, labels) returns the mean loss.

Only methods of tensors are used, so this module does not import torch.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from geoflow.ground import InputError, Table

if TYPE_CHECKING:
    from torch import Tensor

Loss = Callable[["Tensor", "Tensor"], "Tensor"]


def cross_entropy() -> Loss:
    """Cross-entropy -log softmax(z)_y."""
    return offset_cross_entropy(offset=0.0, temperature=1.0)


def offset_cross_entropy(offset: float, temperature: float) -> Loss:
    """T CE((z - offset e_y) / T), which trains a Lipschitz network for margins of about `offset` (PrachLampert2022).

    A 1-Lipschitz network cannot scale its logits, so that cross-entropy does not saturate. A small temperature T
    replaces this scaling, and the offset is the desired margin.
    """
    if not temperature > 0:
        raise InputError(f"offset_cross_entropy: expected temperature > 0, got {temperature}.")

    def loss(logits: "Tensor", labels: "Tensor") -> "Tensor":
        return -temperature * _log_softmax(logits, labels, offset, temperature).mean()

    return loss


def multi_margin(margin: float = 1.0) -> Loss:
    """Mean over the classes j of max(0, margin - z_y + z_j) for j != y, zero for j = y (MurariCode2025)."""

    def loss(logits: "Tensor", labels: "Tensor") -> "Tensor":
        gaps = (margin - logits.gather(1, labels[:, None]) + logits).clamp(min=0)
        return (gaps.sum(dim=1) - margin).mean() / logits.shape[1]  # the term j = y is the margin

    return loss


def _log_softmax(logits: "Tensor", labels: "Tensor", offset: float, temperature: float) -> "Tensor":
    """Compute log softmax((z - offset e_y) / T)_y, shape (N, 1)."""
    own = logits.gather(1, labels[:, None]) - offset
    shifted = logits.scatter(1, labels[:, None], own) / temperature
    return own / temperature - shifted.logsumexp(dim=1, keepdim=True)


LOSSES: Table[Callable[..., Loss]] = Table(
    "loss", {"cross_entropy": cross_entropy, "offset_cross_entropy": offset_cross_entropy, "multi_margin": multi_margin}
)
