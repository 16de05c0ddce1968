"""Certified and attacked accuracy of each network, trained with each seed."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from geoflow.ground import Answer, InputError, Tools
from geoflow.learning.datasets import load
from geoflow.learning.evaluation import evaluate, survivors
from geoflow.learning.training import choose_device
from geoflow.learning.trials import ATTACKS, accuracies, attacks_from, missed, stream, train_network
from geoflow.learning.weights import COLUMNS, pack, round_to_half
from geoflow.measure.keyed import keyed
from geoflow.studies.robust.robustness.config import Robustness


def study(asked: Robustness, tools: Tools) -> Answer:
    """Train, certify and attack each network; raises GeoflowError if an attack changes a certified class."""
    where = choose_device(asked.device)
    runs = [(network, seed) for seed in asked.seeds for network in asked.networks]
    attacks = attacks_from(asked.attack, asked.auto_attack)
    histories, rows, constants, weights = [], [], [], []
    for choice, seed in tools.progress(runs, "networks"):
        label = choice.label
        data = load({**asked.dataset, **({"draw": seed} if asked.drawn else {})}, tools.data)
        network, history = train_network(tools, choice, data, asked.training, seed, where)
        if label in asked.kept:
            round_to_half(network)
            if asked.drawn or seed == asked.seeds[0]:
                weights += pack(network, {"network": label, "seed": seed})
        given = (network, data.test, asked.eps, attacks, stream(seed, ATTACKS))
        result = tools.resume(f"{label}-{seed}-evaluated", evaluate, *given, name=label, device=where)
        histories.append(history.assign(network=label, seed=seed))
        last = {}
        for radius in asked.eps if asked.last_iterate and label in asked.printed else ():
            others = (network, data.test, radius, asked.last_iterate, where)
            last[radius] = tools.resume(f"{label}-{seed}-{radius!r}-last_iterate", survivors, *others)
        rows += accuracies(result, asked.eps, {"network": label, "seed": seed}, attacks, last)
        found = {"bound": result.bound, "found": result.found, "pgd_missed": missed(result, asked.eps)}
        constants.append({"network": label, "seed": seed, **found})
    accuracy = _beside(pd.DataFrame(rows), asked)
    lipschitz = pd.DataFrame(constants)
    tables = {"accuracy": accuracy, "training": pd.concat(histories), "lipschitz": lipschitz}
    tables["weights"] = pd.DataFrame(weights, columns=COLUMNS)
    labels = [choice.label for choice in asked.networks]
    return Answer(tables, _summary(accuracy, lipschitz, labels))


def _beside(accuracy: pd.DataFrame, asked: Robustness) -> pd.DataFrame:
    """Add a column with the published accuracy under attack as a fraction, NaN if there is none."""
    known: dict[tuple[Any, ...], float] = {}
    kind, eps = "last_iterate" if asked.last_iterate else "attacked", asked.eps
    for label, percentages in asked.printed.items():
        if len(percentages) != len(eps):
            raise InputError(
                f"printed.{label}: expected one number for each of {len(eps)} eps, got {len(percentages)}."
            )
        known |= {(label, e, kind): p / 100 for e, p in zip(eps, percentages, strict=True)}
    rows = zip(accuracy["network"], accuracy["eps"], accuracy["kind"], strict=True)
    return accuracy.assign(printed=[known.get(row, float("nan")) for row in rows])


def _summary(accuracy: pd.DataFrame, lipschitz: pd.DataFrame, labels: Sequence[str]) -> dict[str, float]:
    summary: dict[str, float] = {}
    shares = accuracy.groupby(["kind", "network", "eps"], sort=False)["accuracy"]
    mean, spread = shares.mean(), shares.std()
    several = accuracy["seed"].nunique() > 1
    last = accuracy[accuracy["kind"] == "last_iterate"].groupby(["network", "eps"], sort=False)
    ends = last.agg(least=("low", "min"), median=("accuracy", "median"), most=("high", "max"))
    summary |= keyed(ends, ["network", "eps"], **{f"{end}_last_iterate": end for end in ("least", "median", "most")})
    for kind, label, radius in mean.index:
        value = mean[kind, label, radius]
        summary[f"{kind}/{label}/{radius:g}"] = value
        if several:
            summary[f"spread/{kind}/{label}/{radius:g}"] = spread[kind, label, radius]
        if kind == "attacked" and label != labels[0]:
            summary[f"lead/{label}/{radius:g}"] = value - mean[kind, labels[0], radius]
        if kind == "attacked" and radius == 0:
            summary[f"clean/{label}"] = value
    worst = lipschitz.assign(excess=lipschitz["found"] / lipschitz["bound"]).groupby("network").max()
    named = {f"lipschitz_{column}": column for column in ("bound", "found", "excess")}
    return summary | keyed(worst, ["network"], "pgd_missed", **named)
