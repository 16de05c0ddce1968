"""Plug-and-play reconstruction: a denoiser as prior in forward-backward splitting.

x_{k+1} = D(x_k - A^T (A x_k - y)), ||A|| <= 1. If D is averaged, so is the whole iteration: it converges to a fixed
point if there is one, and its residual |x_{k+1} - x_k| does not increase (VenkatakrishnanBoumanWohlberg2013,
Sherry2024).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, InputError, Progress, Tools, made, no_progress
from geoflow.layers.linear import Convolution
from geoflow.learning.datasets import DataSet, load
from geoflow.learning.training import fit
from geoflow.learning.trials import ATTACKS, INITIAL, ORDER, stream
from geoflow.measure.keyed import keyed, long_form
from geoflow.networks.architectures import DENOISERS
from geoflow.networks.jacobian import jacobian_norms
from geoflow.networks.network import Network, build, copy_for_evaluation
from geoflow.studies.robust.denoising.config import Denoiser, Denoising

TASKS = ("inpainting", "deblurring")
FAR = 1e6  # norm at which an iterate counts as diverged
ROUND_OFF = 1e-10  # smaller residuals are not compared
PAIRS = 2000


@dataclass(frozen=True)
class Task:
    """y = A x + noise: the operator, its adjoint, and the data y of shape (N, d)."""

    forward: Callable[[Tensor], Tensor]
    adjoint: Callable[[Tensor], Tensor]
    data: Tensor


def study(asked: Denoising, tools: Tools) -> Answer:
    """Train each denoiser with each seed on images with Gaussian noise, then reconstruct."""
    if wrong := set(asked.tasks) - set(TASKS):
        raise InputError(f"expected tasks among {', '.join(TASKS)}, got {sorted(wrong)}.")
    data = load(asked.dataset, tools.data)
    data.grey_size()  # raises InputError for colour images before the training
    clean = torch.tensor(data.test.images[: asked.images]).double().flatten(1)
    frames, constants, pictures = [], [], []
    runs = [(choice, seed) for choice in asked.denoisers for seed in asked.seeds]
    for choice, seed in tools.progress(runs, "denoisers"):
        D = trained_denoiser(asked, choice, data, seed, tools.progress)
        who = {"denoiser": choice.label, "seed": seed}
        constants.append({**who, **_constants(D, clean, asked.noise, choice, seed)})
        for name in asked.tasks:
            task = made_task(name, data, clean, asked.data_noise, seed)
            rows, end = plug_and_play(D, task, clean, asked.iterations)
            frames.append(pd.DataFrame(rows).assign(**who, task=name))
            if seed == asked.seeds[0]:
                pictures.append(_pictures(end[: asked.shown], data, choice.label, name))
    for name in asked.tasks if asked.shown else ():
        task = made_task(name, data, clean, asked.data_noise, asked.seeds[0])
        pictures.append(_pictures(clean[: asked.shown], data, "image", name))
        pictures.append(_pictures(task.data[: asked.shown], data, "data", name))
    tables = {
        "iterations": pd.concat(frames, ignore_index=True),
        "constants": pd.DataFrame(constants),
        "pictures": pd.concat(pictures, ignore_index=True),
    }
    return Answer(tables, _summary(tables["iterations"], tables["constants"]))


def trained_denoiser(
    asked: Denoising, choice: Denoiser, data: DataSet, seed: int, progress: Progress = no_progress
) -> Network:
    """Train the network of `choice` to remove Gaussian noise; returns it in evaluation mode."""
    specifications = made(DENOISERS, choice.denoiser, data.shape)
    network = build(specifications, data.shape, stream(seed, INITIAL)).train()
    images, random = torch.tensor(data.train.images).flatten(1), stream(seed, ORDER)

    def loss() -> Tensor:
        x = images[torch.randint(len(images), (asked.batch,), generator=random)]
        noisy = x + asked.noise * torch.randn(x.shape, generator=random)
        error: Tensor = (network(noisy) - x).square().sum(dim=1).mean()
        return error

    label, steps = f"{choice.label}, seed {seed}", asked.training_steps
    fit(network.parameters(), loss, steps, asked.learning_rate, progress=progress, label=label)
    return copy_for_evaluation(network).requires_grad_(False)


def made_task(name: str, data: DataSet, clean: Tensor, noise: float, seed: int) -> Task:
    """Build a task with noise: half of the pixels removed at random, or each pixel replaced by a 3 x 3 mean."""
    random = stream(seed, ATTACKS)
    forward: Callable[[Tensor], Tensor]
    adjoint: Callable[[Tensor], Tensor]
    if name == "inpainting":
        mask = (torch.rand(clean.shape, generator=random, dtype=torch.float64) < 0.5).double()
        forward = adjoint = mask.mul
    else:
        blur = Convolution((1, *data.grey_size()), 1, 3, generator=random).double()
        with torch.no_grad():
            blur.weight.fill_(1 / 9)  # the norm is at most the sum of the weights
        blur.requires_grad_(False)
        forward, adjoint = blur.forward, blur.adjoint
    shake = noise * torch.randn(clean.shape, generator=random, dtype=torch.float64)
    if name == "inpainting":
        shake = forward(shake)  # removed pixels have no noise
    return Task(forward, adjoint, forward(clean) + shake)


def plug_and_play(D: Network, task: Task, clean: Tensor, iterations: int) -> tuple[list[dict[str, float]], Tensor]:
    """Iterate from x_0 = A^T y until divergence; returns the rows of the table and the last iterate."""
    x, rows = task.adjoint(task.data), []
    rows.append({"iteration": 0, "residual": math.nan, "psnr": psnr(x, clean)})
    for k in range(1, iterations + 1):
        new = D(x - task.adjoint(task.forward(x) - task.data))
        residual = float((new - x).norm(dim=1).max())
        x = new
        rows.append({"iteration": k, "residual": residual, "psnr": psnr(x, clean)})
        if not float(x.abs().max()) < FAR:
            break
    return rows, x


def psnr(x: Tensor, clean: Tensor) -> float:
    """Peak signal-to-noise ratio -10 log10(mean squared error) for peak 1, averaged over the images."""
    return float((-10 * (x - clean).square().mean(dim=1).log10()).mean())


def _constants(D: Network, clean: Tensor, noise: float, choice: Denoiser, seed: int) -> dict[str, float]:
    """Constants of D from pairs and Jacobians around the noisy images."""
    random = stream(seed, ATTACKS)
    noisy = clean + noise * torch.randn(clean.shape, generator=random, dtype=torch.float64)
    first, second = (torch.randint(len(noisy), (PAIRS,), generator=random) for _ in range(2))
    size = 10 ** (-3 * torch.rand((PAIRS, 1), generator=random, dtype=torch.float64))
    near = torch.randn(PAIRS, clean.shape[1], generator=random, dtype=torch.float64)
    x, y = noisy[first], noisy[second] + size * near
    before, after = (x - y).square().sum(1), (D(x) - D(y)).square().sum(1)
    moved = ((x - D(x)) - (y - D(y))).square().sum(1)
    depth = choice.denoiser.get("depth", 4)
    return {
        "bound": D.lipschitz_bound(),
        "found": float(jacobian_norms(D, torch.cat([noisy, clean])).max()),
        "averagedness": float(((after + moved / depth - before) / before).max()),
        "psnr": psnr(D(noisy), clean),
    }


def _pictures(x: Tensor, data: DataSet, label: str, task: str) -> pd.DataFrame:
    height, width = data.grey_size()
    places = {"image": range(len(x)), "row": range(height), "column": range(width)}
    return long_form(places, value=x).assign(denoiser=label, task=task)


def _summary(iterations: pd.DataFrame, constants: pd.DataFrame) -> dict[str, float]:
    summary: dict[str, float] = {}
    largest = constants.groupby("denoiser", sort=False).max()
    named = {"lipschitz_bound": "bound", "lipschitz_found": "found"}
    summary |= keyed(largest, ["denoiser"], "averagedness", **named)
    for name, own in constants.groupby("denoiser", sort=False):
        summary[f"denoised/{name}"] = own["psnr"].mean()
        summary[f"diverged/{name}"] = 0.0
    for (name, task), runs in iterations.groupby(["denoiser", "task"], sort=False):  # type: ignore[assignment]
        each = [one for _, one in runs.groupby("seed")]
        residuals = [one["residual"].iloc[1:] for one in each]
        summary[f"residual/{name}/{task}"] = max(r.iloc[-1] / r.iloc[0] for r in residuals)
        summary[f"growth/{name}/{task}"] = max(_growth(r) for r in residuals)
        start, end = (sum(one["psnr"].iloc[k] for one in each) / len(each) for k in (0, -1))
        summary[f"psnr/{name}/{task}"], summary[f"gain/{name}/{task}"] = end, end - start
        longest = iterations["iteration"].max()
        summary[f"diverged/{name}"] += sum(one["iteration"].max() < longest for one in each)
    return summary


def _growth(residual: pd.Series) -> float:
    """Largest ratio of consecutive residuals above round-off."""
    return float((residual / residual.shift())[residual.shift() > ROUND_OFF].max())
