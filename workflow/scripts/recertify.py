"""Certificates of networks that are built again from stored weights, beside the stored ones."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from geoflow.ground import InputError, Progress, made, no_progress
from geoflow.learning.datasets import load
from geoflow.learning.weights import unpack
from geoflow.networks.architectures import ARCHITECTURES
from geoflow.networks.certificates import certified_radii
from geoflow.networks.network import build, copy_for_evaluation


def recertify(
    values: Mapping[str, Any], accuracy: pd.DataFrame, weights: pd.DataFrame, *,
    folder: Path | str = "data/raw", progress: Progress = no_progress,
) -> pd.DataFrame:  # fmt: skip
    """Build each network of `values` that has `weights`, certify the test images, and compare.

    Columns: network, seed, eps, stored (number of certified images in the table `accuracy` of the study `robustness`),
    recomputed. Raises InputError if there are no weights.
    """
    if weights.empty:
        raise InputError("there are no stored weights; name the networks in `kept` and run again.")
    choices = {choice["label"]: choice for choice in values["networks"]}
    rows = []
    for (label, seed), own in progress(list(weights.groupby(["network", "seed"])), "networks"):
        data = load({**values["dataset"], **({"draw": seed} if values.get("drawn") else {})}, folder)
        images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)
        layers = made(ARCHITECTURES, choices[label]["architecture"])
        network = build(layers, data.shape, torch.Generator())
        unpack(network, own.to_dict("records"))
        radii = certified_radii(copy_for_evaluation(network), images, labels)
        stored = accuracy[
            (accuracy["network"] == label) & (accuracy["seed"] == seed) & (accuracy["kind"] == "certified")
        ]
        for eps, correct in zip(stored["eps"], stored["correct"], strict=True):
            which = {"network": label, "seed": seed, "eps": eps}
            rows.append({**which, "stored": correct, "recomputed": int((radii > eps).sum())})
    return pd.DataFrame(rows)
