"""Weights as rows of a table in float16, small enough to track in git; the rounded weights are certified."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch

from geoflow.ground import InputError
from geoflow.networks.network import Network

COLUMNS = ["network", "seed", "tensor", "shape", "data"]


def round_to_half(network: Network) -> None:
    """Round every parameter to the nearest float16, in place, and settle the network again.

    The rounded network is certified afterwards, so the certificates remain valid. Raises InputError for a
    weight outside the range of float16.
    """
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            rounded = parameter.half()
            if not rounded.isfinite().all():
                raise InputError(f"weights: {name} has entries beyond 65504, the range of float16.")
            parameter.copy_(rounded)
    network.eval()


def pack(network: Network, label: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One row per parameter: its label, name, shape as text, and little-endian float16 bytes."""
    rows = []
    for name, parameter in network.named_parameters():
        data = parameter.detach().cpu().numpy().astype("<f2").tobytes()
        shape = "x".join(map(str, parameter.shape))
        rows.append({**label, "tensor": name, "shape": shape, "data": data})
    return rows


def unpack(network: Network, rows: Iterable[Mapping[str, Any]]) -> None:
    """Load packed weights and settle the network. Raises InputError if a parameter is missing or has a
    different shape."""
    stored = {row["tensor"]: row for row in rows}
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            shape = "x".join(map(str, parameter.shape))
            if name not in stored or stored[name]["shape"] != shape:
                found = stored[name]["shape"] if name in stored else "none"
                raise InputError(f"weights: expected {name} of shape {shape}, got {found}.")
            values = np.frombuffer(stored[name]["data"], "<f2").astype(np.float32)
            parameter.copy_(torch.from_numpy(values).view(parameter.shape))
    network.eval()
