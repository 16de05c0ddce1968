"""Study: accuracy against the size of a perturbation, clean, attacked and certified."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.errors import InputError
from geoflow.learning.attacks import Attack
from geoflow.learning.checkpoints import Checkpoint
from geoflow.learning.datasets import DataSet, load
from geoflow.learning.evaluation import Evaluation, evaluate
from geoflow.learning.losses import LOSSES
from geoflow.learning.training import Plan, choose_device, train
from geoflow.networks.architectures import ARCHITECTURES
from geoflow.networks.certificates import clopper_pearson
from geoflow.networks.network import Network, build
from geoflow.registry import lookup

INITIAL, ORDER, ATTACKS = 0, 1, 2  # what a stream of random numbers is for


def robustness(
    dataset: Mapping[str, Any],
    networks: Sequence[Mapping[str, Any]],
    training: Mapping[str, Any],
    attack: Mapping[str, Any],
    eps: Sequence[float],
    seeds: Sequence[int],
    device: str = "cpu",
    printed: Mapping[str, Sequence[float]] | None = None,
    *,
    folder: Path | str = "data/raw",
    checkpoints: Path | str | None = None,
    progress: Progress = no_progress,
) -> Study:
    """Train each network with each seed, certify and attack it.

    Tables: accuracy (network, seed, eps, kind, correct, images, accuracy, low, high, printed),
    where kind is attacked or certified and [low, high] the 95 % binomial interval; training
    (network, seed, epoch, loss, ...); lipschitz (network, seed, bound, found). `printed` are
    published percentages, one for each eps, shown beside ours. Raises GeoflowError when an attack
    flips a certified image.
    """
    data, where = load(dataset, folder), choose_device(device)
    runs = [(network, seed) for network in networks for seed in seeds]
    histories, rows, constants = [], [], []
    for choice, seed in progress(runs, "networks"):
        label = choice["label"]
        network, history = trained(choice, data, training, seed, where, checkpoints, progress)
        result = evaluate(
            network,
            data.test,
            eps,
            attack_from(attack),
            stream(seed, ATTACKS),
            name=label,
            device=where,
        )
        histories.append(history.assign(network=label, seed=seed))
        rows += accuracies(result, eps, {"network": label, "seed": seed})
        constants.append(
            {"network": label, "seed": seed, "bound": result.bound, "found": result.found}
        )
    accuracy = _beside(pd.DataFrame(rows), eps, printed or {})
    lipschitz = pd.DataFrame(constants)
    tables = {"accuracy": accuracy, "training": pd.concat(histories), "lipschitz": lipschitz}
    return Study(tables, _summary(accuracy, lipschitz, [choice["label"] for choice in networks]))


def stream(seed: int, purpose: int) -> torch.Generator:
    """Independent random numbers for each purpose of one seed, drawn on the CPU."""
    return torch.Generator().manual_seed(3 * seed + purpose)


def attack_from(values: Mapping[str, Any]) -> Attack:
    """An Attack from plain values of a configuration."""
    return Attack(**{**values, "objectives": tuple(values.get("objectives", Attack.objectives))})


def trained(
    choice: Mapping[str, Any],
    data: DataSet,
    training: Mapping[str, Any],
    seed: int,
    device: torch.device | str = "cpu",
    checkpoints: Path | str | None = None,
    progress: Progress = no_progress,
) -> tuple[Network, pd.DataFrame]:
    """One network of `choice` = {label, architecture, loss}, trained, and its history.

    With a folder of `checkpoints` a killed training goes on; its file is keyed by what decides it.
    """
    architecture, loss = dict(choice["architecture"]), dict(choice["loss"])
    specifications = lookup(ARCHITECTURES, architecture.pop("name"))(**architecture)
    network = build(specifications, data.dimension, stream(seed, INITIAL))
    checkpoint = None
    if checkpoints is not None:
        plan, threads = dict(training), torch.get_num_threads()
        decides = [specifications, choice["loss"], plan, seed, str(device), threads]
        checkpoint = Checkpoint(Path(checkpoints) / f"{_key(decides, data)}.pt")
    history = train(
        network,
        data,
        lookup(LOSSES, loss.pop("name"))(**loss),
        Plan(**training),
        stream(seed, ORDER),  # not that of the weights: all networks see the same batches
        device=device,
        checkpoint=checkpoint,
        progress=progress,
        label=f"{choice['label']}, seed {seed}",
    )
    return network, history


def _key(decides: Sequence[Any], data: DataSet) -> str:
    """Digest of all that decides the weights."""
    digest = hashlib.sha256(json.dumps([*decides, data.name]).encode())
    digest.update(data.train.labels.tobytes())
    return digest.hexdigest()[:16]


def accuracies(
    result: Evaluation, eps: Sequence[float], label: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Rows (..., eps, kind, correct, images, accuracy, low, high) for attacked and certified."""
    rows = []
    for radius in eps:
        for kind, count in (("attacked", result.attacked), ("certified", result.certified)):
            correct, images = count(radius), len(result.radii)
            low, high = clopper_pearson(correct, images)
            row = {"eps": radius, "kind": kind, "correct": correct, "images": images}
            rows.append({**label, **row, "accuracy": correct / images, "low": low, "high": high})
    return rows


def _beside(
    accuracy: pd.DataFrame, eps: Sequence[float], printed: Mapping[str, Sequence[float]]
) -> pd.DataFrame:
    """A column with the published attacked accuracy, as a share; empty where none is."""
    known: dict[tuple[Any, ...], float] = {}
    for label, percentages in printed.items():
        if len(percentages) != len(eps):
            raise InputError(
                f"printed.{label}: expected one number for each of {len(eps)} eps, "
                f"got {len(percentages)}."
            )
        known |= {(label, e, "attacked"): p / 100 for e, p in zip(eps, percentages, strict=True)}
    rows = zip(accuracy["network"], accuracy["eps"], accuracy["kind"], strict=True)
    return accuracy.assign(printed=[known.get(row, float("nan")) for row in rows])


def _summary(
    accuracy: pd.DataFrame, lipschitz: pd.DataFrame, labels: Sequence[str]
) -> dict[str, float]:
    """Means over the seeds; the worst over the seeds for Lipschitz constants.

    clean/<network>, attacked/<network>/<eps>, certified/..., lead/<network>/<eps>: attacked
    accuracy minus that of the first network; lipschitz_bound/..., lipschitz_found/...;
    certified_gap/<network>: the smallest attacked minus certified accuracy, which soundness keeps
    from being negative.
    """
    summary: dict[str, float] = {}
    mean = accuracy.groupby(["kind", "network", "eps"], sort=False)["accuracy"].mean()
    for kind, label, radius in mean.index:
        value = mean[kind, label, radius]
        summary[f"{kind}/{label}/{radius:g}"] = value
        if kind == "attacked" and label != labels[0]:
            summary[f"lead/{label}/{radius:g}"] = value - mean[kind, labels[0], radius]
        if kind == "attacked" and radius == 0:
            summary[f"clean/{label}"] = value
    wide = accuracy.pivot_table("accuracy", ["network", "seed", "eps"], "kind")
    gap = (wide["attacked"] - wide["certified"]).groupby("network").min()
    for label in labels:
        own = lipschitz[lipschitz["network"] == label]
        summary[f"certified_gap/{label}"] = gap[label]
        summary[f"lipschitz_bound/{label}"] = own["bound"].max()
        summary[f"lipschitz_found/{label}"] = own["found"].max()
    return summary
