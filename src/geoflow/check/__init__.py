"""Checks of one entry: what it declares beside what follows from it and what is measured, with sentences."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from geoflow.check.findings import Finding
from geoflow.describe import KINDS, find
from geoflow.ground import InputError

__all__ = ["Finding", "check", "check_entry"]


def check(name: str) -> list[Finding]:
    """All findings about what is called `name`, an experiment among it; raises InputError for no such name."""
    return check_entry(*find(name))


def check_entry(kind: str, entry: Any) -> list[Finding]:
    """All findings about an entry of a table of `kind`, which need not be in that table; an experiment is its name."""
    if kind not in KINDS:
        raise InputError(f"expected one of {', '.join(KINDS)}, got {kind!r}.")
    # Imported when it is needed: checking a method should not wait for torch.
    module = import_module(f"geoflow.check.{kind}")
    one: Callable[[Any], list[Finding]] = getattr(module, f"check_{kind.removesuffix('s')}")
    try:
        with np.errstate(all="ignore"):
            return one(entry)
    except Exception as error:  # an entry is somebody's code and may fail in any way
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        return [Finding("check", wrong=f"the check could not be finished: {said}")]
