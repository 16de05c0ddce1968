"""Test of the Lipschitz bounds of layers with random weights, and of the norms of convolutions."""

import math
from itertools import product

import pandas as pd
import torch

from geoflow.ground import Answer, Tools
from geoflow.layers import LAYERS
from geoflow.layers.linear import Convolution
from geoflow.learning.trials import ATTACKS, INITIAL, stream
from geoflow.measure.keyed import keyed
from geoflow.networks.jacobian import largest_jacobian_norm
from geoflow.studies.robust.bounds.config import Bounds

STARTS, POWER_STEPS = 32, 100


def study(asked: Bounds, tools: Tools) -> Answer:
    """Draw N(0, size^2) weights for every layer and search its largest Jacobian norm; compute norms of convolutions."""
    rows = [
        {"layer": name, "size": size, "seed": seed, **_searched(name, asked.dimension, size, seed)}
        for name in tools.progress(list(asked.layers) or sorted(LAYERS), "layers")
        for seed, size in product(asked.seeds, asked.sizes)
    ]
    shapes = [(*kernel, seed) for kernel in asked.kernels for seed in asked.seeds]
    norms = [_norms(*shape) for shape in tools.progress(shapes, "convolutions")]
    tables = {"layers": pd.DataFrame(rows), "convolutions": pd.DataFrame(norms)}
    return Answer(tables, _summary(tables["layers"], tables["convolutions"]))


def _searched(name: str, dimension: int, size: float, seed: int) -> dict[str, float]:
    generator = stream(seed, INITIAL)
    height = next(n for n in range(math.isqrt(dimension), 0, -1) if dimension % n == 0)
    layer = LAYERS[name]((1, height, dimension // height), generator=generator).double()
    with torch.no_grad():
        for parameter in layer.parameters():
            drawn = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
            parameter.copy_(size * drawn)
    layer.eval()
    starts = torch.randn(STARTS, dimension, generator=generator, dtype=torch.float64)
    found = largest_jacobian_norm(layer, starts, stream(seed, ATTACKS))
    bound = layer.lipschitz_bound()
    return {"non_expansive": layer.non_expansive, "bound": bound, "found": found}


def _norms(channels: int, kernel: int, pixels: int, seed: int) -> dict[str, float]:
    generator = stream(seed, INITIAL)
    dimension = channels * pixels**2
    one = Convolution((channels, pixels, pixels), channels, kernel, generator=generator).double()
    with torch.no_grad():
        x = torch.randn(1, dimension, generator=generator, dtype=torch.float64)
        for _ in range(POWER_STEPS):
            x = one.adjoint(one(x / x.norm()))
        found = float(one(x / x.norm()).norm())
        reshaped = float(torch.linalg.matrix_norm(one.weight.flatten(1), ord=2))
    shape = {"channels": channels, "kernel": kernel, "pixels": pixels, "seed": seed}
    return {**shape, "torus": one.upper(), "found": found, "reshaped": reshaped}


def _summary(layers: pd.DataFrame, convolutions: pd.DataFrame) -> dict[str, float]:
    ratio = layers["found"] / layers["bound"]
    summary = {
        "layers": float(layers["layer"].nunique()),
        "excess": ratio.max(),
        "largest_bound": layers.loc[layers["non_expansive"], "bound"].max(),
    }
    summary |= keyed(layers.assign(tightness=ratio).groupby("layer").max(), ["layer"], "tightness")
    found = convolutions["found"]
    summary["torus_excess"] = (found / convolutions["torus"]).max()
    summary["torus_slack"] = (convolutions["torus"] / found).max()
    summary["reshaped_excess"] = (found / convolutions["reshaped"]).max()
    first = convolutions[convolutions["seed"] == convolutions["seed"].iloc[0]]
    for kind in ("torus", "found", "reshaped"):
        for channels, value in zip(first["channels"], first[kind], strict=True):
            summary.setdefault(f"{kind}/{channels}", value)
    return summary
