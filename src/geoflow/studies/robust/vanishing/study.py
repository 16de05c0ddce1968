"""Study: vanishing gradients. What reaches an early layer of a deep network from its output.

Two classes in R^2, embedded in a larger space (Murari2025, figures 5 and 6; MurariCode2025).
"""

from itertools import accumulate
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Generator, Tensor, nn

from geoflow.ground import Answer, Tools
from geoflow.learning.together import fit_together
from geoflow.learning.trials import ORDER, stream
from geoflow.measure.keyed import long_form, over_seeds
from geoflow.networks.jacobian import jacobians
from geoflow.networks.network import Network, copy_for_evaluation
from geoflow.studies.robust.blocks import Blocks
from geoflow.studies.robust.maps import built
from geoflow.studies.robust.vanishing.config import Vanishing

REACH = np.linspace(-1.4, 1.4, 71)


def study(asked: Vanishing, tools: Tools) -> Answer:
    """Train each network with all seeds; measure the norm of the Jacobian of the last block's output with respect to
    the input of each block at test points."""
    random = [stream(seed, ORDER) for seed in asked.seeds]
    drawn = [DATA[asked.data](asked.points, asked.turns, one) for one in random]
    (x, y), (probes, labels) = ([torch.stack(z) for z in zip(*half, strict=True)] for half in zip(*drawn, strict=True))
    points = pd.DataFrame({"u": probes[0, :, 0], "v": probes[0, :, 1], "label": labels[0]})
    x, probes = _embedded(asked, x), _embedded(asked, probes)
    grid = _embedded(asked, torch.tensor(np.stack(np.meshgrid(REACH, REACH, indexing="ij"), axis=-1)).flatten(0, 1))
    norms, rows, planes = [], [], []
    for choice in tools.progress(asked.networks, "networks"):
        networks, recorded, losses = _watched(asked, choice, x, y, probes, tools)
        for network, seed, loss, own, test, right in zip(
            networks, asked.seeds, losses.tolist(), recorded, probes, labels, strict=True
        ):
            norms.append(frame := pd.DataFrame(own).assign(network=choice.label, seed=seed))
            exact = copy_for_evaluation(network).requires_grad_(False)
            logit = exact(test.double())[:, -1]
            shares = {
                key: float(((logit >= at) == right).double().mean()) for key, at in (("accuracy", 0), ("late", 0.5))
            }
            first = frame[frame["block"] == 1].sort_values("step")["mean"]
            ends = {"smallest": frame["smallest"].min(), "peak": frame["mean"].max()}
            ends |= {"start": first.iloc[0], "end": first.iloc[-1], "loss": loss}
            rows.append({"network": choice.label, "seed": seed, **shares, **ends})
            if seed == asked.seeds[0]:
                plane = long_form({"u": REACH, "v": REACH}, logit=exact(grid.double())[:, -1])
                planes.append(plane.assign(network=choice.label))
    jacobian, accuracy = pd.concat(norms), pd.DataFrame(rows)
    tables = {"jacobians": jacobian, "accuracy": accuracy, "plane": pd.concat(planes), "points": points}
    return Answer(tables, over_seeds(accuracy))


def _embedded(asked: Vanishing, plane: Tensor) -> Tensor:
    x = torch.zeros(*plane.shape[:-1], asked.dimension, dtype=plane.dtype)
    x[..., asked.places] = plane
    return x


def _watched(
    asked: Vanishing, choice: Blocks, x: Tensor, y: Tensor, probes: Tensor, tools: Tools
) -> tuple[list[Network], list[list[dict[str, Any]]], Tensor]:
    """The trained networks, their norms before and during the training, and their last losses."""
    last = [{"layer": "dense", "out": asked.logits, "cap": None}] if asked.logits else []
    networks = built(asked, [*choice.layers * choice.depth, *last], asked.dimension, asked.seeds)
    size = len(choice.layers)

    def loss(outputs: Tensor, y: Tensor, weights: dict[str, Tensor]) -> Tensor:
        total = nn.functional.binary_cross_entropy_with_logits(outputs[:, -1], y.to(outputs))
        return total + asked.smoothness * _roughness(weights, size, choice.depth) if asked.smoothness else total

    def record(step: int) -> None:
        for rows, network, test in zip(recorded, networks, probes, strict=True):
            rows += _norms(network, choice, test[: asked.probes], step)

    recorded: list[list[dict[str, Any]]] = [[] for _ in networks]
    record(0)
    random = [stream(seed, ORDER) for seed in asked.seeds]
    losses = fit_together(
        networks, x, y, loss, asked.batch, random, asked.training_steps, asked.learning_rate, schedule=asked.schedule,
        every=max(1, asked.training_steps // asked.records), callback=record, label=choice.label,
        progress=tools.progress,
    )  # fmt: skip
    return networks, recorded, losses


def _roughness(weights: dict[str, Tensor], size: int, depth: int) -> Tensor:
    """Half the squared differences of the weights of consecutive blocks of `size` layers."""
    total = torch.zeros(())
    for name, w in weights.items():
        _, layer, own = name.split(".", 2)
        if int(layer) < size * (depth - 1):
            total = total + (weights[f"layers.{int(layer) + size}.{own}"] - w).square().sum() / 2
    return total


Data = tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]


def spirals(points: int, turns: float, generator: Generator) -> Data:
    """Two spirals of `points` evenly spaced points at the same angles, radii [0, 1] (label 1) and [0.2, 1.2], shuffled;
    one half each."""
    share = torch.arange(points) / points
    radius = torch.linspace(0, 1, points)
    angle = 2 * np.pi * turns * share
    unit = torch.stack([angle.cos(), angle.sin()], dim=1)
    x, y = torch.cat([radius[:, None] * unit, (radius[:, None] + 0.2) * unit]), torch.arange(2 * points) < points
    a, b = torch.randperm(2 * points, generator=generator).split(points)
    return (x[a], y[a].long()), (x[b], y[b].long())


def discs(points: int, turns: float, generator: Generator) -> Data:
    """Directions of U[-1, 1]^2, radii U[0, 0.5] (label 0) or U[0.5, 1]; half as many points to test."""
    drawn = []
    for number in (points, points // 2):
        labels = torch.randint(2, (number,), generator=generator)
        radius = (torch.rand(number, 1, generator=generator) + labels[:, None]) / 2
        direction = 2 * torch.rand(number, 2, generator=generator) - 1
        drawn.append((radius * nn.functional.normalize(direction), labels))
    return drawn[0], drawn[1]


DATA = {"spirals": spirals, "discs": discs}


def _norms(network: Network, choice: Blocks, x: Tensor, step: int) -> list[dict[str, Any]]:
    """By the chain rule from the last block backwards, in double precision."""
    size, depth = len(choice.layers), choice.depth
    chain = copy_for_evaluation(network).requires_grad_(False).chain()
    blocks = [nn.Sequential(*chain[k * size : (k + 1) * size]) for k in range(depth)]
    states = list(accumulate(blocks, lambda state, block: block(state), initial=x.double()))
    product = torch.eye(x.shape[1], dtype=torch.float64).expand(len(x), -1, -1)
    rows = []
    for block in reversed(range(depth)):
        product = product @ jacobians(blocks[block], states[block])
        norms = torch.linalg.matrix_norm(product, ord=2)
        values = {"smallest": float(norms.min()), "mean": float(norms.log().mean().exp())}
        rows.append({"step": step, "block": block + 1, **values})
    return rows
