"""Networks that differ in their seed, trained at once: Adam acts on each weight by itself, so each learns alone."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch import Generator, Tensor
from torch.func import functional_call, stack_module_state

from geoflow.learning.training import fit
from geoflow.networks.network import Network

Loss = Callable[[Tensor, Tensor, dict[str, Tensor]], Tensor]


def shuffled(rows: int, batch: int, generators: Sequence[Generator]) -> Iterator[Tensor]:
    """Endless batches of row numbers (seeds, batch): each pass over all rows has a new order for each seed."""
    while True:
        order = torch.stack([torch.randperm(rows, generator=one) for one in generators])
        yield from order.split(batch, dim=1)


def fit_together(
    networks: Sequence[Network], x: Tensor, y: Tensor, loss: Loss, batch: int, generators: Sequence[Generator],
    *fitted: Any, callback: Callable[[int], None] | None = None, **words: Any,
) -> Tensor:  # fmt: skip
    """`fit(*fitted, **words)` of one network per seed on its own rows of x (seeds, N, d) and y (seeds, N, ...).

    loss(outputs, y, weights) is that of one network on a batch. The networks get their weights before each `callback`
    and at the end; returns the last losses (seeds,).
    """
    weights, buffers = stack_module_state(list(networks))
    weights = {name: w.detach().requires_grad_() for name, w in weights.items()}
    drawn, own = shuffled(x.shape[1], batch, generators), torch.arange(len(networks))[:, None]
    last = torch.zeros(len(networks))

    def of_one(w: dict[str, Tensor], b: dict[str, Tensor], x: Tensor, y: Tensor) -> Tensor:
        return loss(functional_call(networks[0], (w, b), (x,)), y, w)

    def of_all() -> Tensor:
        nonlocal last
        rows = next(drawn)
        losses = torch.vmap(of_one)(weights, buffers, x[own, rows], y[own, rows])
        last = losses.detach()
        return losses.sum()

    def put_back(step: int) -> None:
        for k, network in enumerate(networks):
            network.load_state_dict({name: w[k] for name, w in weights.items()}, strict=False)
        if callback is not None and step:
            callback(step)

    fit(weights.values(), of_all, *fitted, callback=put_back, **words)
    put_back(0)
    return last


def draw_as_torch(network: Network, generator: Generator) -> None:
    """Initial weights as MurariCode2025 draws them: N(0, 1) in Hamiltonian layers, elsewhere torch's default,
    U(-1, 1) / sqrt(fan-in); steps remain."""
    with torch.no_grad():
        for layer in network.chain():
            fan_in = max((w[0].numel() for w in layer.parameters() if w.dim()), default=1)
            for name, w in layer.named_parameters():
                if name != "free_step" and layer.symplectic:
                    w.normal_(generator=generator)
                elif name != "free_step":
                    w.uniform_(-(fan_in**-0.5), fan_in**-0.5, generator=generator)
