"""Lipschitz constant of one gradient-flow layer: sampled, searched over its weights, and proved."""

from typing import Any

import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, Tools
from geoflow.layers.gradient_flow import GradientFlow
from geoflow.layers.linear import Matrix
from geoflow.measure.expansion import require
from geoflow.measure.keyed import keyed
from geoflow.studies.contractivity.layer_constants.config import LayerConstants
from geoflow.theory.performance import SOLVED, worst_case

LEARNING_RATE = 0.03
NEAR = 1e-3  # distance of a sampled pair, relative to the size of the inputs


def study(asked: LayerConstants, tools: Tools) -> Answer:
    """Compute all constants with float64 inputs and weights, and layers in evaluation mode."""
    require(asked.schemes, asked.points + 1, asked.restarts + 1, asked.iterations + 1)
    rows: list[dict[str, Any]] = []
    pairs = [(scheme, c) for scheme in asked.schemes for c in asked.relative_steps]
    for scheme, c in tools.progress(pairs, "layers"):
        generator = torch.Generator().manual_seed(asked.seed)
        sampled = searched = 0.0
        for restart in range(asked.restarts):
            layer = GradientFlow(
                asked.dimension, asked.hidden, scheme=scheme, relative_step=c, generator=generator
            ).double()
            # Biases that deactivate a few neurons, or none, because both can be the worst case.
            layer.b.data.normal_(std=2.0, generator=generator)
            layer.b.data += 2.0 * (restart % 2)
            x, y = _pairs(layer, asked.points, generator)
            sampled = max(sampled, _largest_ratio(layer, x, y))
            searched = max(searched, _climb(layer, x, y, asked.iterations))
        worst = worst_case(layer.method, 2 * layer.radius * c)
        searched = max(sampled, searched)
        row = {"method": scheme, "relative_step": float(c), "sampled": sampled, "searched": searched}
        proof = {"proved": worst.factor, "bound": layer.lipschitz_bound(), "status": worst.status}
        rows.append({**row, **proof})
    table = pd.DataFrame(rows)
    return Answer({"constants": table}, _summary(table))


def _pairs(layer: GradientFlow, points: int, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Sample pairs that are alternately distant, close, and close along the first right singular vector of A."""
    x, y = torch.randn(2, points, layer.dimension, generator=generator, dtype=torch.float64)
    stretched = torch.linalg.svd(_weight(layer).detach()).Vh[0]
    kind = torch.arange(points)[:, None] % 3
    return x, torch.where(kind == 0, y, x + NEAR * torch.where(kind == 1, y, stretched))


def _weight(layer: GradientFlow) -> Tensor:
    assert isinstance(layer.A, Matrix)  # the layers here are dense
    return layer.A.weight


def _ratios(layer: GradientFlow, h: Any, x: Tensor, y: Tensor) -> Tensor:
    fx, fy = (layer.method.step(layer.field, 0.0, z, h) for z in (x, y))
    return (fx - fy).norm(dim=1) / (x - y).norm(dim=1)


@torch.no_grad()
def _largest_ratio(layer: GradientFlow, x: Tensor, y: Tensor) -> float:
    """Largest ratio of the layer in evaluation mode with its own step size."""
    layer.eval()
    return float(((layer(x) - layer(y)).norm(dim=1) / (x - y).norm(dim=1)).max())


def _climb(layer: GradientFlow, x: Tensor, y: Tensor, iterations: int) -> float:
    """Maximise by Adam over weights and pairs, with h depending on ||A||; returns the final largest ratio."""
    x, y = x.clone().requires_grad_(), y.clone().requires_grad_()
    weight = _weight(layer)
    ascent = torch.optim.Adam([weight, layer.b, x, y], lr=LEARNING_RATE, maximize=True)
    for _ in range(iterations):
        ascent.zero_grad()
        h = layer.relative_step * 2 * layer.radius / torch.linalg.matrix_norm(weight, ord=2) ** 2
        ratios = _ratios(layer, h, x, y)
        # The soft maximum moves all pairs, and the weights mainly follow the largest ratios.
        torch.logsumexp(50 * ratios, dim=0).backward()
        ascent.step()
    return _largest_ratio(layer, x.detach(), y.detach())


def _summary(table: pd.DataFrame) -> dict[str, float]:
    quantities = ["sampled", "searched", "proved", "bound"]
    summary = keyed(table, ["method", "relative_step"], *quantities)
    seen = table[["sampled", "searched"]].sub(table["proved"], axis=0).max().max()
    within = table[table["relative_step"] <= 1]
    summary["disorder"] = float(max(seen, (table["proved"] - table["bound"]).max()))
    summary["above_one"] = float(within[quantities].max().max() - 1)
    summary["failures"] = float((table["status"] != SOLVED).sum())
    return summary
