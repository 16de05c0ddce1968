"""Certificates under rounding: what is proved for lower precision, and what breaks without a proof."""

import copy
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import torch
from torch import Tensor

from geoflow.ground import Answer, Table, Tools
from geoflow.learning.datasets import load
from geoflow.learning.trials import train_network
from geoflow.measure.keyed import keyed
from geoflow.networks.certificates import certified_radii, margins
from geoflow.networks.network import Network, copy_for_evaluation
from geoflow.studies.robust.arithmetic.config import Arithmetic

NAMES = ("float64", "float32", "float16", "bfloat16")
FORMATS: Table[torch.dtype] = Table("arithmetic", {name: getattr(torch, name) for name in NAMES})
HALVINGS = 50


def study(asked: Arithmetic, tools: Tools) -> Answer:
    """Train the network, run it in each arithmetic near its decision boundaries, and certify it for each."""
    formats = {name: FORMATS[name] for name in asked.arithmetics}
    data = load(asked.dataset, tools.data)
    images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)
    tables: dict[str, list[dict[str, Any]]] = {"errors": [], "broken": [], "accuracy": []}
    for seed in tools.progress(asked.seeds, "seeds"):
        exact = copy_for_evaluation(train_network(tools, asked.network, data, asked.training, seed)[0])
        near = [points_of_margin(exact, images, labels, margin) for margin in asked.margins]
        points, classes = (torch.cat(both) for both in zip(*near, strict=True))
        for name, format in formats.items():
            label, unit = {"arithmetic": name, "seed": seed}, torch.finfo(format).eps / 2
            found, parts = _run(exact, points, classes, format, asked.margins)
            tables["errors"].append({**label, **found})
            tables["broken"] += [{**label, **part} for part in parts]
            radii = certified_radii(exact, images, labels, unit=unit)
            shares = [float((radii > eps).double().mean()) for eps in asked.eps]
            tables["accuracy"] += [{**label, "eps": eps, "share": x} for eps, x in zip(asked.eps, shares, strict=True)]
    frames = {name: pd.DataFrame(rows) for name, rows in tables.items()}
    return Answer(frames, _summary(**frames))


def points_of_margin(exact: Network, images: Tensor, labels: Tensor, margin: float) -> tuple[Tensor, Tensor]:
    """Points of at least this margin, as close to it as bisection finds, and their classes.

    They lie on the segments from each correctly classified image with a larger margin to the next of another class.
    """
    with torch.no_grad():
        own = (margins(exact(images), labels) > margin).nonzero().flatten()
    images, labels = images[own], labels[own]
    others = torch.stack([(labels.roll(-k) != labels).long() for k in range(1, len(labels))]).argmax(dim=0) + 1
    ends = images[(torch.arange(len(labels)) + others) % len(labels)]
    low, high = torch.zeros(len(labels)).double(), torch.ones(len(labels)).double()
    shape = (-1, *[1] * (images.dim() - 1))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        with torch.no_grad():
            inside = margins(exact(torch.lerp(images, ends, middle.reshape(shape))), labels) >= margin
        low, high = torch.where(inside, middle, low), torch.where(inside, high, middle)
    return torch.lerp(images, ends, low.reshape(shape)), labels


def _run(
    exact: Network, points: Tensor, classes: Tensor, format: torch.dtype, edges: Sequence[float]
) -> tuple[dict[str, float], list[dict[str, float]]]:
    """Error and bound at the points rounded to a format, and for each range of margins the share of wrong classes."""
    points = points.to(format)
    with torch.no_grad():
        logits, right = copy.deepcopy(exact).to(format)(points).double(), exact(points.double())
    error = float((logits - right).norm(dim=1).max())
    reach, unit = float(points.double().flatten(1).norm(dim=1).max()), torch.finfo(format).eps / 2
    bound = exact.bounds(reach)[1] + exact.bounds(reach, unit)[1]
    place = np.digitize(margins(right, classes), edges)
    wrong = (margins(logits, classes) <= 0).numpy()
    shares = [
        {"margin": edge, "broken": wrong[place == k].mean(), "points": int((place == k).sum())}
        for k, edge in enumerate(edges, start=1)
        if (place == k).any()
    ]
    return {"error": error, "bound": bound}, shares


def _summary(errors: pd.DataFrame, broken: pd.DataFrame, accuracy: pd.DataFrame) -> dict[str, float]:
    largest = errors.groupby("arithmetic").max()
    largest["ratio"] = largest["bound"] / largest["error"]
    found = keyed(largest, ["arithmetic"], "error", "bound")
    found |= keyed(largest[largest["error"] > 0], ["arithmetic"], "ratio")
    found |= keyed(broken.groupby(["arithmetic", "margin"]).max(), ["arithmetic", "margin"], "broken")
    return found | keyed(accuracy.groupby(["arithmetic", "eps"]).min(), ["arithmetic", "eps"], certified="share")
