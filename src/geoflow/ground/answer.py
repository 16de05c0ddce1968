"""The tools that a study receives with its values, and its answer: tidy tables and a flat summary."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
Progress = Callable[[Iterable[Any], str], Iterable[Any]]


def no_progress(iterable: Iterable[Any], label: str) -> Iterable[Any]:
    """Iterate without printing anything: the default progress bar of a study."""
    return iterable


def say(bar: Iterable[Any], text: str) -> None:
    """Show a short text next to the time left, if `bar` is a progress bar that supports it."""
    speak: Callable[[str], None] | None = getattr(bar, "say", None)
    if speak is not None:
        speak(text)


@dataclass(frozen=True)
class Tools:
    """Tools that the runner passes to a study.

    progress: wraps an iterable and shows the time left; checkpoints: folder for the finished parts of an
    interrupted study, specific to these values and this code, or None to store nothing; data: folder of
    the downloaded data sets.
    """

    progress: Progress = no_progress
    checkpoints: Path | None = None
    data: Path = Path("data/raw")

    def resume(self, name: str, compute: Callable[..., T], /, *given: Any, **more: Any) -> T:
        """Return compute(*given, **more), or its stored result from an interrupted run of the same study.

        `name` identifies the part: it must contain every value that differs between parts, to full precision.
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
