"""Studies as functions of plain values, as the runner calls them."""

from collections.abc import Callable
from dataclasses import asdict, fields
from importlib import import_module
from pathlib import Path
from typing import Any

from geoflow.ground.answer import Answer, Progress, Tools, no_progress
from geoflow.ground.study import build_values
from geoflow.pipeline.quantities import check_answer
from geoflow.studies import find_studies, module_of


def study_of(name: str) -> Callable[..., Answer]:
    """The study "chapter/name": call it with its values in the order of its config.py, or by keyword."""
    config = find_studies()[name]
    compute = import_module(module_of(name)).study

    def call(
        *given: Any,
        progress: Progress = no_progress,
        checkpoints: Path | None = None,
        folder: Path | str = "data/raw",
        declared: bool = True,
        **more: Any,
    ) -> Answer:
        values = dict(zip((one.name for one in fields(config)), given, strict=False)) | more
        asked = build_values(config, values)
        answer: Answer = compute(asked, Tools(progress, checkpoints, Path(folder)))
        if declared:  # the runner refuses an answer that is not as declared
            check_answer(config, asdict(asked), answer, name)
        return answer

    return call


def runs_of(methods: list[str], **columns: list[float]) -> list[dict[str, Any]]:
    """One run per method, with the values of the columns: what `runs` of a study takes."""
    rows = zip(*columns.values(), strict=True)
    return [{"method": m, **dict(zip(columns, row, strict=True))} for m, row in zip(methods, rows, strict=True)]


def train_from(spec: dict[str, Any], data: Any, training: dict[str, Any], seed: int) -> Any:
    """`train_network` with a network and its training as plain values."""
    from geoflow.learning.settings import NetworkSpec, Training
    from geoflow.learning.trials import train_network

    return train_network(Tools(), build_values(NetworkSpec, spec), data, build_values(Training, training), seed)
