"""Training loops: deterministic for a given seed, resumable, the same for every network."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor, nn

from geoflow.ground import InputError, Progress, SolveError, no_progress, remember
from geoflow.ground.answer import say
from geoflow.ground.resumable import pack, recall_value
from geoflow.learning.datasets import DataSet, Split
from geoflow.learning.losses import Loss
from geoflow.learning.settings import Training
from geoflow.learning.tensorboard import logger
from geoflow.networks.certificates import pairwise_radii
from geoflow.networks.network import Network

DEVICES = ("cpu", "cuda", "auto")


def choose_device(asked: str) -> torch.device:
    """Return the torch device for "cpu", "cuda" or "auto"; "auto" uses a GPU if torch finds one."""
    if asked not in DEVICES:
        raise InputError(f"expected a device among {', '.join(DEVICES)}, got {asked!r}.")
    if asked == "cuda" and not torch.cuda.is_available():
        raise InputError("device cuda: torch finds no GPU; use device auto, or set up with TORCH=cuda.")
    # cuBLAS is deterministic only with this setting, which must precede its first call.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    return torch.device("cuda" if asked != "cpu" and torch.cuda.is_available() else "cpu")


@contextmanager
def deterministic() -> Iterator[None]:
    """Context in which torch raises an error for nondeterministic operations."""
    before = torch.are_deterministic_algorithms_enabled()
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


def tensors(split: Split, device: torch.device | str = "cpu") -> tuple[Tensor, Tensor]:
    """Return the images (N, channels, height, width), float32, and labels (N,) on a device."""
    return torch.tensor(split.images, device=device), torch.tensor(split.labels, device=device)


def train(
    network: Network, data: DataSet, loss: Loss, plan: Training, generator: torch.Generator, *,
    device: torch.device | str = "cpu", checkpoint: Path | None = None,
    progress: Progress = no_progress, label: str = "training",
) -> pd.DataFrame:  # fmt: skip
    """Train a classifier in place; returns a table with one row per epoch: epoch, loss, train_accuracy,
    validation_accuracy, validation_certified (NaN if `plan.certify_eps` is 0).

    checkpoint: a file that stores the state after each epoch; a later call with the same arguments resumes from there
    with bit-identical results. Raises SolveError if the loss is not finite.
    """
    network.to(device)
    images, labels = tensors(data.train, device)
    optimiser = torch.optim.Adam(network.parameters(), lr=plan.learning_rate, weight_decay=plan.weight_decay)
    batches = -(-len(labels) // plan.batch)
    number = batches * plan.epochs + 1
    rise = max(plan.warm_up, 2 / number)  # OneCycleLR divides by rise * number - 1
    cycle = {"name": "OneCycleLR", "max_lr": plan.learning_rate, "total_steps": number, "pct_start": rise}
    schedule = schedule_of(optimiser, plan.schedule or cycle)
    keep: dict[str, Any] = {"network": network, "optimiser": optimiser, "schedule": schedule}
    rows = _resume(checkpoint, keep, generator)
    log = logger(label)
    precision = getattr(torch, plan.precision)
    kind = torch.device(device).type
    bar = progress(range(len(rows), plan.epochs), label)
    with deterministic():
        for epoch in bar:
            network.train()
            total = torch.zeros((), dtype=torch.float64, device=device)
            right = torch.zeros((), dtype=torch.int64, device=device)
            order = torch.randperm(len(labels), generator=generator).to(device)
            for batch in order.split(plan.batch):
                with torch.autocast(kind, precision, enabled=precision != torch.float32):
                    logits = network(images[batch])
                logits = logits.float()
                value = loss(logits, labels[batch])
                optimiser.zero_grad()
                value.backward()
                if plan.clip:
                    nn.utils.clip_grad_norm_(network.parameters(), plan.clip)
                optimiser.step()
                schedule.step()
                total += value.detach() * len(batch)
                right += (logits.detach().argmax(dim=1) == labels[batch]).sum()
            rows.append(_row(network, data, epoch, total, right, device, plan.certify_eps))
            say(bar, sentence(rows[-1]))
            log(rows[-1])
            if checkpoint is not None:
                states = {name: dict(part.state_dict()) for name, part in keep.items()}
                remember(checkpoint, pack({**states, "generator": generator.get_state(), "rows": rows}))
    network.eval()
    return pd.DataFrame(rows)


def fit(
    parameters: Iterable[nn.Parameter], loss: Callable[[], Tensor], steps: int,
    learning_rate: float, *, schedule: Mapping[str, Any] | None = None, weight_decay: float = 0.0, every: int = 0,
    callback: Callable[[int], None] | None = None, progress: Progress = no_progress, label: str = "training",
) -> list[float]:  # fmt: skip
    """Training loop for models that are not classifiers: Adam with a cosine schedule; `loss` draws its own batch.

    schedule: {"name": class of torch.optim.lr_scheduler, parameter: value, ...} instead.
    callback: called after each `every`-th step with its number. Returns the loss of every step. Raises
    SolveError if the loss is not finite.
    """
    optimiser = torch.optim.Adam(parameters, lr=learning_rate, weight_decay=weight_decay)
    rates, values = schedule_of(optimiser, schedule or {"name": "CosineAnnealingLR", "T_max": steps}), []
    with deterministic():
        for number in progress(range(steps), label):
            value = loss()
            if not torch.isfinite(value):
                raise SolveError(
                    f"{label}: the loss is {float(value.detach())} in step {number + 1}; try a smaller learning_rate."
                )
            optimiser.zero_grad()
            value.backward()
            optimiser.step()
            rates.step()
            values.append(float(value.detach()))
            if callback is not None and every and (number + 1) % every == 0:
                callback(number + 1)
    return values


def schedule_of(optimiser: torch.optim.Optimizer, schedule: Mapping[str, Any]) -> Any:
    """Build the scheduler {"name": class of torch.optim.lr_scheduler, parameter: value, ...}."""
    given = dict(schedule)
    scheduler = getattr(torch.optim.lr_scheduler, name := given.pop("name", ""), None)
    if scheduler is None:
        raise InputError(f"schedule: expected the name of a class of torch.optim.lr_scheduler, got {name!r}.")
    return scheduler(optimiser, **given)


def sentence(row: dict[str, Any]) -> str:
    """Text of the progress bar after an epoch."""
    words = [f"loss {row['loss']:.3g}", f"accuracy {row['validation_accuracy']:.3f}"]
    if row["validation_certified"] == row["validation_certified"]:
        words.append(f"certified {row['validation_certified']:.3f}")
    return ", ".join(words)


def _row(
    network: Network, data: DataSet, epoch: int, total: Tensor, right: Tensor, device: Any, eps: float
) -> dict[str, Any]:
    mean = float(total) / len(data.train)
    if not abs(mean) < float("inf"):
        raise SolveError(f"training: the loss is {mean} in epoch {epoch + 1}; try a smaller learning_rate.")
    return {
        "epoch": epoch + 1,
        "loss": mean,
        "train_accuracy": int(right) / len(data.train),
        "validation_accuracy": accuracy(network, data.validation, device),
        "validation_certified": estimate(network, data.validation, eps, device),
    }


def estimate(network: Network, split: Split, eps: float, device: torch.device | str) -> float:
    """Fraction of images certified at eps with logits in float32, to monitor the training only; NaN if eps is 0."""
    if not eps > 0:
        return float("nan")
    logits, labels = _logits(network, split, device)
    radii = pairwise_radii(logits, labels, network.last_weight(), network.body_bound())
    return int((radii > eps).sum()) / max(len(split), 1)


def accuracy(network: Network, split: Split, device: torch.device | str = "cpu") -> float:
    """Fraction of correctly classified images, in evaluation mode."""
    logits, labels = _logits(network, split, device)
    return int((logits.argmax(dim=1) == labels).sum()) / max(len(split), 1)


def _logits(network: Network, split: Split, device: torch.device | str) -> tuple[Tensor, Tensor]:
    """Compute logits (N, classes) in evaluation mode; returns them and the labels (N,)."""
    images, labels = tensors(split, device)
    network.eval()
    with torch.no_grad():
        return torch.cat([network(part) for part in images.split(1000)]), labels


def _resume(checkpoint: Path | None, keep: dict[str, Any], generator: torch.Generator) -> list[dict[str, Any]]:
    """Restore the stored states and return the rows of the finished epochs."""
    stored = recall_value(checkpoint) if checkpoint is not None else None
    if stored is None:
        return []
    for name, part in keep.items():
        part.load_state_dict(stored[name])
    generator.set_state(stored["generator"])
    return list(stored["rows"])
