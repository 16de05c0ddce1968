"""Checks of one entry: comparison of its declared, derived and measured properties."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from geoflow.check.findings import Finding
from geoflow.describe import KINDS, find
from geoflow.ground import InputError

__all__ = ["Finding", "check", "check_entry"]


def check(name: str) -> list[Finding]:
    """Check the entry or experiment `name` and return all findings; raises InputError for an unknown name."""
    return check_entry(*find(name))


def check_entry(kind: str, entry: Any) -> list[Finding]:
    """Check an entry of a given `kind`, which need not be in a table; an experiment is given by its name."""
    if kind not in KINDS:
        raise InputError(f"expected one of {', '.join(KINDS)}, got {kind!r}.")
    # Imported on demand, because the check of a method should not wait for torch.
    module = import_module(f"geoflow.check.{kind}")
    one: Callable[[Any], list[Finding]] = getattr(module, f"check_{kind.removesuffix('s')}")
    try:
        with np.errstate(all="ignore"):
            return one(entry)
    except Exception as error:  # an entry is user code and can raise any exception
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        return [Finding("check", wrong=f"the check could not be finished: {said}")]
