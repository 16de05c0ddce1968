"""The limit of infinite depth: layers are steps, weights are functions of time (E2017).

The weights theta(t), 0 <= t <= 1, are polynomials; a network of n layers is n steps of a method for
x' = B(t)^T tanh(A(t) x + b(t)), and its outputs converge like h^p, h = 1/n.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.polynomial import legendre
from torch import Tensor, nn

from geoflow.ground import Answer, Progress, Tools
from geoflow.integrators import METHODS
from geoflow.integrators.families import RungeKutta
from geoflow.learning.datasets import Split, two_moons_split
from geoflow.learning.training import fit
from geoflow.learning.trials import INITIAL, stream
from geoflow.measure.gradient_step import runge_kutta
from geoflow.measure.orders import fit_line
from geoflow.problems.elementary import tanh
from geoflow.studies.robust.depth_limit.config import DepthLimit

Weights = tuple[Any, Any, Any]  # A (hidden, d), B (hidden, d), b (hidden, 1)
DIMENSION, REFERENCE = 4, 1024  # dimension of the lifted state; number of RK4 layers of the reference
FINEST, ROUND_OFF = 3, 1e-12  # number of depths in the fit of a slope, and lower limit of their errors
SHOWN, MOMENTS = 12, 65  # number of drawn paths, and of states per path


class WeightFunctions(nn.Module):
    """Weights theta(t) = sum_k theta_k P_k(2 t - 1) for k up to `degree`, P_k the Legendre polynomials."""

    def __init__(self, hidden: int, degree: int, generator: torch.Generator) -> None:
        super().__init__()
        self.hidden, self.degree = hidden, degree
        start = torch.randn(degree + 1, hidden, 2 * DIMENSION + 1, generator=generator).double()
        decay = 1 / (1 + torch.arange(degree + 1.0, dtype=torch.float64)) / DIMENSION**0.5
        self.theta = nn.Parameter(start * decay[:, None, None])
        self.last = nn.Parameter(torch.randn(2, DIMENSION, generator=generator).double())

    def running_cost(self) -> Tensor:
        """Running cost int_0^1 |theta(t)|^2 dt, from the norms of the polynomials."""
        squares = self.theta.square().sum(dim=(1, 2))
        return (squares / (2 * torch.arange(len(squares)) + 1)).sum()

    def at(self, t: float, theta: Any = None) -> Weights:
        """Evaluate A(t), B(t), b(t), for the own coefficients or given ones, which can be NumPy arrays."""
        theta = self.theta if theta is None else theta
        basis = legendre.legvander(np.array([2 * t - 1]), self.degree)[0].tolist()
        all_of_them = sum((p * c for p, c in zip(basis[1:], theta[1:], strict=True)), basis[0] * theta[0])
        d = DIMENSION
        return all_of_them[:, :d], all_of_them[:, d : 2 * d], all_of_them[:, 2 * d :]


def field(weights: Callable[[float], Weights]) -> Callable[[float, Any], Any]:
    """Return the field B^T tanh(A x + b) for x of shape (d, N)."""

    def f(t: float, x: Any) -> Any:
        A, B, b = weights(t)
        return B.T @ tanh(A @ x + b)

    return f


def outputs(method: RungeKutta, weights: Callable[[float], Weights], depth: int, x: Any, frozen: bool = False) -> Any:
    """Compute the states (d, N) after `depth` steps over [0, 1].

    frozen: use the weights at t_n for the whole step, as in a layer with one set of weights.
    """
    h = 1 / depth
    for n in range(depth):
        own = _constant(weights(n * h)) if frozen else weights
        x = method.step(field(own), n * h, x, h)
    return x


def _constant(weights: Weights) -> Callable[[float], Weights]:
    return lambda t: weights


def study(asked: DepthLimit, tools: Tools) -> Answer:
    """Train the weight functions on two moons with `training_depth` RK4 layers, then sample them."""
    seeds = asked.seed, asked.seed + 1
    train, test = (two_moons_split(asked.points, asked.noise, seed) for seed in seeds)
    functions = trained_functions(asked, train, tools.progress)
    theta, last = functions.theta.detach().numpy(), functions.last.detach().numpy()
    drawn = np.random.default_rng(asked.seed).standard_normal((REFERENCE + 1, *theta.shape[1:]))

    def smooth(t: float) -> Weights:
        return functions.at(t, theta)

    def network(name: str, depth: int) -> Any:
        if name == "rk4_noise":
            noisy = _constant_on_layers(theta.std() * drawn, depth)
            return outputs(runge_kutta("rk4"), noisy, depth, x, frozen=True)
        if name == "rk4_frozen":
            return outputs(runge_kutta("rk4"), smooth, depth, x, frozen=True)
        return outputs(runge_kutta(name), smooth, depth, x)

    x, rows = lifted(test), []
    limit = network("rk4", REFERENCE)
    own_limit = {"rk4_noise": network("rk4_noise", REFERENCE)}
    for name in tools.progress([*asked.methods, "rk4_frozen", "rk4_noise"], "methods"):
        for depth in asked.depths:
            end, right = network(name, depth), own_limit.get(name, limit)
            error = np.linalg.norm(end - right, axis=0).max() / np.linalg.norm(right, axis=0).max()
            row = {"method": name, "depth": depth, "h": 1 / depth, "error": error}
            rows.append({**row, "accuracy": _accuracy(end, last, test)})
    errors = pd.DataFrame(rows)
    errors["in_fit"] = errors.groupby("method")["error"].transform(_finest)
    shown = [("explicit_euler", min(asked.depths)), ("rk4", MOMENTS - 1)]
    paths = pd.concat([_paths(name, depth, smooth, test) for name, depth in shown])
    summary = _summary(errors, asked.methods)
    summary["accuracy_limit"] = _accuracy(limit, last, test)
    return Answer({"errors": errors, "paths": paths}, summary)


def _finest(error: pd.Series) -> pd.Series:
    """Select the deepest networks of one method whose error is above round-off."""
    usable = error > ROUND_OFF
    return usable & (usable[::-1].cumsum()[::-1] <= FINEST)


def _constant_on_layers(drawn: Any, depth: int) -> Callable[[float], Weights]:
    d = DIMENSION

    def weights(t: float) -> Weights:
        own = drawn[round(t * depth)]
        return own[:, :d], own[:, d : 2 * d], own[:, 2 * d :]

    return weights


def _accuracy(end: Any, last: Any, test: Split) -> float:
    return float(((last @ end).argmax(axis=0) == test.labels).mean())


def _paths(name: str, depth: int, weights: Callable[[float], Weights], test: Split) -> pd.DataFrame:
    """Table of the first two coordinates of SHOWN points after each layer."""
    x = lifted(test)[:, :SHOWN]
    states, h = [x], 1 / depth
    for n in range(depth):
        states.append(runge_kutta(name).step(field(weights), n * h, states[-1], h))
    flow = np.array(states)  # (depth + 1, d, points)
    k, i = np.indices(flow.shape[::2]).reshape(2, -1)
    columns = {"network": name, "point": i, "label": test.labels[i], "t": k * h}
    return pd.DataFrame({**columns, "x": flow[k, 0, i], "y": flow[k, 1, i]})


def _summary(errors: pd.DataFrame, methods: Sequence[str]) -> dict[str, float]:
    summary: dict[str, float] = {}
    for name, own in errors.groupby("method", sort=False):
        fitted = own[own["in_fit"]]
        summary[f"slope/{name}"] = fit_line(fitted["h"], fitted["error"])
        summary[f"deepest/{name}"] = float(own["error"].iloc[-1])
        summary[f"accuracy/{name}"] = float(own["accuracy"].iloc[0])
    for name in methods:
        summary[f"declared/{name}"] = float(METHODS[name].order)
    gaps = [abs(summary[f"slope/{name}"] - summary[f"declared/{name}"]) for name in methods]
    summary["largest_gap"] = max(gaps)
    return summary


def lifted(split: Split) -> Any:
    """Convert the points (N, 1, 2) to columns (d, N) with zero padding."""
    flat = split.images.reshape(len(split), -1).astype(np.float64)
    return np.pad(2 * flat - 1, ((0, 0), (0, DIMENSION - flat.shape[1]))).T


def trained_functions(asked: DepthLimit, train: Split, progress: Progress) -> WeightFunctions:
    """Train the weight functions to separate the two moons at the end of the flow, with a running cost."""
    functions = WeightFunctions(asked.hidden, asked.degree, stream(asked.seed, INITIAL))
    x, labels = torch.tensor(lifted(train)), torch.tensor(train.labels)

    def loss() -> Tensor:
        end = outputs(runge_kutta("rk4"), functions.at, asked.training_depth, x)
        misfit = nn.functional.cross_entropy((functions.last @ end).T, labels)
        return misfit + asked.control_cost * functions.running_cost()

    rate = asked.learning_rate
    fit(functions.parameters(), loss, asked.training_steps, rate, progress=progress)
    return functions
