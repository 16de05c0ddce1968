"""Networks of equal blocks that learn a map of states from pairs (x, y)."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

import torch
from torch import Generator, Tensor

from geoflow.ground import Progress
from geoflow.learning.together import draw_as_torch, fit_together
from geoflow.learning.trials import INITIAL, stream
from geoflow.networks.network import Network, build, copy_for_evaluation
from geoflow.studies.robust.blocks import Blocks, BlocksStudy


def iterated(phi: Callable[[Tensor], Tensor], start: Tensor, times: int) -> Tensor:
    """The states start, phi(start), ..., one row each, from `start` (1, d)."""
    return torch.cat(list(accumulate(range(times), lambda x, _: phi(x), initial=start)))


def built(asked: BlocksStudy, layers: Sequence[dict[str, Any]], dimension: int, seeds: Sequence[int]) -> list[Network]:
    """An untrained network for each seed."""
    networks = []
    for seed in seeds:
        random = stream(seed, INITIAL)
        networks.append(build(layers, dimension, random).to(getattr(torch, asked.precision)))
        if asked.torch_weights:
            draw_as_torch(networks[-1], random)
    return networks


def learnt_maps(
    asked: BlocksStudy, choice: Blocks, x: Tensor, y: Tensor, seeds: Sequence[int], random: Sequence[Generator],
    progress: Progress,
) -> tuple[list[Network], Tensor]:  # fmt: skip
    """The networks of `choice` in evaluation mode, one for each seed, trained on the mean of (network(x) - y)^2 over
    the rows of x and y (seeds, N, d) and their components, batches by `random`; and their last losses (seeds,)."""
    networks = built(asked, choice.layers * choice.depth, x.shape[-1], seeds)

    def loss(outputs: Tensor, y: Tensor, weights: dict[str, Tensor]) -> Tensor:
        return (outputs - y).square().mean()

    kind = getattr(torch, asked.precision)
    last = fit_together(
        networks, x.to(kind), y.to(kind), loss, asked.batch, random, asked.training_steps, asked.learning_rate,
        schedule=asked.schedule, weight_decay=asked.weight_decay, label=choice.label, progress=progress,
    )  # fmt: skip
    return [copy_for_evaluation(network).requires_grad_(False) for network in networks], last
