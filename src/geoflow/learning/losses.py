"""Losses as a literal table of constructors: LOSSES[name](**parameters)(logits, labels) -> mean loss.

Tensors bring their own methods, so this module imports no torch.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from geoflow.ground import InputError, Table

if TYPE_CHECKING:
    from torch import Tensor

Loss = Callable[["Tensor", "Tensor"], "Tensor"]


def cross_entropy() -> Loss:
    """-log softmax(z)_y."""
    return offset_cross_entropy(offset=0.0, temperature=1.0)


def offset_cross_entropy(offset: float, temperature: float) -> Loss:
    """T CE((z - offset e_y) / T): asks a bounded network for a margin of about `offset` (PrachLampert2022).

    A 1-Lipschitz network cannot scale its logits, so plain cross-entropy never saturates; a small T
    makes the logits sharp and the offset says which margin is worth having.
    """
    if not temperature > 0:
        raise InputError(f"offset_cross_entropy: expected temperature > 0, got {temperature}.")

    def loss(logits: "Tensor", labels: "Tensor") -> "Tensor":
        return -temperature * _log_softmax(logits, labels, offset, temperature).mean()

    return loss


def annealed_margin(offset: float, temperature: float, exponent: float = 2.0) -> Loss:
    """T (1 - p_y)^beta CE(u), u = (z - offset e_y) / T, p = softmax(u) (LaiHuangKungChen2025).

    beta is the `exponent`. The factor takes the weight from images whose margin is already well
    above the offset, so that a network of bounded slope spends its capacity on the others.
    """
    if not (temperature > 0 and exponent >= 0):
        raise InputError(
            f"annealed_margin: expected temperature > 0 and exponent >= 0, got {temperature} and {exponent}."
        )

    def loss(logits: "Tensor", labels: "Tensor") -> "Tensor":
        log_p = _log_softmax(logits, labels, offset, temperature)
        # 1 - p by expm1: near p = 1 the difference would lose all its digits, and its slope.
        return -temperature * ((-log_p.expm1()).clamp(min=1e-30) ** exponent * log_p).mean()

    return loss


def _log_softmax(logits: "Tensor", labels: "Tensor", offset: float, temperature: float) -> "Tensor":
    """log softmax((z - offset e_y) / T)_y, (N, 1)."""
    own = logits.gather(1, labels[:, None]) - offset
    shifted = logits.scatter(1, labels[:, None], own) / temperature
    return own / temperature - shifted.logsumexp(dim=1, keepdim=True)


LOSSES: Table[Callable[..., Loss]] = Table(
    "loss",
    {"cross_entropy": cross_entropy, "offset_cross_entropy": offset_cross_entropy, "annealed_margin": annealed_margin},
)
