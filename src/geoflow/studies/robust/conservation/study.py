"""Study: a network that has learnt the time-1 map of an epidemic, with and without its mass.

x' = (-x_1 x_2, x_1 x_2 - x_2, x_2) keeps x_1 + x_2 + x_3 (Murari2025, figure 4).
"""

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, Tools
from geoflow.integrators import METHODS
from geoflow.integrators.step import one_step
from geoflow.learning.trials import ORDER, stream
from geoflow.measure.keyed import keyed, long_form
from geoflow.problems import PROBLEMS
from geoflow.studies.robust.conservation.config import Conservation
from geoflow.studies.robust.maps import iterated, learnt_map

STEPS, TEST = 20, 500  # of RK4 in one unit of time; states to test on


def study(asked: Conservation, tools: Tools) -> Answer:
    """Train each network with each seed on pairs (x, phi_1(x)), and iterate it."""
    start = torch.tensor([[0.9, 0.1, 0.0]], dtype=torch.float64)
    runs = [_rows(iterated(exact_map, start, asked.time), "exact", 0)]
    constants = []
    jobs = [(choice, seed) for choice in asked.networks for seed in asked.seeds]
    for choice, seed in tools.progress(jobs, "networks"):
        random = stream(seed, ORDER)
        exact = shares(asked.points, random)
        pairs = exact.float(), exact_map(exact).float()
        network = learnt_map(asked, choice, *pairs, seed, random, tools.progress)
        runs.append(_rows(iterated(network, start, asked.time), choice.label, seed))
        x = shares(TEST, stream(seed + 1, ORDER))
        y = network(x)
        error = float((y - exact_map(x)).square().sum(dim=1).mean().sqrt())
        lost = float((y.sum(dim=1) - x.sum(dim=1)).abs().max())
        who = {"network": choice.label, "seed": seed}
        constants.append({**who, "error": error, "mass_error": lost})
    tables = {"runs": pd.concat(runs, ignore_index=True), "constants": pd.DataFrame(constants)}
    largest = tables["constants"].groupby("network", sort=False)[["error", "mass_error"]].max()
    summary = keyed(largest, ["network"], "error", "mass_error")
    in_runs = tables["runs"].groupby("network", sort=False)["mass_error"].max().drop("exact")
    summary |= keyed(in_runs, ["network"], iterated_mass="mass_error")
    return Answer(tables, summary)


def shares(number: int, generator: torch.Generator) -> Tensor:
    """Uniform on the triangle of positive shares of sum 1, (number, 3)."""
    drawn = -torch.rand(number, 3, generator=generator, dtype=torch.float64).clamp(min=1e-12).log()
    return drawn / drawn.sum(dim=1, keepdim=True)


def exact_map(x: Tensor) -> Tensor:
    """phi_1(x) for states (N, 3): RK4 with STEPS steps, whose error is far below that of a network."""
    problem = PROBLEMS["sir"](infection=1.0, recovery=1.0)
    phi, y = one_step(METHODS["rk4"], problem), x.numpy().T
    for n in range(STEPS):
        y = phi(n / STEPS, np.asarray(y), 1 / STEPS)
    return torch.tensor(np.asarray(y).T)


def _rows(states: Tensor, network: str, seed: int) -> pd.DataFrame:
    lost = (states.sum(dim=1, keepdim=True) - states[0].sum()).abs().expand(states.shape)
    frame = long_form({"t": range(len(states)), "component": ["x1", "x2", "x3"]}, value=states, mass_error=lost)
    return frame.assign(network=network, seed=seed)
