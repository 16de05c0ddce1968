"""Study: accuracy against the size of a perturbation, clean, attacked and certified."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from geoflow.ground.answer import Progress, Study, no_progress
from geoflow.ground.errors import InputError, nearest
from geoflow.ground.registry import made
from geoflow.ground.resumable import piece
from geoflow.learning.attacks import Attack, Search
from geoflow.learning.auto_attack import AutoAttack
from geoflow.learning.checkpoints import Checkpoint
from geoflow.learning.datasets import DataSet, load
from geoflow.learning.evaluation import Evaluation, evaluate
from geoflow.learning.losses import LOSSES
from geoflow.learning.training import Plan, choose_device, train
from geoflow.learning.weights import COLUMNS, packed, round_to_half
from geoflow.networks.architectures import ARCHITECTURES
from geoflow.networks.certificates import clopper_pearson
from geoflow.networks.network import Network, build

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
    auto_attack: Mapping[str, Any] | None = None,
    kept: Sequence[str] = (),
    *,
    folder: Path | str = "data/raw",
    checkpoints: Path | str | None = None,
    progress: Progress = no_progress,
) -> Study:
    """Train each network with each seed, certify and attack it.

    Tables: accuracy (network, seed, eps, kind, correct, images, accuracy, low, high, printed),
    where kind is attacked (the worst over all attacks, image by image), certified, or cross_checked
    (the same as attacked, but over the images on which AutoAttack ran) and [low, high] the 95 %
    binomial interval; training (network, seed, epoch, loss, ...); lipschitz (network, seed, bound,
    found, pgd_missed); weights (network, seed, tensor, shape, data) of the networks called in `kept`, of their
    first seed. With every seed these are rounded to float16 before they are certified, so that the
    stored numbers are the certified ones.
    `printed` are published percentages, one for each eps, shown beside ours. Raises GeoflowError
    when an attack flips a certified image.
    """
    data, where = load(dataset, folder), choose_device(device)
    runs = [(network, seed) for network in networks for seed in seeds]
    attacks = attacks_from(attack, auto_attack)
    histories, rows, constants, weights = [], [], [], []
    for choice, seed in progress(runs, "networks"):
        label = choice["label"]
        network, history = trained(choice, data, training, seed, where, checkpoints, progress)
        if label in kept:
            round_to_half(network)
            if seed == seeds[0]:
                weights += packed(network, {"network": label, "seed": seed})
        given = (network, data.test, eps, attacks, stream(seed, ATTACKS))
        result = piece(
            checkpoints, f"{label}-{seed}-evaluated", evaluate, *given, name=label, device=where
        )
        histories.append(history.assign(network=label, seed=seed))
        rows += accuracies(result, eps, {"network": label, "seed": seed}, attacks)
        constants.append(
            {
                "network": label,
                "seed": seed,
                "bound": result.bound,
                "found": result.found,
                "pgd_missed": missed(result, eps),
            }
        )
    accuracy = _beside(pd.DataFrame(rows), eps, printed or {})
    lipschitz = pd.DataFrame(constants)
    tables = {
        "accuracy": accuracy,
        "training": pd.concat(histories),
        "lipschitz": lipschitz,
        "weights": pd.DataFrame(weights, columns=COLUMNS),
    }
    return Study(tables, _summary(accuracy, lipschitz, [choice["label"] for choice in networks]))


def stream(seed: int, purpose: int) -> torch.Generator:
    """Independent random numbers for each purpose of one seed, drawn on the CPU."""
    return torch.Generator().manual_seed(3 * seed + purpose)


def attacks_from(
    pgd: Mapping[str, Any], auto_attack: Mapping[str, Any] | None = None
) -> list[Search]:
    """Our own attack, then AutoAttack where values for it are given."""
    own = Attack(**{**pgd, "objectives": tuple(pgd.get("objectives", Attack.objectives))})
    if auto_attack is None:
        return [own]
    lists = {key: tuple(auto_attack[key]) for key in ("eps", "parts") if key in auto_attack}
    return [own, AutoAttack(**{**auto_attack, **lists})]


def trained(
    choice: Mapping[str, Any],
    data: DataSet,
    training: Mapping[str, Any],
    seed: int,
    device: torch.device | str = "cpu",
    checkpoints: Path | str | None = None,
    progress: Progress = no_progress,
) -> tuple[Network, pd.DataFrame]:
    """One network of `choice` = {label, architecture, loss[, training]}, trained, and its history.

    With a folder of `checkpoints` a killed training goes on; its file is keyed by what decides it.
    """
    specifications = made(ARCHITECTURES, choice["architecture"])
    network = build(specifications, data.shape, stream(seed, INITIAL))
    plan = {**training, **choice.get("training", {})}
    for key in plan.keys() - Plan.__dataclass_fields__.keys():
        raise InputError(
            f"training: unknown key {key!r}; {nearest(key, Plan.__dataclass_fields__)}"
        )
    checkpoint = None
    if checkpoints is not None:
        threads = torch.get_num_threads()
        decides = [specifications, choice["loss"], plan, seed, str(device), threads]
        checkpoint = Checkpoint(Path(checkpoints) / f"{_key(decides, data)}.pt")
    history = train(
        network,
        data,
        made(LOSSES, choice["loss"]),
        Plan(**plan),
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
    result: Evaluation,
    eps: Sequence[float],
    label: Mapping[str, Any],
    attacks: Sequence[Search] = (),
) -> list[dict[str, Any]]:
    """Rows (..., eps, kind, correct, images, accuracy, low, high) for attacked, certified and
    cross_checked."""
    rows = []
    survived, images = result.flipped_at, len(result.radii)
    for radius in eps:
        kinds = [("attacked", result.attacked(radius), images)]
        kinds += [("certified", result.certified(radius), images)]
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
    """The largest share of all images, over eps, that AutoAttack flips and our attack does not."""
    if AutoAttack.name not in result.flips:
        return 0.0
    own, other = result.flips["pgd"], result.flips[AutoAttack.name]
    return max(float(((other <= e) & (own > e)).double().mean()) for e in eps)


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

    clean/<network>, attacked/<network>/<eps>, certified/..., cross_checked/..., lead/<network>/<eps>: attacked
    accuracy minus that of the first network; lipschitz_bound/..., lipschitz_found/...,
    lipschitz_excess/...: the largest found / bound;
    certified_gap/<network>: the smallest attacked minus certified accuracy, which soundness keeps
    from being negative; pgd_missed/<network>: the largest share of images that AutoAttack flips
    at some eps and our own attack does not. With several seeds spread/<kind>/<network>/<eps>, the
    sample deviation.
    """
    summary: dict[str, float] = {}
    shares = accuracy.groupby(["kind", "network", "eps"], sort=False)["accuracy"]
    mean, spread = shares.mean(), shares.std()
    several = accuracy["seed"].nunique() > 1
    for kind, label, radius in mean.index:
        value = mean[kind, label, radius]
        summary[f"{kind}/{label}/{radius:g}"] = value
        if several:
            summary[f"spread/{kind}/{label}/{radius:g}"] = spread[kind, label, radius]
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
        summary[f"lipschitz_excess/{label}"] = (own["found"] / own["bound"]).max()
        summary[f"pgd_missed/{label}"] = own["pgd_missed"].max()
    return summary
