"""Effect of steps beyond the limit, and of norms from too few power iterations, on certificates."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import torch

from geoflow.ground import Answer, Tools
from geoflow.layers.norms import PowerIteration, norm_upper
from geoflow.learning.datasets import load
from geoflow.learning.evaluation import evaluate
from geoflow.learning.trials import ATTACKS, accuracies, attacks_from, stream, train_network
from geoflow.measure.keyed import keyed
from geoflow.networks.certificates import broken, certified_radii
from geoflow.networks.network import copy_for_evaluation
from geoflow.studies.robust.step_size.config import StepSize


def study(asked: StepSize, tools: Tools) -> Answer:
    """Train a network of gradient flows for each c and seed, attack it, and certify it twice."""
    data = load(asked.dataset, tools.data)
    images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)
    rows: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    histories: list[pd.DataFrame] = []
    jobs = [(c, seed) for c in asked.relative_steps for seed in asked.seeds]
    for c, seed in tools.progress(jobs, "step sizes"):
        architecture = {**asked.network.architecture, "relative_step": c}
        choice = replace(asked.network, architecture=architecture)
        one, history = train_network(tools, choice, data, asked.training, seed)
        given = (one, data.test, asked.eps, attacks_from(asked.attack), stream(seed, ATTACKS))
        result = evaluate(*given, name=f"step {c:g}")
        claimed = certified_radii(copy_for_evaluation(one), images, labels, claimed=1.0)
        label = {"relative_step": c, "seed": seed}
        histories.append(history.assign(**label))
        points += accuracies(result, asked.eps, label)
        found = {"bound": result.bound, "found": result.found}
        right = {"clean": result.attacked(0.0), "claimed": int((claimed > 0).sum())}
        right["false_claims"] = int(broken(claimed, result.flipped_at).sum())
        rows.append({**label, **found, **{key: n / len(labels) for key, n in right.items()}})
    networks, power = pd.DataFrame(rows), _power_iteration(asked.iterations, asked.size, asked.seeds)
    tables = {
        "networks": networks,
        "accuracy": pd.DataFrame(points),
        "training": pd.concat(histories),
        "power_iteration": power,
    }
    return Answer(tables, _summary(networks, power))


def _power_iteration(iterations: Sequence[int], size: int, seeds: Sequence[int]) -> pd.DataFrame:
    """Lipschitz constant 2 (||A|| / e)^2 - 1 > 1 of a layer whose step is computed from an estimate e < ||A||."""
    rows = []
    for seed in seeds:
        generator = stream(seed, ATTACKS)
        A = torch.randn(size, size, generator=generator, dtype=torch.float64)
        start = generator.get_state()
        for number in iterations:
            generator.set_state(start)
            iteration = PowerIteration(size, number, safety=0.0, generator=generator).double()
            ratio = norm_upper(A) / float(iteration(A))
            found = {"estimate": 1 / ratio, "expansion": max(1.0, 2 * ratio**2 - 1)}
            rows.append({"iterations": number, "seed": seed, **found})
    return pd.DataFrame(rows)


def _summary(networks: pd.DataFrame, power: pd.DataFrame) -> dict[str, float]:
    largest = networks.groupby("relative_step").max()
    summary = keyed(largest, ["relative_step"], "found", "bound", "false_claims")
    summary |= keyed(power.groupby("iterations").max(), ["iterations"], "expansion")
    return summary | keyed(networks.groupby("relative_step").mean(), ["relative_step"], "clean")
