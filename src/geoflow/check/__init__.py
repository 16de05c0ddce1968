"""Checks of one entry: comparison of its declared, derived and measured properties."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np

from geoflow.check.findings import Finding
from geoflow.describe import TABLES, find
from geoflow.ground import InputError
from geoflow.ground.sentences import sentence

__all__ = ["Finding", "check", "check_entry"]


def check(name: str) -> list[Finding]:
    """Check the entry or experiment `name` and return all findings; raises InputError for an unknown name."""
    return check_entry(*find(name))


def check_entry(kind: str, entry: Any) -> list[Finding]:
    """Check an entry of a given `kind`, which need not be in a table; an experiment is given by its name."""
    if kind not in (*TABLES, "experiments"):
        raise InputError(f"expected an entry of {', '.join(TABLES)} or experiments, got one of {kind!r}.")
    # Imported on demand, because the check of a method should not wait for torch.
    module = import_module(f"geoflow.check.{kind}")
    one: Callable[[Any], list[Finding]] = getattr(module, f"check_{kind.removesuffix('s')}")
    try:
        with np.errstate(all="ignore"):
            rows = one(entry)
            if kind in ("problems", "potentials") and not any(row.wrong for row in rows):
                rows += _with_other_parameters(getattr(entry, "make", None) or entry, one)
            return rows
    except Exception as error:  # an entry is user code and can raise any exception
        said = (sentence(error) or f"{type(error).__name__}: {error}").splitlines()[0]
        return [Finding("check", wrong=f"the check could not be finished: {said}")]


def _with_other_parameters(make: Any, one: Callable[[Any], list[Finding]]) -> list[Finding]:
    """Rows that are wrong with each real parameter changed by its own few percent.

    At a default of 1, mistakes such as k**3 for k**2 or x / k for x * k are hidden.
    """
    defaults = {key: p.default for key, p in inspect.signature(make).parameters.items()} if callable(make) else {}
    numbers = [key for key, value in defaults.items() if isinstance(value, float)]
    other = {key: defaults[key] * (1.03 + 0.02 * k) for k, key in enumerate(numbers)}
    try:
        wrong = [row for row in one(make(**other)) if row.wrong] if other else []
    except InputError:  # these parameters are not allowed together
        return []
    where = "with " + ", ".join(f"{key} = {value:.4g}" for key, value in other.items())
    return [replace(row, wrong=f"{row.wrong}; this is {where}, the default parameters hide it") for row in wrong]
