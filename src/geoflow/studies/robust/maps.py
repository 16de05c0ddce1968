"""Networks of equal blocks that learn a map of states from pairs (x, y)."""

from collections.abc import Callable
from itertools import accumulate

import torch
from torch import Generator, Tensor

from geoflow.ground import Progress
from geoflow.learning.training import fit
from geoflow.learning.trials import INITIAL, stream
from geoflow.networks.network import Network, build, copy_for_evaluation
from geoflow.studies.robust.blocks import Blocks, BlocksStudy


def iterated(phi: Callable[[Tensor], Tensor], start: Tensor, times: int) -> Tensor:
    """The states start, phi(start), ..., one row each, from `start` (1, d)."""
    return torch.cat(list(accumulate(range(times), lambda x, _: phi(x), initial=start)))


def learnt_map(
    asked: BlocksStudy, choice: Blocks, x: Tensor, y: Tensor, seed: int, random: Generator, progress: Progress
) -> Network:
    """The network of `choice` in evaluation mode, trained on mean |network(x) - y|^2, batches by `random`."""
    network = build(choice.layers * choice.depth, x.shape[1], stream(seed, INITIAL))

    def loss() -> Tensor:
        rows = torch.randint(len(x), (asked.batch,), generator=random)
        error: Tensor = (network(x[rows]) - y[rows]).square().sum(dim=1).mean()
        return error

    label, steps = f"{choice.label}, seed {seed}", asked.training_steps
    fit(network.parameters(), loss, steps, asked.learning_rate, progress=progress, label=label)
    return copy_for_evaluation(network).requires_grad_(False)
