"""What a study is given besides its values, and what it returns: tidy tables and a flat summary."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Progress = Callable[[Iterable[Any], str], Iterable[Any]]


def no_progress(iterable: Iterable[Any], label: str) -> Iterable[Any]:
    """Iterate and print nothing: the default progress bar of a study."""
    return iterable


def say(bar: Iterable[Any], text: str) -> None:
    """Put a few words beside the time left, where `bar` is a progress bar that can show them."""
    speak: Callable[[str], None] | None = getattr(bar, "say", None)
    if speak is not None:
        speak(text)


@dataclass(frozen=True)
class Tools:
    """What the runner lends to a study.

    progress: wraps an iterable and shows the time left; checkpoints: folder in which an interrupted
    study keeps its finished parts, or None to keep nothing; it belongs to exactly these values and
    this code; data: folder of the downloaded data sets.
    """

    progress: Progress = no_progress
    checkpoints: Path | None = None
    data: Path = Path("data/raw")

    def resume(self, name: str, compute: Callable[..., T], /, *given: Any, **more: Any) -> T:
        """compute(*given, **more), or what it returned in an interrupted run of the same study.

        `name` tells the parts of the study apart by all that differs between them, to the last digit.
        """
        from geoflow.ground.resumable import compute_part

        return compute_part(self.checkpoints, name, compute, *given, **more)


@dataclass(frozen=True)
class Answer:
    """The outcome of one study.

    tables: name -> tidy frame in long form, one observation per row; columns are words (method, h).
    summary: key -> number, `quantity` or `quantity/label`, e.g. `energy_drift/rk4`. Every number of
    the report and every claim is one of these keys.
    units: column -> unit, for the columns that have one.
    """

    tables: "dict[str, pd.DataFrame]"
    summary: dict[str, float]
    units: dict[str, str] = field(default_factory=dict)
