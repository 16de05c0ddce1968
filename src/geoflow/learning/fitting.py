"""The loop for what is no classifier of a data set: draw a batch, lower a loss, many times."""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn

from geoflow.ground import Progress, SolveError, no_progress
from geoflow.learning.training import deterministic


def fit(
    parameters: Iterable[nn.Parameter], loss: Callable[[], Tensor], steps: int,
    learning_rate: float, *, every: int = 0, callback: Callable[[int], None] | None = None,
    progress: Progress = no_progress, label: str = "training",
) -> list[float]:  # fmt: skip
    """Adam with a rate that falls to zero along a cosine; `loss` draws its own batch.

    `callback`, where given, is called after each `every`-th step with its number. Returns the loss of
    every step. Raises SolveError when it is not finite.
    """
    optimiser = torch.optim.Adam(parameters, lr=learning_rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    values: list[float] = []
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
            schedule.step()
            values.append(float(value.detach()))
            if callback is not None and every and (number + 1) % every == 0:
                callback(number + 1)
    return values
