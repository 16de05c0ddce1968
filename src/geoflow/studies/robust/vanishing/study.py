"""Study: vanishing gradients. What reaches an early layer of a deep network from its output.

Two spirals in R^2, embedded in R^4 as (x_1, 0, x_2, 0) (Murari2025, figures 5 and 6).
"""

from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor, nn

from geoflow.ground import Answer, Tools
from geoflow.learning.training import fit
from geoflow.learning.trials import INITIAL, ORDER, stream
from geoflow.measure.keyed import keyed
from geoflow.networks.jacobian import jacobians
from geoflow.networks.network import Network, build, copy_for_evaluation
from geoflow.studies.robust.blocks import Blocks
from geoflow.studies.robust.vanishing.config import Vanishing

DIMENSION, PROBES = 4, 16


def study(asked: Vanishing, tools: Tools) -> Answer:
    """Train each network on two spirals; measure the norm of the Jacobian of the last block's output with respect to
    the input of each block at PROBES test points."""
    shape, streams = ((asked.points, asked.turns, asked.noise), (stream(asked.seed + k, ORDER) for k in (0, 1)))
    train, test = (spirals(*shape, random) for random in streams)
    norms: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for choice in tools.progress(asked.networks, "networks"):
        layers = [*choice.layers * choice.depth, {"layer": "dense", "out": 2, "cap": None}]
        network = build(layers, DIMENSION, stream(asked.seed, INITIAL))
        own, losses = _watched(asked, network, choice, train, test[0])
        norms += own
        exact = copy_for_evaluation(network).requires_grad_(False)
        right = exact(test[0].double()).argmax(dim=1) == test[1]
        row = {"network": choice.label, "depth": choice.depth}
        rows.append({**row, "accuracy": float(right.double().mean()), "loss": losses[-1]})
    tables = {"jacobians": pd.DataFrame(norms), "accuracy": pd.DataFrame(rows)}
    return Answer(tables, _summary(tables["jacobians"], tables["accuracy"]))


def _watched(
    asked: Vanishing, network: Network, choice: Blocks, train: tuple[Tensor, Tensor], probes: Tensor
) -> tuple[list[dict[str, Any]], list[float]]:
    """The norms before and during one training, and its losses."""
    random = stream(asked.seed, ORDER)

    def loss() -> Tensor:
        chosen = torch.randint(len(train[1]), (asked.batch,), generator=random)
        return nn.functional.cross_entropy(network(train[0][chosen]), train[1][chosen])

    def record(step: int) -> None:
        rows.extend(_norms(network, choice, probes, step))

    rows: list[dict[str, Any]] = []
    record(0)
    steps, rate = asked.training_steps, asked.learning_rate
    every = max(1, steps // asked.records)
    losses = fit(network.parameters(), loss, steps, rate, every=every, callback=record, label=choice.label)
    return rows, losses


def spirals(points: int, turns: float, noise: float, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Two spirals of opposite sign, (points, 4) with zeros between, and labels (points,)."""
    share = torch.rand(points, generator=generator).sqrt()
    labels = torch.arange(points) % 2
    angle = 2 * np.pi * turns * share + np.pi * labels
    plane = share[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)
    plane = plane + noise * torch.randn(plane.shape, generator=generator)
    zero = torch.zeros(points)
    return torch.stack([plane[:, 0], zero, plane[:, 1], zero], dim=1), labels


def _norms(network: Network, choice: Blocks, x: Tensor, step: int) -> list[dict[str, Any]]:
    """By the chain rule from the last block backwards, in double precision."""
    size, depth = len(choice.layers), choice.depth
    chain = copy_for_evaluation(network).requires_grad_(False).chain()
    blocks = [nn.Sequential(*chain[k * size : (k + 1) * size]) for k in range(depth)]
    states = list(accumulate(blocks, lambda state, block: block(state), initial=x[:PROBES].double()))
    product = torch.eye(DIMENSION, dtype=torch.float64).expand(PROBES, -1, -1)
    rows = []
    for block in reversed(range(depth)):
        product = product @ jacobians(blocks[block], states[block])
        norms = torch.linalg.matrix_norm(product, ord=2)
        values = {"smallest": float(norms.min()), "mean": float(norms.log().mean().exp())}
        rows.append({"network": choice.label, "step": step, "block": block + 1, **values})
    return rows


def _summary(norms: pd.DataFrame, accuracy: pd.DataFrame) -> dict[str, float]:
    summary: dict[str, float] = {}
    for name, own in norms.groupby("network", sort=False):
        summary[f"smallest/{name}"] = own["smallest"].min()
        last = own[(own["block"] == 1) & (own["step"] == own["step"].max())]
        summary[f"first/{name}"] = float(last["mean"].iloc[0])
    return summary | keyed(accuracy, ["network"], "accuracy")
