"""config/assignment.yaml: the questions of a coursework, their points and what the pipeline checks for each."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import yaml

from geoflow.ground import InputError
from geoflow.pipeline.checking import require_known, validate

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")


@dataclass
class Question:
    """text: what is asked; points: at most; claims: experiments whose claims should hold; figures: that should agree.

    visibility: when Gradescope shows points and reasons to the student, one of VISIBILITIES.
    Each claim and each figure has the same share of the points; a question without either is marked by hand.
    """

    name: str = "???"
    text: str = "???"
    points: float = 0.0
    visibility: str = "visible"
    claims: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


@dataclass
class Assignment:
    """due: date and time with its zone; words: of the text, at most; anonymous: whether the marker must not see who the
    author is; packages: that own code may import.
    """

    title: str = "???"
    due: str = "???"
    words: int = 3000
    anonymous: bool = False
    packages: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def deadline(self) -> datetime:
        """The due date with its time zone."""
        return datetime.fromisoformat(self.due)


def load(path: Path, experiments: Collection[str], figures: Collection[str]) -> Assignment:
    """Load and validate an assignment; raises InputError with one sentence for a wrong key, name or date."""
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise InputError(f"{path}: expected a YAML file, got {' '.join(str(error).split())}.") from None
    plain = validate(Assignment, tree or {}, path)
    made = Assignment(**{**plain, "questions": [Question(**one) for one in plain["questions"]]})
    try:
        zoned = made.deadline.tzinfo is not None
    except ValueError:
        zoned = False
    if not zoned:
        raise InputError(f"{path}: due: expected a date such as '2026-12-18 17:00+00:00', got {made.due!r}.")
    if not made.questions:
        raise InputError(f"{path}: expected at least one question, got none.")
    for one in made.questions:
        if one.points <= 0:
            raise InputError(f"{path}: question {one.name!r}: expected positive points, got {one.points:g}.")
        require_known(f"{path}: question {one.name!r}", "visibility", one.visibility, VISIBILITIES)
        for name in one.claims:
            require_known(f"{path}: question {one.name!r}", "experiment", name, experiments)
        for name in one.figures:
            require_known(f"{path}: question {one.name!r}", "figure", name, figures)
    return made
