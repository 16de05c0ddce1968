"""Training throughput compared with a plain PyTorch loop and deel-torchlip for equal architectures."""

import importlib.util
from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn

from benchmark.measure import Row, interleaved
from geoflow.learning.datasets import load
from geoflow.learning.losses import LOSSES
from geoflow.learning.settings import Training
from geoflow.learning.training import train
from geoflow.networks import ARCHITECTURES
from geoflow.networks.network import build

BATCH, DEPTH = 100, 4
DATA = {"name": "digits", "train": 1000, "validation": 100}


def throughput() -> Iterator[Row]:
    """CPU time in microseconds per image and epoch, including the evaluation after the epoch."""
    torch.set_num_threads(1)
    data = load(DATA)
    images, labels = torch.tensor(data.train.images), torch.tensor(data.train.labels)
    loss = LOSSES["cross_entropy"]()
    plan = Training(epochs=1, batch=BATCH)

    def ours(name: str) -> Callable[[], object]:
        network = build(ARCHITECTURES[name](depth=DEPTH), 64, torch.Generator().manual_seed(0))
        return lambda: train(network, data, loss, plan, torch.Generator().manual_seed(0))

    def plain(module: nn.Module) -> Callable[[], object]:
        return lambda: _loop(module, images, labels)

    runs = {"resnet": ours("resnet"), "non_expansive": ours("non_expansive"), "plain resnet": plain(_plain_resnet())}
    peer = _torchlip()
    if peer is None:
        print("deel-torchlip is not installed and left out.")
    else:
        runs["deel-torchlip"] = plain(peer)
    took = {name: 1e6 * seconds / len(labels) for name, seconds in interleaved(runs, rounds=5).items()}
    unit = "us/image"
    yield Row(
        "training, plain PyTorch loop", "digits", "resnet", took["resnet"], took["plain resnet"], unit,
        note="the same layers",
    )  # fmt: skip
    yield Row(
        "training, price of the bound", "digits", "non_expansive", took["non_expansive"],
        took["resnet"], unit, note="half the parameters, one power iteration per step",
    )  # fmt: skip
    if peer is not None:
        yield Row(
            "training, deel-torchlip", "digits", "non_expansive", took["non_expansive"],
            took["deel-torchlip"], unit, note="as many dense layers of the same width",
        )  # fmt: skip


class _Block(nn.Module):
    """Residual block x + B^T s(A x + b) in plain PyTorch."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.A, self.B = nn.Linear(width, width), nn.Linear(width, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.B(nn.functional.leaky_relu(self.A(x), 0.1))
        return y


def _plain_resnet() -> nn.Module:
    return nn.Sequential(nn.Flatten(), *[_Block(64) for _ in range(DEPTH)], nn.Linear(64, 10))


def _torchlip() -> nn.Module | None:
    """Spectral dense layers with GroupSort, None if the package is not installed."""
    if importlib.util.find_spec("deel") is None:
        return None
    from deel import torchlip

    layers: list[nn.Module] = [nn.Flatten()]
    for _ in range(DEPTH):
        layers += [torchlip.SpectralLinear(64, 64), torchlip.GroupSort2()]
    return nn.Sequential(*layers, torchlip.SpectralLinear(64, 10))


def _loop(module: nn.Module, images: Tensor, labels: Tensor) -> None:
    """Train for one epoch."""
    optimiser = torch.optim.Adam(module.parameters(), lr=1e-3)
    module.train()
    for batch in torch.randperm(len(labels)).split(BATCH):
        value = nn.functional.cross_entropy(module(images[batch]), labels[batch])
        optimiser.zero_grad()
        value.backward()
        optimiser.step()
