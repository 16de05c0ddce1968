"""Study: a Hamiltonian learnt from short orbits through the steps of a splitting (MurariCode2025)."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import torch
from scipy.integrate import solve_ivp
from torch import Generator, Tensor, nn

from geoflow.ground import Answer, Tools
from geoflow.learning.together import shuffled
from geoflow.learning.training import fit
from geoflow.learning.trials import INITIAL, ORDER, stream
from geoflow.measure.keyed import long_form, over_seeds
from geoflow.studies.robust.learned_hamiltonian.config import LearnedHamiltonian, Learner

MASS = torch.tensor([[5.0, -1.0], [-1.0, 5.0]], dtype=torch.float64)
TIMES, SECTION = 21, 0.4


class Hamiltonians(nn.Module):
    """One V(q) + |A^T p|^2 / 2 per generator; q, p (seeds, N, 2). Weights as torch draws them; A from N(0, 1)."""

    def __init__(self, widths: Sequence[int], random: Sequence[Generator]) -> None:
        super().__init__()

        def drawn(*shape: int, fan_in: int) -> nn.Parameter:
            unit = torch.stack([torch.rand(*shape, generator=one) for one in random])
            return nn.Parameter((2 * unit - 1) / fan_in**0.5)

        sizes = list(pairwise([2, *widths]))
        self.A = nn.Parameter(torch.stack([torch.randn(2, 2, generator=one) for one in random]))
        self.W = nn.ParameterList(drawn(a, b, fan_in=a) for a, b in sizes)
        self.b = nn.ParameterList(drawn(1, b, fan_in=a) for a, b in sizes)
        self.w = drawn(1, widths[-1], fan_in=widths[-1])

    def inner(self, q: Tensor) -> list[Tensor]:
        """States of q and the inner layers of V."""
        states = [q]
        for W, b in zip(self.W, self.b, strict=True):
            states.append(torch.baddbmm(b, states[-1], W).tanh())
        return states

    def force(self, q: Tensor) -> Tensor:
        """-V'(q) by the chain rule."""
        gradient = -self.w
        for W, x in zip(reversed(list(self.W)), reversed(self.inner(q)), strict=False):
            gradient = (gradient - gradient * x * x) @ W.mT
        return gradient

    def forward(self, x: Tensor, h: float, steps: int, first_kick: float) -> Tensor:
        """States (seeds, N, steps, 4) after each step of size h from x (seeds, N, 4): kick, drift, kick."""
        (q, p), states = x.chunk(2, dim=2), []
        drift, force = h * self.A @ self.A.mT, self.force(q)
        for _ in range(steps):
            p = p + first_kick * h * force
            q = q + p @ drift
            force = self.force(q)
            p = p + (1 - first_kick) * h * force
            states.append(torch.cat([q, p], dim=2))
        return torch.stack(states, dim=2)


def study(asked: LearnedHamiltonian, tools: Tools) -> Answer:
    """Learn with each splitting, all seeds at once; compare orbits, mass matrix and potential with the exact ones."""
    random = [stream(seed, ORDER) for seed in asked.seeds]
    x, tests = (
        2 * torch.stack([torch.rand(n, 4, generator=one, dtype=torch.float64) for one in random]) - 1
        for n in (asked.points, asked.tests)
    )
    y = orbits(exact_force, MASS, x, asked.h * np.arange(asked.samples + 1))[:, :, 1:]
    times, line = np.linspace(0, asked.time, TIMES), np.linspace(-1, 1, 101)
    section = torch.tensor(np.stack([line, np.full_like(line, SECTION)], axis=1)).expand(len(random), -1, -1)
    true, exact = orbits(exact_force, MASS, tests, times), (line**4 + SECTION**4) / 4 + (line**2 + SECTION**2) / 2
    constants, errors, potentials = [], [], []
    for choice in tools.progress(asked.networks, "networks"):
        H, loss = _learnt(asked, choice, x, y, tools)
        M, seeds, who = H.A @ H.A.mT, {"seed": asked.seeds}, {"network": choice.label}
        squares = (orbits(H.force, M, tests, times) - true).square()
        V = (H.inner(section)[-1] * H.w).sum(dim=2).numpy() - exact
        V -= V[:, :1]
        found = {"loss": loss, "mse": squares.mean(dim=(1, 2, 3)), "diagonal": M[:, 0, 0], "off_diagonal": M[:, 0, 1]}
        constants.append(long_form(seeds, **found, potential_error=abs(V).max(axis=1)).assign(**who))
        errors.append(long_form({**seeds, "t": times}, error=squares.mean(dim=(1, 3)).sqrt()).assign(**who))
        potentials.append(long_form({**seeds, "q": line}, error=V).assign(**who))
    table = pd.concat(constants)
    tables = {"constants": table, "errors": pd.concat(errors), "potential": pd.concat(potentials)}
    return Answer(tables, over_seeds(table))


def _learnt(
    asked: LearnedHamiltonian, choice: Learner, x: Tensor, y: Tensor, tools: Tools
) -> tuple[Hamiltonians, Tensor]:
    """Learn from x (seeds, N, 4) and y (seeds, N, samples, 4) in single precision; returns the Hamiltonians in double
    precision and their losses over all data (seeds,)."""
    H = Hamiltonians(asked.widths, [stream(seed, INITIAL) for seed in asked.seeds])
    batches = shuffled(asked.points, asked.batch, [stream(seed, ORDER) for seed in asked.seeds])
    own = torch.arange(len(x))[:, None]

    def losses(x: Tensor, y: Tensor) -> Tensor:
        return (H(x, asked.h, asked.samples, choice.first_kick) - y).square().mean(dim=(1, 2, 3))

    def loss() -> Tensor:
        rows = next(batches)
        return losses(x[own, rows].float(), y[own, rows].float()).sum()

    given = (H.parameters(), loss, choice.training_steps, asked.learning_rate)
    schedule = {**asked.schedule, "total_steps": choice.training_steps}
    fit(*given, schedule=schedule, progress=tools.progress, label=choice.label)
    H.requires_grad_(False).double()
    return H, losses(x, y)


def exact_force(q: Tensor) -> Tensor:
    """-V'(q) of the system to be learnt."""
    return -(q**3) - q


def orbits(force: Callable[[Tensor], Tensor], mass: Tensor, starts: Tensor, times: Any) -> Tensor:
    """Solve q' = mass p, p' = force(q) from starts (seeds, N, 4); returns (seeds, N, times, 4)."""

    def slope(t: float, z: Any) -> Any:
        q, p = torch.from_numpy(z).view(starts.shape).chunk(2, dim=2)
        return torch.cat([p @ mass, force(q)], dim=2).flatten().numpy()

    run = solve_ivp(slope, (0, times[-1]), starts.flatten().numpy(), "DOP853", times, rtol=1e-11, atol=1e-13)
    return torch.from_numpy(run.y).view(*starts.shape, len(times)).mT
