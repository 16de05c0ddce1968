"""Study: a network that has learnt one step of a flow, iterated far beyond what it has seen.

The data are pairs (x, phi_h(x)) of the harmonic oscillator, H = |x|^2 / 2 (Murari2025, figure 2).
"""

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from geoflow.ground.answer import Answer, Progress, Tools
from geoflow.learning.fitting import fit
from geoflow.learning.trials import INITIAL, ORDER, stream
from geoflow.networks.jacobian import jacobians
from geoflow.networks.network import Network, build, settled
from geoflow.studies.robust.blocks import Blocks
from geoflow.studies.robust.learned_flow.config import LearnedFlow

TEST = 1000


def study(asked: LearnedFlow, tools: Tools) -> Answer:
    """Train each network = {label, layers, depth}, `layers` making one block, with each seed, and roll it out.

    points: pairs to learn from, in the disc of `radius`; time: of the run from (1, 0), whose energy
    is 1/2. Tables: runs (network, seed, t, q, p, energy), constants (network, seed, parameters,
    test_error: the root mean square over new points, area: the largest | |det J| - 1 | there).
    Summary, over the seeds: lowest/<network> and highest/<network> energy, drift/<network>: the
    largest |H - 1/2|; trend/<network> and least_trend/<network>: the largest and the smallest
    difference of the mean energies in the last and in the first tenth of a run;
    test_error/<network>: the mean; area/<network>: the largest; parameters/<network>.
    """
    runs, constants = [], []
    jobs = [(choice, seed) for choice in asked.networks for seed in asked.seeds]
    for choice, seed in tools.progress(jobs, "networks"):
        network = _trained(
            choice,
            asked.h,
            asked.radius,
            asked.points,
            asked.training_steps,
            asked.batch,
            asked.learning_rate,
            seed,
            tools.progress,
        )
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
    angle, share = (
        2 * np.pi * torch.rand(points, generator=generator),
        torch.rand(points, generator=generator),
    )
    return radius * share.sqrt()[:, None] * torch.stack([angle.cos(), angle.sin()], dim=1)


def rotated(x: Tensor, h: float) -> Tensor:
    """The exact flow: q' = p, p' = -q."""
    q, p = x.T
    return torch.stack([np.cos(h) * q + np.sin(h) * p, np.cos(h) * p - np.sin(h) * q], dim=1)


def _trained(
    choice: Blocks,
    h: float,
    radius: float,
    points: int,
    steps: int,
    batch: int,
    learning_rate: float,
    seed: int,
    progress: Progress,
) -> Network:
    network = build(choice.layers * choice.depth, 2, stream(seed, INITIAL))
    random = stream(seed, ORDER)
    x = disc(points, radius, random)
    y = rotated(x, h)

    def loss() -> Tensor:
        rows = torch.randint(points, (batch,), generator=random)
        error: Tensor = (network(x[rows]) - y[rows]).square().sum(dim=1).mean()
        return error

    label = f"{choice.label}, seed {seed}"
    fit(network.parameters(), loss, steps, learning_rate, progress=progress, label=label)
    return settled(network).requires_grad_(False)


def _rolled_out(network: Network, h: float, time: float) -> pd.DataFrame:
    states = [torch.tensor([[1.0, 0.0]], dtype=torch.float64)]
    for _ in range(round(time / h)):
        states.append(network(states[-1]))
    q, p = torch.cat(states).numpy().T
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
