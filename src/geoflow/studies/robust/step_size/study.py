"""Study: what a step beyond the limit, or a norm from too few power iterations, does to a
certificate."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import torch

from geoflow.ground.answer import Answer, Tools
from geoflow.layers.norms import PowerIteration, norm_upper
from geoflow.learning.datasets import load
from geoflow.learning.evaluation import evaluate
from geoflow.learning.trials import ATTACKS, accuracies, attacks_from, stream, trained
from geoflow.networks.certificates import broken, certified_radii
from geoflow.networks.network import settled
from geoflow.studies.robust.step_size.config import StepSize


def study(asked: StepSize, tools: Tools) -> Answer:
    """Train a network of gradient flows with h = c 2 r / ||A||^2 for each c of `relative_steps`.

    Every network is certified twice: soundly, and as if it were 1-Lipschitz whatever c is
    (`claimed`). A claim is false when an attack flips the image within the claimed radius.
    Tables: networks (relative_step, seed, bound, found, clean, claimed, false_claims), accuracy
    (as in `robustness`, with relative_step), power_iteration (sweeps, seed, estimate, expansion):
    the constant of the layer x - h A^T s(Ax) for a random A (size, size), when h = 2 /
    estimate^2.
    """
    data = load(asked.dataset, tools.data)
    images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)
    rows: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    histories: list[pd.DataFrame] = []
    for c, seed in tools.progress(
        [(c, seed) for c in asked.relative_steps for seed in asked.seeds], "step sizes"
    ):
        architecture = {**asked.network.architecture, "relative_step": c}
        choice = replace(asked.network, architecture=architecture)
        one, history = trained(
            choice,
            data,
            asked.training,
            seed,
            checkpoints=tools.checkpoints,
            progress=tools.progress,
        )
        result = evaluate(
            one,
            data.test,
            asked.eps,
            attacks_from(asked.attack),
            stream(seed, ATTACKS),
            name=f"step {c:g}",
        )
        claimed = certified_radii(settled(one), images, labels, claimed=1.0)
        label = {"relative_step": c, "seed": seed}
        histories.append(history.assign(**label))
        points += accuracies(result, asked.eps, label)
        rows.append(
            {
                **label,
                "bound": result.bound,
                "found": result.found,
                "clean": result.attacked(0.0) / len(labels),
                "claimed": int((claimed > 0).sum()) / len(labels),
                "false_claims": int(broken(claimed, result.flipped_at).sum()) / len(labels),
            }
        )
    networks, power = pd.DataFrame(rows), _power_iteration(asked.sweeps, asked.size, asked.seeds)
    tables = {
        "networks": networks,
        "accuracy": pd.DataFrame(points),
        "training": pd.concat(histories),
        "power_iteration": power,
    }
    return Answer(tables, _summary(networks, power))


def _power_iteration(sweeps: Sequence[int], size: int, seeds: Sequence[int]) -> pd.DataFrame:
    """The step set from an estimate e < ||A|| makes a layer of constant 2 (||A|| / e)^2 - 1 > 1."""
    rows = []
    for seed in seeds:
        generator = stream(seed, ATTACKS)
        A = torch.randn(size, size, generator=generator, dtype=torch.float64)
        start = generator.get_state()
        for number in sweeps:
            generator.set_state(start)
            iteration = PowerIteration(size, number, safety=0.0, generator=generator).double()
            ratio = norm_upper(A) / float(iteration(A))
            rows.append(
                {
                    "sweeps": number,
                    "seed": seed,
                    "estimate": 1 / ratio,
                    "expansion": max(1.0, 2 * ratio**2 - 1),
                }
            )
    return pd.DataFrame(rows)


def _summary(networks: pd.DataFrame, power: pd.DataFrame) -> dict[str, float]:
    """found/<c>, bound/<c>, false_claims/<c>: the largest over the seeds; clean/<c>: the mean;
    expansion/<sweeps>: the largest over the seeds."""
    summary: dict[str, float] = {}
    for c, own in networks.groupby("relative_step"):
        for column in ("found", "bound", "false_claims"):
            summary[f"{column}/{c:g}"] = own[column].max()
        summary[f"clean/{c:g}"] = own["clean"].mean()
    for number, value in power.groupby("sweeps")["expansion"].max().items():
        summary[f"expansion/{number}"] = value
    return summary
