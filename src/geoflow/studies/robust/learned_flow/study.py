"""Study: a network that has learnt one step of a flow, iterated far beyond what it has seen.

The data are pairs (x, phi_h(x)) of the harmonic oscillator, H = |x|^2 / 2 (Murari2025, figure 2).
"""

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, Tools
from geoflow.learning.trials import ORDER, stream
from geoflow.networks.jacobian import jacobians
from geoflow.networks.network import Network
from geoflow.studies.robust.learned_flow.config import LearnedFlow
from geoflow.studies.robust.maps import iterated, learnt_map

TEST = 1000


def study(asked: LearnedFlow, tools: Tools) -> Answer:
    """Train each network with each seed on pairs (x, phi_h(x)), and roll it out."""
    runs, constants = [], []
    jobs = [(choice, seed) for choice in asked.networks for seed in asked.seeds]
    for choice, seed in tools.progress(jobs, "networks"):
        random = stream(seed, ORDER)
        x = disc(asked.points, asked.radius, random)
        y = rotated(x, asked.h)
        network = learnt_map(asked, choice, x, y, seed, random, tools.progress)
        who = {"network": choice.label, "seed": seed}
        runs.append(_rolled_out(network, asked.h, asked.time).assign(**who))
        x = disc(TEST, asked.radius, stream(seed + 1, ORDER)).double()
        rms = (network(x) - rotated(x, asked.h)).square().sum(dim=1).mean().sqrt()
        determinants = torch.linalg.det(jacobians(network, x))
        size = sum(p.numel() for p in network.parameters())
        area = float((determinants.abs() - 1).abs().max())
        constants.append({**who, "parameters": size, "test_error": float(rms), "area": area})
    tables = {"runs": pd.concat(runs, ignore_index=True), "constants": pd.DataFrame(constants)}
    return Answer(tables, _summary(tables["runs"], tables["constants"]))


def disc(points: int, radius: float, generator: torch.Generator) -> Tensor:
    """Uniform in the disc, (points, 2)."""
    turns, share = torch.rand(points, generator=generator), torch.rand(points, generator=generator)
    angle = 2 * np.pi * turns
    return radius * share.sqrt()[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)


def rotated(x: Tensor, h: float) -> Tensor:
    """The exact flow: q' = p, p' = -q."""
    q, p = x.T
    return torch.stack([np.cos(h) * q + np.sin(h) * p, np.cos(h) * p - np.sin(h) * q], dim=1)


def _rolled_out(network: Network, h: float, time: float) -> pd.DataFrame:
    start = torch.tensor([[1.0, 0.0]], dtype=torch.float64)
    q, p = iterated(network, start, round(time / h)).numpy().T
    return pd.DataFrame({"t": h * np.arange(len(q)), "q": q, "p": p, "energy": (q**2 + p**2) / 2})


def _summary(runs: pd.DataFrame, constants: pd.DataFrame) -> dict[str, float]:
    summary: dict[str, float] = {}
    for name, own in runs.groupby("network", sort=False):
        energy, one = own["energy"], constants[constants["network"] == name]
        summary[f"lowest/{name}"], summary[f"highest/{name}"] = energy.min(), energy.max()
        summary[f"drift/{name}"] = (energy - 0.5).abs().max()
        ends = [_ends(run["energy"]) for _, run in own.groupby("seed")]
        summary[f"trend/{name}"] = max(ends)
        summary[f"least_trend/{name}"] = min(ends)
        summary[f"test_error/{name}"] = one["test_error"].mean()
        summary[f"area/{name}"] = one["area"].max()
        summary[f"parameters/{name}"] = float(one["parameters"].iloc[0])
    return summary


def _ends(energy: pd.Series) -> float:
    tenth = max(1, len(energy) // 10)
    return abs(float(energy.iloc[-tenth:].mean() - energy.iloc[:tenth].mean()))
