"""What a study returns: tidy tables and a flat summary."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

Progress = Callable[[Iterable[Any], str], Iterable[Any]]


def no_progress(iterable: Iterable[Any], label: str) -> Iterable[Any]:
    """The default `progress` of a study: iterate, print nothing."""
    return iterable


def say(bar: Iterable[Any], text: str) -> None:
    """Put a few words beside the time left, where `bar` is a progress bar that can show them."""
    speak: Callable[[str], None] | None = getattr(bar, "say", None)
    if speak is not None:
        speak(text)


@dataclass(frozen=True)
class Study:
    """The outcome of one study.

    tables: name -> tidy frame in long form, one observation a row; columns are words (method, h).
    summary: key -> number, `quantity` or `quantity/label`, e.g. `energy_drift/rk4`. Every number of
    the report and every claim is one of these keys.
    units: column -> unit, for the columns that have one.
    """

    tables: dict[str, pd.DataFrame]
    summary: dict[str, float]
    units: dict[str, str] = field(default_factory=dict)
