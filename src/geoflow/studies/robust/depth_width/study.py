"""Each network at every depth and width: accuracy, certificates, bound and largest Jacobian norm found."""

from dataclasses import replace
from itertools import product
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, Tools
from geoflow.learning.datasets import load
from geoflow.learning.trials import ATTACKS, stream, train_network
from geoflow.measure.counts import clopper_pearson
from geoflow.networks.certificates import certified_radii, check_bound
from geoflow.networks.jacobian import largest_jacobian_norm
from geoflow.networks.network import Network, copy_for_evaluation
from geoflow.studies.robust.depth_width.config import DepthWidth

STARTS = 64


def study(asked: DepthWidth, tools: Tools) -> Answer:
    """Train each network at every depth and width with each seed, and measure it.

    Raises GeoflowError if a Jacobian norm exceeds the bound.
    """
    data = load(asked.dataset, tools.data)
    images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)
    rows: list[dict[str, Any]] = []
    runs = list(product(asked.networks, asked.depths, asked.widths, asked.seeds))
    for choice, depth, width, seed in tools.progress(runs, "networks"):
        architecture = {**choice.architecture, "depth": depth, "width": width}
        one = replace(choice, architecture=architecture)
        network, _ = train_network(tools, one, data, asked.training, seed)
        who = {"network": choice.label, "depth": depth, "width": width, "seed": seed}
        rows.append({**who, **_measured(network, images, labels, asked.eps, seed, str(who))})
    table = pd.DataFrame(rows)
    return Answer({"networks": table}, _by_size(table))


def _measured(network: Network, images: Tensor, labels: Tensor, eps: float, seed: int, name: str) -> dict[str, float]:
    exact = copy_for_evaluation(network).requires_grad_(False)
    found = largest_jacobian_norm(exact, images[:STARTS].flatten(1), stream(seed, ATTACKS))
    bound = exact.lipschitz_bound()
    check_bound(found, bound, name)
    radii = certified_radii(exact, images, labels)
    certified = int((radii > eps).sum())
    low, high = clopper_pearson(certified, len(labels))
    clean = float((exact(images).argmax(dim=1) == labels).double().mean())
    size, share = sum(p.numel() for p in exact.parameters()), certified / len(labels)
    row = {"parameters": size, "clean": clean, "certified": share, "low": low, "high": high}
    return {**row, "bound": bound, "found": found}


def _by_size(table: pd.DataFrame) -> dict[str, float]:
    summary: dict[str, float] = {}
    for name, own in table.groupby("network", sort=False):
        sizes = own.groupby(["depth", "width"])
        for (depth, width), one in sizes:
            size = f"{name}/{depth}x{width}"
            for key in ("clean", "certified"):
                summary[f"{key}/{size}"] = one[key].mean()
            for key in ("bound", "found"):
                summary[f"{key}/{size}"] = one[key].max()
        certified = sizes["certified"].mean()
        summary[f"gain/{name}"] = certified.iloc[-1] - certified.iloc[0]
        summary[f"largest_bound/{name}"] = own["bound"].max()
        summary[f"largest_found/{name}"] = own["found"].max()
    return summary
