"""The same networks under attacks of increasing budget, compared with their certificates."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, InputError, Tools
from geoflow.learning.attacks import Attack, Search, lengths
from geoflow.learning.auto_attack import AutoAttack
from geoflow.learning.datasets import load
from geoflow.learning.evaluation import flip_sizes
from geoflow.learning.settings import AutoAttack as AutoAttackSettings
from geoflow.learning.training import choose_device
from geoflow.learning.trials import ATTACKS, stream, train_network
from geoflow.measure.counts import clopper_pearson
from geoflow.measure.keyed import keyed
from geoflow.networks.certificates import broken, certified_radii, check_certificates, margins
from geoflow.networks.network import Network, copy_for_evaluation
from geoflow.studies.robust.audit.config import Audit, Budget


def study(asked: Audit, tools: Tools) -> Answer:
    """Attack each network by each attack separately, and by all.

    Raises GeoflowError if any attack changes the class of a certified image.
    """
    data, where = load(asked.dataset, tools.data), choose_device(asked.device)
    x = torch.tensor(data.test.first(asked.images).images).double()
    y = torch.tensor(data.test.first(asked.images).labels)
    ladder = _ladder(asked.attacks, asked.auto_attack)
    rows: list[dict[str, Any]] = []
    facts: list[dict[str, Any]] = []
    for choice in tools.progress([*asked.networks, asked.control], "networks"):
        network, _ = train_network(tools, choice, data, asked.training, asked.seed, where)
        exact, label = copy_for_evaluation(network), choice.label
        radii = certified_radii(exact, x, y)
        flipped_at = torch.where(_clean(exact, x, y), float("inf"), 0.0).to(x)
        for radius in tools.progress(asked.eps, f"{label}: eps"):
            found = [_attacked(exact, x, y, radius, one, asked.seed, where) for one in ladder]
            worst = torch.stack([sizes for sizes, _ in found]).amin(dim=0)
            flipped_at = torch.minimum(flipped_at, worst)
            rows += _rows(label, radius, ladder, found, radii)
        check_certificates(radii, flipped_at, label)
        facts.append({"network": label, **_facts(exact, x, y, flipped_at)})
    tables = {"budgets": pd.DataFrame(rows), "networks": pd.DataFrame(facts)}
    return Answer(tables, _summary(tables["budgets"], tables["networks"]))


def _ladder(budgets: Sequence[Budget], auto_attack: AutoAttackSettings) -> list[Search]:
    names = [one.label for one in budgets]
    if len(set(names)) < len(names):
        raise InputError(f"audit: expected a different label for each attack, got {names}.")
    ladder: list[Search] = [
        Attack(one.steps, one.restarts, one.objectives, relative_step=one.relative_step, name=one.label)
        for one in budgets
    ]
    return [*ladder, AutoAttack(**vars(auto_attack))]


def _clean(exact: Network, x: Tensor, y: Tensor) -> Tensor:
    with torch.no_grad():
        return margins(exact(x), y) > 0


def _attacked(
    exact: Network, x: Tensor, y: Tensor, eps: float, attack: Search, seed: int, device: torch.device
) -> tuple[Tensor, float]:
    """Norm of each successful perturbation by one attack (N,), 0 if the clean class is wrong, and its reach."""
    right = _clean(exact, x, y)
    fast = copy_for_evaluation(exact).to(device, torch.float32).requires_grad_(False)
    sizes = torch.where(right, float("inf"), 0.0).to(x)
    own, labels = x[right], y[right]
    if not len(own):
        return sizes, 0.0
    single = own.to(device, torch.float32)
    points = attack(fast, single, labels.to(device), eps, stream(seed, ATTACKS))
    reach = float(lengths(points.to(own) - own, attack.norm).max()) / eps
    sizes[right] = flip_sizes(exact, points, own, labels, eps, attack)
    return sizes, reach


def _rows(
    label: str, eps: float, ladder: Sequence[Search], found: Sequence[Any], radii: Tensor
) -> list[dict[str, Any]]:
    """Rows with the accuracy under each attack, under all, and the certified accuracy."""
    entries = [
        (attack.name, _gradients(attack), reach, sizes > eps)
        for attack, (sizes, reach) in zip(ladder, found, strict=True)
    ]
    worst = torch.stack([sizes for sizes, _ in found]).amin(dim=0)
    entries.append(("all", sum(_gradients(attack) for attack in ladder), 1.0, worst > eps))
    entries.append(("certified", 0, float("nan"), radii > eps))
    rows = []
    for place, (name, gradients, reach, survived) in enumerate(entries):
        correct, number = int(survived.sum()), len(survived)
        low, high = clopper_pearson(correct, number)
        one: dict[str, Any] = {"network": label, "eps": eps, "place": place, "attack": name}
        cost = {"gradients": gradients, "reach": reach, "correct": correct, "images": number}
        rows.append({**one, **cost, "accuracy": correct / number, "low": low, "high": high})
    return rows


def _gradients(attack: Search) -> int:
    """Largest number of gradients per image, or of forward passes for a gradient-free attack."""
    if isinstance(attack, AutoAttack):
        # 100 iterations, for targeted attacks 100 per class for nine classes.
        costs = {"apgd-ce": 100, "apgd-t": 900, "fab-t": 900, "square": attack.queries}
        return sum(costs[part] for part in attack.parts)
    return attack.gradients if isinstance(attack, Attack) else 0


def _facts(exact: Network, x: Tensor, y: Tensor, flipped_at: Tensor) -> dict[str, float]:
    """Return the bound, the bound without the last layer, and the fraction of false certificates from the latter."""
    with torch.no_grad():
        uncounted = margins(exact(x), y) / (2**0.5 * exact.body_bound())
    return {
        "bound": exact.lipschitz_bound(),
        "uncounted": exact.body_bound(),
        "clean": float((flipped_at > 0).double().mean()),
        "false_claims": float(broken(uncounted, flipped_at).double().mean()),
    }


def _summary(budgets: pd.DataFrame, networks: pd.DataFrame) -> dict[str, float]:
    labels = ["attack", "network", "eps"]
    summary = {k.partition("/")[2]: x for k, x in keyed(budgets, labels, "accuracy").items()}
    for (label, radius), own in budgets.groupby(["network", "eps"], sort=False):
        share = own.set_index("attack")["accuracy"]
        summary[f"inflation/{label}/{radius:g}"] = share.iloc[0] - share["all"]
    reach = budgets.groupby("attack", sort=False)["reach"].max().drop(["all", "certified"])
    summary |= keyed(reach, ["attack"], "reach")
    return summary | keyed(networks, ["network"], *networks.columns[1:])
