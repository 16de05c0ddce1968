"""Tables of named entries as text and frames, and their entries with given properties."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from inspect import getdoc
from typing import Any

import pandas as pd

from geoflow.ground import Family, InputError, Table, nearest
from geoflow.ground.registry import bounds
from geoflow.theory import structure

Properties = dict[str, Callable[[Any], Any]]
CONSTANTS = "dimension L mu smooth reference"


def attributes(names: str, of: Callable[[Any], Any] = lambda entry: entry) -> Properties:
    """Return name -> function for attributes of an entry, or of what `of` makes of it."""
    return {name: partial(lambda name, entry: getattr(of(entry), name), name) for name in names.split()}


# Kind of table -> its properties, and those in its columns: all that take no time.
KINDS: dict[str, tuple[Properties, str]] = {
    "method": (structure.PROPERTIES, "order stages explicit symmetric symplectic reference"),
    "problem": (
        attributes("dimension y0 span parameters invariants separable autonomous reference")
        | {"exact_solution": lambda problem: problem.exact is not None}
        | {"y0": lambda problem: problem.y0.tolist(), "invariants": lambda problem: list(problem.invariants)},
        "dimension separable autonomous exact_solution invariants reference",
    ),
    "potential": (attributes(CONSTANTS, lambda make: make()), CONSTANTS),
    "layer": (attributes("formula law condition non_expansive reference"), "formula law reference"),
}
OTHER: tuple[Properties, str] = {"description": lambda entry: (getdoc(entry) or "").split("\n")[0]}, "description"


def properties(table: Table[Any], names: Iterable[str] = ()) -> Properties:
    """Return the functions of the columns and of `names`; raises InputError for an unknown name."""
    known, columns = KINDS.get(table.kind, OTHER)
    for name in names:
        if name not in known:
            raise InputError(f"a {table.kind} has no property {name!r}; {nearest(name, known)}")
    return {name: known[name] for name in dict.fromkeys([*columns.split(), *names])}


def where(table: Table[Any], wanted: Mapping[str, Any]) -> Table[Any]:
    """Return the entries with the wanted properties; those that take no time are compared first."""
    tests = [(of, wanted[name]) for name, of in properties(table, wanted).items() if name in wanted]
    found = {name: entry for name, entry in table.items() if all(_fits(of(entry), value) for of, value in tests)}
    return Table(table.kind, found)


def _fits(value: Any, wanted: Any) -> bool:
    if callable(wanted):
        return value is not None and bool(wanted(value))
    return bool(wanted in value if isinstance(value, list) else value == wanted)


def frame(table: Table[Any], names: Iterable[str] = ()) -> pd.DataFrame:
    """Return one row per name, with the columns of the text and the given properties."""
    chosen = properties(table, names)
    rows = {name: [of(entry) for of in chosen.values()] for name, entry in table.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(chosen)).rename_axis(table.kind)


def text(table: Table[Any]) -> str:
    """Return the frame as text, and the families, whose other members have names too."""
    families = [f"{key} ({bounds(key, entry)})" for key, entry in table.entries.items() if isinstance(entry, Family)]
    more = [f"Every member of a family has a name: {', '.join(families)}."] if families else []
    return "\n".join([frame(table).rename_axis(None).to_string(max_colwidth=None), *more])
