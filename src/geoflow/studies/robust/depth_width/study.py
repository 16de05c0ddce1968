"""Each network at every depth and width: accuracy, certificates, bound and what is found."""

from dataclasses import replace
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from geoflow.ground.answer import Answer, Tools
from geoflow.learning.datasets import load
from geoflow.learning.trials import ATTACKS, stream, trained
from geoflow.measure.counts import clopper_pearson
from geoflow.networks.certificates import certified_radii, check_bound
from geoflow.networks.jacobian import largest_jacobian_norm
from geoflow.networks.network import Network, settled
from geoflow.studies.robust.depth_width.config import DepthWidth

STARTS = 64


def study(asked: DepthWidth, tools: Tools) -> Answer:
    """Each network at every depth and width: accuracy, certificates, bound and what is found.

    Table: networks (network, depth, width, seed, parameters, clean, certified, low, high, bound,
    found), certified at `eps` with its 95 % interval. Summary, means over the seeds:
    clean/<network>/<depth>x<width>, certified/..., and the largest bound/... and found/...;
    gain/<network>: certified accuracy of the deepest and widest over the shallowest and narrowest.
    Raises GeoflowError when a Jacobian exceeds the bound.
    """
    data = load(asked.dataset, tools.data)
    images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)
    rows: list[dict[str, Any]] = []
    runs = [
        (choice, depth, width, seed)
        for choice in asked.networks
        for depth in asked.depths
        for width in asked.widths
        for seed in asked.seeds
    ]
    for choice, depth, width, seed in tools.progress(runs, "networks"):
        architecture = {**choice.architecture, "depth": depth, "width": width}
        one = replace(choice, architecture=architecture)
        network, _ = trained(
            one, data, asked.training, seed, checkpoints=tools.checkpoints, progress=tools.progress
        )
        who = {"network": choice.label, "depth": depth, "width": width, "seed": seed}
        rows.append({**who, **_measured(network, images, labels, asked.eps, seed, str(who))})
    table = pd.DataFrame(rows)
    return Answer({"networks": table}, _by_size(table))


def _measured(
    network: Network, images: Tensor, labels: Tensor, eps: float, seed: int, name: str
) -> dict[str, float]:
    exact = settled(network).requires_grad_(False)
    found = largest_jacobian_norm(exact, images[:STARTS].flatten(1), stream(seed, ATTACKS))
    bound = exact.lipschitz_bound()
    check_bound(found, bound, name)
    radii = certified_radii(exact, images, labels)
    certified = int((radii > eps).sum())
    low, high = clopper_pearson(certified, len(labels))
    return {
        "parameters": sum(p.numel() for p in exact.parameters()),
        "clean": float((exact(images).argmax(dim=1) == labels).double().mean()),
        "certified": certified / len(labels),
        "low": low,
        "high": high,
        "bound": bound,
        "found": found,
    }


def _by_size(table: pd.DataFrame) -> dict[str, float]:
    summary: dict[str, float] = {}
    for name, own in table.groupby("network", sort=False):
        sizes = own.groupby(["depth", "width"])
        for (depth, width), one in sizes:
            size = f"{name}/{depth}x{width}"
            summary[f"clean/{size}"], summary[f"certified/{size}"] = (
                one["clean"].mean(),
                one["certified"].mean(),
            )
            summary[f"bound/{size}"], summary[f"found/{size}"] = (
                one["bound"].max(),
                one["found"].max(),
            )
        certified = sizes["certified"].mean()
        summary[f"gain/{name}"] = certified.iloc[-1] - certified.iloc[0]
        summary[f"largest_bound/{name}"] = own["bound"].max()
        summary[f"largest_found/{name}"] = own["found"].max()
    return summary
