"""Attack examples: perturbed images at increasing size of the perturbation."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, InputError, Tools
from geoflow.learning.attacks import Search, check_reach, lengths, project
from geoflow.learning.datasets import DataSet, load
from geoflow.learning.training import choose_device
from geoflow.learning.trials import ATTACKS, attacks_from, stream, train_network
from geoflow.measure.keyed import keyed, long_form
from geoflow.networks.network import Network, copy_for_evaluation
from geoflow.studies.robust.strips.config import Strips


def study(asked: Strips, tools: Tools) -> Answer:
    """Attack the images at each eps; the control is noise, a random perturbation of the same length."""
    data, where = load(asked.dataset, tools.data), choose_device(asked.device)
    data.grey_size()  # raises InputError for colour images before the training
    (search,) = attacks_from(asked.attack)
    check_reach(search)
    first = data.test.first(asked.images)
    x, y = torch.tensor(first.images).double(), torch.tensor(first.labels)
    chosen = _one_per_class(data, asked.images, asked.shown)
    pixels: list[pd.DataFrame] = []
    outcomes: list[pd.DataFrame] = []
    for choice in tools.progress(asked.networks, "networks"):
        network, _ = train_network(tools, choice, data, asked.training, asked.seed, where)
        exact, label = copy_for_evaluation(network), choice.label
        fast = copy_for_evaluation(network).to(where, torch.float32).requires_grad_(False)
        for radius in asked.eps:
            generator = stream(asked.seed, ATTACKS)
            single = x.to(where, torch.float32)
            points = search(fast, single, y.to(where), radius, generator).to(x) if radius else x
            moved = {"attacked": project(points, x, radius, search)}
            moved["noise"] = _noise(x, radius, search, generator)
            which = {"network": label, "eps": radius}
            for kind, points in moved.items():
                outcomes.append(_outcomes(exact, points, x, y, {**which, "kind": kind}))
            pixels += [_pixels(moved["attacked"], x, i, {**which, "image": i}) for i in chosen]
    tables = {"pixels": pd.concat(pixels), "outcomes": pd.concat(outcomes)}
    return Answer(tables, _summary(tables["outcomes"]))


def _one_per_class(data: DataSet, images: int, shown: int) -> list[int]:
    """Indices of the first image of each class, in the order of appearance."""
    _, first = np.unique(data.test.labels[:images], return_index=True)
    if len(first) < shown:
        raise InputError(f"strips: expected {shown} classes among {images} images, got {len(first)}.")
    return [int(i) for i in sorted(first)[:shown]]


def _noise(x: Tensor, eps: float, attack: Search, generator: torch.Generator) -> Tensor:
    """Add random noise of length eps, then project onto [0, 1]."""
    direction = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    sizes = lengths(direction, "l2").view(-1, *[1] * (x.dim() - 1))
    return project(x + eps * direction / sizes, x, eps, attack)


def _outcomes(exact: Network, points: Tensor, x: Tensor, y: Tensor, which: Mapping[str, Any]) -> pd.DataFrame:
    with torch.no_grad():
        predicted = exact(points).argmax(dim=1)
    columns = {"label": y.numpy(), "predicted": predicted.numpy()}
    size = lengths(points - x, "l2").numpy()
    return pd.DataFrame({"image": np.arange(len(y)), **which, **columns, "size": size})


def _pixels(points: Tensor, x: Tensor, i: int, which: Mapping[str, Any]) -> pd.DataFrame:
    _, height, width = x[i].shape
    frame = long_form({"row": range(height), "column": range(width)}, value=points[i], change=points[i] - x[i])
    return frame.assign(**which)


def _summary(outcomes: pd.DataFrame) -> dict[str, float]:
    right = outcomes.assign(right=outcomes["predicted"] == outcomes["label"])
    shares = right.pivot_table("right", ["network", "eps"], "kind", sort=False)
    return keyed(shares, ["network", "eps"], "noise", right="attacked")
