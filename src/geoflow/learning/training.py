"""The one training loop: deterministic for a seed, resumable, the same for every network."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from geoflow.analysis.study import Progress, no_progress
from geoflow.errors import InputError, SolveError
from geoflow.learning.checkpoints import Checkpoint
from geoflow.learning.datasets import DataSet, Split
from geoflow.learning.losses import Loss
from geoflow.networks.network import Network

DEVICES = ("cpu", "cuda", "auto")


@dataclass(frozen=True)
class Plan:
    """Adam on shuffled batches; the rate rises to `learning_rate` over `warm_up` of the steps and
    falls to zero along a cosine."""

    epochs: int
    batch: int = 100
    learning_rate: float = 1e-3
    warm_up: float = 0.2

    def __post_init__(self) -> None:
        if self.epochs < 1 or self.batch < 1 or not self.learning_rate > 0:
            raise InputError(
                f"training: expected epochs, batch >= 1 and learning_rate > 0, got {self}."
            )


def choose_device(asked: str) -> torch.device:
    """ "auto" takes the GPU when torch sees one."""
    if asked not in DEVICES:
        raise InputError(f"expected a device among {', '.join(DEVICES)}, got {asked!r}.")
    if asked == "cuda" and not torch.cuda.is_available():
        raise InputError(
            "device cuda: torch sees no GPU; use device auto, or set up with TORCH=cuda."
        )
    # cuBLAS is deterministic only with this, which must be set before its first call.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    return torch.device("cuda" if asked != "cpu" and torch.cuda.is_available() else "cpu")


@contextmanager
def deterministic() -> Iterator[None]:
    """Within it torch refuses operations whose result depends on the order of threads."""
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


def tensors(split: Split, device: torch.device | str = "cpu") -> tuple[Tensor, Tensor]:
    """Images (N, height, width), float32, and labels (N,) on a device."""
    return torch.tensor(split.images, device=device), torch.tensor(split.labels, device=device)


def train(
    network: Network,
    data: DataSet,
    loss: Loss,
    plan: Plan,
    generator: torch.Generator,
    *,
    device: torch.device | str = "cpu",
    checkpoint: Checkpoint | None = None,
    progress: Progress = no_progress,
    label: str = "training",
) -> pd.DataFrame:
    """Train in place and return (epoch, loss, train_accuracy, validation_accuracy), one row an
    epoch.

    With a checkpoint the state is stored after each epoch, and a later call with the same
    arguments goes on from there with the same result, bit for bit. Raises SolveError when the
    loss is not finite.
    """
    network.to(device)
    images, labels = tensors(data.train, device)
    optimiser = torch.optim.Adam(network.parameters(), lr=plan.learning_rate)
    batches = -(-len(labels) // plan.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, plan.learning_rate, total_steps=batches * plan.epochs + 1, pct_start=plan.warm_up
    )
    keep: dict[str, Any] = {"network": network, "optimiser": optimiser, "schedule": schedule}
    rows = _resume(checkpoint, keep, generator)
    with deterministic():
        for epoch in progress(range(len(rows), plan.epochs), label):
            network.train()
            total = torch.zeros((), dtype=torch.float64, device=device)
            right = torch.zeros((), dtype=torch.int64, device=device)
            order = torch.randperm(len(labels), generator=generator).to(device)
            for batch in order.split(plan.batch):
                logits = network(images[batch])
                value = loss(logits, labels[batch])
                optimiser.zero_grad()
                value.backward()
                optimiser.step()
                schedule.step()
                total += value.detach() * len(batch)
                right += (logits.detach().argmax(dim=1) == labels[batch]).sum()
            rows.append(_row(network, data, epoch, total, right, device))
            if checkpoint is not None:
                states = {name: part.state_dict() for name, part in keep.items()}
                checkpoint.save({**states, "generator": generator.get_state(), "rows": rows})
    network.eval()
    return pd.DataFrame(rows)


def _row(
    network: Network,
    data: DataSet,
    epoch: int,
    total: Tensor,
    right: Tensor,
    device: torch.device | str,
) -> dict[str, Any]:
    mean = float(total) / len(data.train)
    if not abs(mean) < float("inf"):
        raise SolveError(
            f"training: the loss is {mean} in epoch {epoch + 1}; try a smaller learning_rate."
        )
    return {
        "epoch": epoch + 1,
        "loss": mean,
        "train_accuracy": int(right) / len(data.train),
        "validation_accuracy": accuracy(network, data.validation, device),
    }


def accuracy(network: Network, split: Split, device: torch.device | str = "cpu") -> float:
    """Share of images whose class is right, in evaluation mode."""
    images, labels = tensors(split, device)
    network.eval()
    with torch.no_grad():
        chosen = torch.cat([network(part).argmax(dim=1) for part in images.split(1000)])
    return int((chosen == labels).sum()) / max(len(split), 1)


def _resume(
    checkpoint: Checkpoint | None, keep: dict[str, Any], generator: torch.Generator
) -> list[dict[str, Any]]:
    """Put the stored states in place and return the rows of the epochs that are done."""
    stored = checkpoint.load() if checkpoint is not None else None
    if stored is None:
        return []
    for name, part in keep.items():
        part.load_state_dict(stored[name])
    generator.set_state(stored["generator"])
    return list(stored["rows"])
