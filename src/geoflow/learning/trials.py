"""Build, train, certify and attack a network from the values of a study."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import torch

from geoflow.ground import Tools, check_parameters, made
from geoflow.learning.attacks import Attack, Search
from geoflow.learning.auto_attack import AutoAttack
from geoflow.learning.datasets import DataSet
from geoflow.learning.evaluation import Evaluation
from geoflow.learning.losses import LOSSES
from geoflow.learning.settings import Attack as PgdSettings
from geoflow.learning.settings import AutoAttack as AutoAttackSettings
from geoflow.learning.settings import NetworkSpec, Training
from geoflow.learning.together import draw_as_torch
from geoflow.learning.training import train
from geoflow.measure.counts import clopper_pearson
from geoflow.networks.architectures import ARCHITECTURES
from geoflow.networks.network import Network, build

INITIAL, ORDER, ATTACKS = 0, 1, 2  # purposes of the streams of random numbers


def stream(seed: int, purpose: int) -> torch.Generator:
    """Random number generator on the CPU, independent for each purpose of one seed."""
    return torch.Generator().manual_seed(3 * seed + purpose)


def attacks_from(pgd: PgdSettings, auto_attack: AutoAttackSettings | None = None) -> list[Search]:
    """Build the PGD attack and, if settings are given, AutoAttack."""
    return [Attack(**vars(pgd)), *([AutoAttack(**vars(auto_attack))] if auto_attack else [])]


def train_network(
    tools: Tools, spec: NetworkSpec, data: DataSet, training: Training, seed: int, device: torch.device | str = "cpu"
) -> tuple[Network, pd.DataFrame]:
    """Build and train the network of `spec`; returns it with its training history.

    An interrupted training resumes from the checkpoint in `tools`, whose name is a digest of all inputs.
    """
    specifications = made(ARCHITECTURES, spec.architecture)
    network = build(specifications, data.shape, initial := stream(seed, INITIAL))
    check_parameters("training", Training, spec.training)
    plan = replace(training, **spec.training)
    if plan.torch_weights:
        draw_as_torch(network, initial)
    checkpoint = None
    if tools.checkpoints is not None:
        threads = torch.get_num_threads()
        decides = [specifications, spec.loss, vars(plan), seed, str(device), threads]
        checkpoint = tools.checkpoints / f"{_key(decides, data)}.npz"
    loss, label = made(LOSSES, spec.loss), f"{spec.label}, seed {seed}"
    order = stream(seed, ORDER)  # independent of the weights, so that all networks see the same batches
    history = train(
        network, data, loss, plan, order, device=device, checkpoint=checkpoint, progress=tools.progress, label=label
    )
    return network, history


def _key(decides: Sequence[Any], data: DataSet) -> str:
    """Digest of all inputs that determine the weights."""
    digest = hashlib.sha256(json.dumps([*decides, data.name]).encode())
    digest.update(data.train.labels.tobytes())
    return digest.hexdigest()[:16]


def accuracies(
    result: Evaluation, eps: Sequence[float], label: Mapping[str, Any], attacks: Sequence[Search] = (),
    last: Mapping[float, int] | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows (..., eps, kind, correct, images, accuracy, low, high) for attacked, certified and cross_checked, and for
    last_iterate with the number `last` of correct images at each eps."""
    rows = []
    survived, images = result.flipped_at, len(result.radii)
    for radius in eps:
        kinds = [("attacked", result.attacked(radius), images)]
        kinds += [("certified", result.certified(radius), images)]
        kinds += [("last_iterate", last[radius], images)] if last else []
        for attack in attacks:
            if isinstance(attack, AutoAttack) and attack.chosen(radius, result.radii).any():
                sample = attack.images or images
                kinds += [("cross_checked", int((survived[:sample] > radius).sum()), sample)]
        for kind, correct, number in kinds:
            low, high = clopper_pearson(correct, number)
            row = {"eps": radius, "kind": kind, "correct": correct, "images": number}
            share = {"accuracy": correct / number, "low": low, "high": high}
            rows.append({**label, **row, **share})
    return rows


def missed(result: Evaluation, eps: Sequence[float]) -> float:
    """Largest fraction of images, over eps, whose class AutoAttack changes and PGD does not."""
    if AutoAttack.name not in result.flips:
        return 0.0
    own, other = result.flips["pgd"], result.flips[AutoAttack.name]
    return max(float(((other <= e) & (own > e)).double().mean()) for e in eps)
