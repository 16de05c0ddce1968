"""Studies as functions of plain values, as the runner calls them."""

from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from geoflow.ground.answer import Answer, Progress, Tools, no_progress
from geoflow.ground.study import build_values, field_names
from geoflow.pipeline.quantities import check_answer
from geoflow.studies import find_studies, module_of


def study_of(name: str) -> Callable[..., Answer]:
    """The study "chapter/name": call it with its values in the order of its config.py, or by keyword."""
    declared = find_studies()[name]
    compute = import_module(module_of(name)).study

    def call(
        *given: Any,
        progress: Progress = no_progress,
        checkpoints: Path | None = None,
        folder: Path | str = "data/raw",
        **more: Any,
    ) -> Answer:
        values = dict(zip(field_names(declared), given, strict=False)) | more
        asked = build_values(declared, values)
        answer: Answer = compute(asked, Tools(progress, checkpoints, Path(folder)))
        check_answer(declared, asdict(asked), answer, name)
        return answer

    return call
