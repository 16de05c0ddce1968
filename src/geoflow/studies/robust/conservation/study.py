"""Study: a network that has learnt the time-1 map of an epidemic, with and without its mass.

x' = (-x_1 x_2, x_1 x_2 - x_2, x_2) keeps x_1 + x_2 + x_3 (Murari2025, figure 4).
"""

from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from geoflow.ground.answer import Answer, Tools
from geoflow.integrators import METHODS
from geoflow.integrators.step import one_step
from geoflow.learning.fitting import fit
from geoflow.learning.trials import INITIAL, ORDER, stream
from geoflow.networks.network import Network, build, settled
from geoflow.problems import PROBLEMS
from geoflow.studies.robust.blocks import Blocks
from geoflow.studies.robust.conservation.config import Conservation

STEPS, TEST = 20, 500  # of RK4 in one unit of time; states to test on


def study(asked: Conservation, tools: Tools) -> Answer:
    """Train each network = {label, layers, depth} with each seed on pairs (x, phi_1(x)).

    The states are shares: positive, of sum 1. Tables: runs (network, seed, t, component, value,
    mass_error), iterated to `time` from nine tenths susceptible and one tenth infected, with the
    network `exact` among them; constants (network, seed, error, mass_error): the root mean square
    over new states, and the largest change of the sum there.
    Summary, the largest over the seeds: error/<network>, mass_error/<network>, and
    iterated_mass/<network>: the largest change of the sum in a run.
    """
    start = torch.tensor([[0.9, 0.1, 0.0]], dtype=torch.float64)
    runs = [_rows(_iterated(exact_map, start, asked.time), "exact", 0)]
    constants = []
    for choice, seed in tools.progress(
        [(c, s) for c in asked.networks for s in asked.seeds], "networks"
    ):
        network = _trained(
            choice, asked.points, asked.training_steps, asked.batch, asked.learning_rate, seed
        )
        runs.append(_rows(_iterated(network, start, asked.time), choice.label, seed))
        x = shares(TEST, stream(seed + 1, ORDER))
        y = network(x)
        error = float((y - exact_map(x)).square().sum(dim=1).mean().sqrt())
        lost = float((y.sum(dim=1) - x.sum(dim=1)).abs().max())
        constants.append({"network": choice.label, "seed": seed})
        constants[-1] |= {"error": error, "mass_error": lost}
    tables = {"runs": pd.concat(runs, ignore_index=True), "constants": pd.DataFrame(constants)}
    summary: dict[str, float] = {}
    for name, own in tables["constants"].groupby("network", sort=False):
        run = tables["runs"][tables["runs"]["network"] == name]
        summary[f"error/{name}"] = own["error"].max()
        summary[f"mass_error/{name}"] = own["mass_error"].max()
        summary[f"iterated_mass/{name}"] = run["mass_error"].max()
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


def _trained(
    choice: Blocks, points: int, steps: int, batch: int, learning_rate: float, seed: int
) -> Network:
    network = build(choice.layers * choice.depth, 3, stream(seed, INITIAL))
    random = stream(seed, ORDER)
    exact = shares(points, random)
    x, y = exact.float(), exact_map(exact).float()

    def loss() -> Tensor:
        rows = torch.randint(points, (batch,), generator=random)
        error: Tensor = (network(x[rows]) - y[rows]).square().sum(dim=1).mean()
        return error

    fit(network.parameters(), loss, steps, learning_rate, label=f"{choice.label}, seed {seed}")
    return settled(network).requires_grad_(False)


def _iterated(phi: Any, start: Tensor, time: int) -> Tensor:
    states = [start]
    for _ in range(time):
        states.append(phi(states[-1]))
    return torch.cat(states)


def _rows(states: Tensor, network: str, seed: int) -> pd.DataFrame:
    lost = (states.sum(dim=1) - states[0].sum()).abs()
    return pd.DataFrame(
        [
            {"network": network, "seed": seed, "t": t, "component": f"x{i + 1}"}
            | {"value": float(state[i]), "mass_error": float(lost[t])}
            for t, state in enumerate(states)
            for i in range(3)
        ]
    )
