"""Checks that stop Snakemake before it builds its graph: unknown options, and tracked results that were changed."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from paper_results import PAPER, list_tracked

from geoflow.ground import InputError
from geoflow.ground.complete import faults
from geoflow.pipeline.checking import require_known
from geoflow.pipeline.whole import TRACKED
from geoflow.pipeline.written import members


def check_tracked(folder: Path = TRACKED) -> None:
    """Raise InputError if a tracked result does not match its digests."""
    for name in list_tracked(folder):
        run = folder / PAPER / name
        try:
            wrong = [f"{run / file} is {why}" for file, why in faults(run).items()]
        except InputError as error:
            wrong = [str(error).partition(";")[0]]
        for sentence in wrong:
            raise InputError(f"{sentence}; restore it with `git checkout -- {run}`.")


def check_command_line(config: Mapping[str, Any], valid: Sequence[str]) -> None:
    """Raise InputError for unknown keys of Snakemake's --config and for an unknown scale."""
    for key in config:
        require_known("--config", "key", key, valid)
    require_known("--config", "scale", config.get("scale", "default"), members("scale"))
