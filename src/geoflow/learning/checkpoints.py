"""Where a training goes on after a kill. Touches files, in a folder that the caller names."""

import io
from pathlib import Path
from typing import Any

import torch

from geoflow.ground import recall, remember


class Checkpoint:
    """One file that holds the newest state of one training; writing is atomic."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def load(self) -> dict[str, Any] | None:
        """The stored state, or None when there is none or it is damaged."""
        stored = recall(self.path)
        return None if stored is None else dict(torch.load(io.BytesIO(stored), weights_only=True))

    def save(self, state: dict[str, Any]) -> None:
        """Store a state in place of the one before."""
        packed = io.BytesIO()
        torch.save(state, packed)
        remember(self.path, packed.getvalue())
