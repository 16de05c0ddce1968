"""Study: a network that has learnt the time-1 map of an epidemic, with and without its mass.

x' = (-x_1 x_2, x_1 x_2 - x_2, x_2) keeps x_1 + x_2 + x_3 (Murari2025, figure 4).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, Tools
from geoflow.integrators import METHODS
from geoflow.integrators.step import one_step
from geoflow.learning.trials import ORDER, stream
from geoflow.measure.keyed import long_form, over_seeds
from geoflow.problems import PROBLEMS
from geoflow.studies.robust.conservation.config import Conservation
from geoflow.studies.robust.maps import iterated, learnt_maps

STEPS, TEST = 20, 500  # of RK4 in one unit of time; states to test on


def study(asked: Conservation, tools: Tools) -> Answer:
    """Train each network with all seeds on pairs (x, phi_1(x)), and iterate it."""
    start = torch.tensor([[0.9, 0.1, 0.0]], dtype=torch.float64)
    if asked.starts:
        start = shares(asked.starts, stream(asked.seeds[0] + 2, ORDER), asked.cube)
    runs, constants = [_rows(exact_map, start, asked.time, "exact", 0)], []
    for choice in tools.progress(asked.networks, "networks"):
        random = [stream(seed, ORDER) for seed in asked.seeds]
        x = torch.stack([shares(asked.points, one, asked.cube) for one in random])
        y = torch.stack([exact_map(one) for one in x])
        networks, _ = learnt_maps(asked, choice, x, y, asked.seeds, random, tools.progress)
        for network, seed in zip(networks, asked.seeds, strict=True):
            runs.append(run := _rows(network, start, asked.time, choice.label, seed))
            x = shares(TEST, stream(seed + 1, ORDER), asked.cube)
            y = network(x)
            squares = (y - exact_map(x)).square()
            found = {"error": float(squares.sum(dim=1).mean().sqrt()), "mse": float(squares.mean())}
            lost = {"mass_error": float((y.sum(dim=1) - x.sum(dim=1)).abs().max())}
            lost["iterated_mass"] = float(run["mass_error"].max())
            constants.append({"network": choice.label, "seed": seed, **found, **lost})
    tables = {"runs": pd.concat(runs, ignore_index=True), "constants": pd.DataFrame(constants)}
    return Answer(tables, over_seeds(tables["constants"]))


def shares(number: int, generator: torch.Generator, cube: bool = False) -> Tensor:
    """Positive shares of sum 1, (number, 3): uniform on their triangle, or U[0, 1]^3 over the sum of the three."""
    drawn = torch.rand(number, 3, generator=generator, dtype=torch.float64)
    drawn = drawn if cube else -drawn.clamp(min=1e-12).log()
    return drawn / drawn.sum(dim=1, keepdim=True)


def exact_map(x: Tensor) -> Tensor:
    """phi_1(x) for states (N, 3): RK4 with STEPS steps, whose error is far below that of a network."""
    problem = PROBLEMS["sir"](infection=1.0, recovery=1.0)
    phi, y = one_step(METHODS["rk4"], problem), x.numpy().T
    for n in range(STEPS):
        y = phi(n / STEPS, np.asarray(y), 1 / STEPS)
    return torch.tensor(np.asarray(y).T)


def _rows(phi: Callable[[Tensor], Tensor], starts: Tensor, time: int, network: str, seed: int) -> pd.DataFrame:
    frames = []
    for number, start in enumerate(starts):
        states = iterated(phi, start[None], time)
        lost = (states.sum(dim=1, keepdim=True) - states[0].sum()).abs().expand(states.shape)
        axes = {"t": range(len(states)), "component": ["x1", "x2", "x3"]}
        frames.append(long_form(axes, value=states, mass_error=lost).assign(start=number))
    return pd.concat(frames).assign(network=network, seed=seed)
