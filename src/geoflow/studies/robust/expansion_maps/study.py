"""Expansion of trained networks on a plane in the input space."""

import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, Tools
from geoflow.learning.datasets import DataSet, load
from geoflow.learning.trials import train_network
from geoflow.networks.certificates import check_bound
from geoflow.networks.jacobian import jacobian_norms
from geoflow.networks.network import copy_for_evaluation
from geoflow.studies.robust.expansion_maps.config import ExpansionMaps


def study(asked: ExpansionMaps, tools: Tools) -> Answer:
    """Train the networks and compute their Jacobian norms; raises GeoflowError if one exceeds the bound."""
    data = load(asked.dataset, tools.data)
    axis = torch.linspace(-asked.margin, 1 + asked.margin, asked.points, dtype=torch.float64)
    u, v = (grid.flatten() for grid in torch.meshgrid(axis, axis, indexing="xy"))
    origin, along_u, along_v, corners = _plane(data)
    inputs = origin + u[:, None] * along_u + v[:, None] * along_v
    images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)
    frames: list[pd.DataFrame] = []
    summary: dict[str, float] = {}
    for choice in tools.progress(asked.networks, "networks"):
        label = choice.label
        network, _ = train_network(tools, choice, data, asked.training, asked.seed)
        exact = copy_for_evaluation(network).requires_grad_(False)
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
    certain = [c.label for c in asked.networks if summary[f"bound/{c.label}"] <= 1 + 1e-6]
    summary["least_clean"] = min((summary[f"clean/{label}"] for label in certain), default=0.0)
    return Answer({"maps": pd.concat(frames, ignore_index=True), "corners": corners}, summary)


def _plane(data: DataSet) -> tuple[Tensor, Tensor, Tensor, pd.DataFrame]:
    """Return origin, the two directions (d,), and the test images in the plane."""
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
