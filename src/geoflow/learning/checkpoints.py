"""Where a training goes on after a kill. Touches files, in a folder that the caller names."""

import os
from pathlib import Path
from typing import Any

import torch


class Checkpoint:
    """One file that holds the newest state of one training; writing is atomic."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def load(self) -> dict[str, Any] | None:
        """The stored state, or None when there is none."""
        if not self.path.exists():
            return None
        return dict(torch.load(self.path, weights_only=True))

    def save(self, state: dict[str, Any]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        hidden = self.path.with_name(f".{os.getpid()}.{self.path.name}")
        torch.save(state, hidden)
        os.replace(hidden, self.path)
