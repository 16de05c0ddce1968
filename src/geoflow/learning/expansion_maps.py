"""Study: where in its input space a network expands, and what depth and width do to it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from geoflow.analysis.study import Progress, Study, no_progress
from geoflow.learning.datasets import DataSet, load
from geoflow.learning.robustness import ATTACKS, stream, trained
from geoflow.networks.certificates import certified_radii, check_bound, clopper_pearson
from geoflow.networks.jacobian import jacobian_norms, largest_jacobian_norm
from geoflow.networks.network import Network, settled

STARTS = 64


def expansion_maps(
    dataset: Mapping[str, Any],
    networks: Sequence[Mapping[str, Any]],
    training: Mapping[str, Any],
    points: int,
    margin: float,
    seed: int,
    *,
    folder: Path | str = "data/raw",
    checkpoints: Path | str | None = None,
    progress: Progress = no_progress,
) -> Study:
    """The largest singular value of the Jacobian on a plane of inputs, for each trained network.

    Images of two numbers are the plane themselves, (u, v) in [0, 1]^2. Otherwise it is the affine
    plane through three test images of different classes, (0, 0), (1, 0) and (0, 1) in coordinates
    (u, v). The grid has `points` values in each direction and reaches `margin` beyond.
    Tables: maps (network, u, v, expansion, chosen), chosen being the class there; corners (network,
    u, v, label): what is in the plane of the test images. Summary: largest/<network>,
    share_above_one/<network>, median/<network>, bound/<network>, clean/<network>; least_clean: over the
    networks of bound 1.
    Raises GeoflowError when a Jacobian exceeds the bound.
    """
    data = load(dataset, folder)
    axis = torch.linspace(-margin, 1 + margin, points, dtype=torch.float64)
    u, v = (grid.flatten() for grid in torch.meshgrid(axis, axis, indexing="xy"))
    origin, along_u, along_v, corners = _plane(data)
    inputs = origin + u[:, None] * along_u + v[:, None] * along_v
    images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)
    frames: list[pd.DataFrame] = []
    summary: dict[str, float] = {}
    for choice in progress(networks, "networks"):
        label = choice["label"]
        network, _ = trained(
            choice, data, training, seed, checkpoints=checkpoints, progress=progress
        )
        exact = settled(network).requires_grad_(False)
        norms, chosen = jacobian_norms(exact, inputs), exact(inputs).argmax(dim=1)
        bound = exact.lipschitz_bound()
        check_bound(float(norms.max()), bound, label)
        columns = {"u": u, "v": v, "expansion": norms, "chosen": chosen}
        frames.append(pd.DataFrame({"network": label} | {k: x.numpy() for k, x in columns.items()}))
        summary |= {
            f"largest/{label}": float(norms.max()),
            f"median/{label}": float(norms.median()),
            f"share_above_one/{label}": float((norms > 1 + 1e-9).double().mean()),
            f"bound/{label}": bound,
            f"clean/{label}": float((exact(images).argmax(dim=1) == labels).double().mean()),
        }
    certain = [c["label"] for c in networks if summary[f"bound/{c['label']}"] <= 1 + 1e-6]
    summary["least_clean"] = min((summary[f"clean/{label}"] for label in certain), default=0.0)
    return Study({"maps": pd.concat(frames, ignore_index=True), "corners": corners}, summary)


def _plane(data: DataSet) -> tuple[Tensor, Tensor, Tensor, pd.DataFrame]:
    """Origin, the two directions (d,), and the test images that lie in the plane."""
    flat = torch.tensor(data.test.images).double().flatten(1)
    labels = torch.tensor(data.test.labels)
    if flat.shape[1] == 2:
        columns = {"u": flat[:, 0], "v": flat[:, 1], "label": labels}
        corners = pd.DataFrame({key: column.numpy() for key, column in columns.items()})
        one, two = torch.eye(2).double()
        return torch.zeros(2).double(), one, two, corners
    first = [int((labels == k).nonzero()[0]) for k in labels.unique()[:3].tolist()]
    origin, one, two = flat[first]
    rows = {"u": [0.0, 1.0, 0.0], "v": [0.0, 0.0, 1.0], "label": labels[first].tolist()}
    return origin, one - origin, two - origin, pd.DataFrame(rows)


def depth_width(
    dataset: Mapping[str, Any],
    networks: Sequence[Mapping[str, Any]],
    training: Mapping[str, Any],
    depths: Sequence[int],
    widths: Sequence[int],
    eps: float,
    seeds: Sequence[int],
    *,
    folder: Path | str = "data/raw",
    checkpoints: Path | str | None = None,
    progress: Progress = no_progress,
) -> Study:
    """Each network at every depth and width: accuracy, certificates, bound and what is found.

    Table: networks (network, depth, width, seed, parameters, clean, certified, low, high, bound,
    found), certified at `eps` with its 95 % interval. Summary, means over the seeds:
    clean/<network>/<depth>x<width>, certified/..., and the largest bound/... and found/...;
    gain/<network>: certified accuracy of the deepest and widest over the shallowest and narrowest.
    Raises GeoflowError when a Jacobian exceeds the bound.
    """
    data = load(dataset, folder)
    images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)
    rows: list[dict[str, Any]] = []
    runs = [
        (choice, depth, width, seed)
        for choice in networks
        for depth in depths
        for width in widths
        for seed in seeds
    ]
    for choice, depth, width, seed in progress(runs, "networks"):
        architecture = {**choice["architecture"], "depth": depth, "width": width}
        one = {**choice, "architecture": architecture}
        network, _ = trained(one, data, training, seed, checkpoints=checkpoints, progress=progress)
        who = {"network": choice["label"], "depth": depth, "width": width, "seed": seed}
        rows.append({**who, **_measured(network, images, labels, eps, seed, str(who))})
    table = pd.DataFrame(rows)
    return Study({"networks": table}, _by_size(table))


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
