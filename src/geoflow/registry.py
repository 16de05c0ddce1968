"""Literal tables of named things, and the one way in which a name becomes an object."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, Generic, TypeVar

from geoflow.errors import InputError, nearest

T = TypeVar("T")


@dataclass(frozen=True)
class Family(Generic[T]):
    """Members with a number of stages S: any S can be looked up, `listed` ones appear in the table."""

    make: Callable[[int], T]
    listed: tuple[int, ...]
    smallest: int = 1


class Table(Mapping[str, T]):
    """A mapping from stable names to objects.

    A key that ends in `_S` holds a `Family`: with `gauss_S` in the table, `gauss_7` is a name.
    Any other value is the object itself. A dataclass with an empty `name` gets its key as name.
    """

    def __init__(self, kind: str, entries: Mapping[str, Any]) -> None:
        self.kind = kind
        self.entries = dict(entries)
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = self._named(name, self._find(name))
        return self._made[name]

    def _find(self, name: str) -> Any:
        entry = self.entries.get(name)
        if entry is not None and not isinstance(entry, Family):
            return entry
        match = re.fullmatch(r"(.+)_([0-9]+)", name)
        family = self.entries.get(f"{match[1]}_S") if match else None
        if match is None or not isinstance(family, Family):
            raise KeyError(name)
        stages = int(match[2])
        if stages < family.smallest:
            raise InputError(
                f"{self.kind} {match[1]}_S needs S >= {family.smallest} stages, got {name!r}; "
                f"try '{match[1]}_{family.smallest}'."
            )
        return family.make(stages)

    @staticmethod
    def _named(name: str, entry: Any) -> Any:
        nameless = getattr(entry, "name", None) == "" and is_dataclass(entry)
        return replace(entry, name=name) if nameless and not isinstance(entry, type) else entry

    def __iter__(self) -> Iterator[str]:
        for key, entry in self.entries.items():
            if isinstance(entry, Family):
                yield from (f"{key[:-2]}_{stages}" for stages in entry.listed)
            else:
                yield key

    def __len__(self) -> int:
        return sum(1 for _ in self)


def lookup(table: Table[T], name: str) -> T:
    """The entry called `name`; raises InputError with the nearest names when there is none."""
    try:
        return table[name]
    except KeyError:
        listed = [*table, *(key for key in table.entries if key.endswith("_S"))]
        raise InputError(f"unknown {table.kind} {name!r}; {nearest(str(name), listed)}") from None
