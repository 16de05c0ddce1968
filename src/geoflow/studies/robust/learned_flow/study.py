"""Study: a network that has learnt one step of a flow, iterated far beyond what it has seen.

The data are pairs (x, phi_h(x)) of the harmonic oscillator, H = |x|^2 / 2 (Murari2025, figure 2; MurariCode2025).
"""

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, Tools
from geoflow.learning.trials import ORDER, stream
from geoflow.measure.keyed import over_seeds
from geoflow.networks.jacobian import jacobians
from geoflow.networks.network import Network
from geoflow.studies.robust.learned_flow.config import LearnedFlow
from geoflow.studies.robust.maps import iterated, learnt_maps

TEST = 1000


def study(asked: LearnedFlow, tools: Tools) -> Answer:
    """Train each network with all seeds on pairs (x, phi_h(x)), and roll it out."""
    runs, constants = [], []
    for choice in tools.progress(asked.networks, "networks"):
        random = [stream(seed, ORDER) for seed in asked.seeds]
        x = torch.stack([square(asked.points, asked.half, one) for one in random])
        y = torch.stack([rotated(one, asked.h, asked.omega) for one in x])
        networks, losses = learnt_maps(asked, choice, x, y, asked.seeds, random, tools.progress)
        for network, seed, loss in zip(networks, asked.seeds, losses.tolist(), strict=True):
            who = {"network": choice.label, "seed": seed}
            runs.append(run := _rolled_out(network, asked).assign(**who))
            x = square(TEST, asked.half, stream(seed + 1, ORDER)).double()
            rms = (network(x) - rotated(x, asked.h, asked.omega)).square().sum(dim=1).mean().sqrt()
            determinants = torch.linalg.det(jacobians(network, x))
            size = sum(p.numel() for p in network.parameters())
            area = float((determinants.abs() - 1).abs().max())
            energy, tenth = run["energy"], max(1, len(run) // 10)
            ends = {"lowest": energy.min(), "highest": energy.max(), "final": energy.iloc[-1]}
            ends["trend"] = abs(energy.iloc[-tenth:].mean() - energy.iloc[:tenth].mean())
            found = {"parameters": size, "test_error": float(rms), "area": area, "loss": loss}
            constants.append({**who, **found, **ends})
    tables = {"runs": pd.concat(runs, ignore_index=True), "constants": pd.DataFrame(constants)}
    return Answer(tables, over_seeds(tables["constants"]))


def square(points: int, half: float, generator: torch.Generator) -> Tensor:
    """Uniform in the square [-half, half]^2, (points, 2)."""
    return half * (2 * torch.rand(points, 2, generator=generator) - 1)


def rotated(x: Tensor, h: float, omega: float = 1.0) -> Tensor:
    """The exact flow: q' = p, p' = -omega^2 q."""
    (q, p), c, s = x.T, np.cos(omega * h), np.sin(omega * h)
    return torch.stack([c * q + s * p / omega, c * p - s * q * omega], dim=1)


def _rolled_out(network: Network, asked: LearnedFlow) -> pd.DataFrame:
    start = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    q, p = iterated(network, start, round(asked.time / asked.h)).numpy().T
    energy = ((asked.omega * q) ** 2 + p**2) / 2
    return pd.DataFrame({"t": asked.h * np.arange(len(q)), "q": q, "p": p, "energy": energy})
