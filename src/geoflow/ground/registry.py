"""Tables of named objects, and the lookup of an object by its name."""

import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from importlib import import_module
from typing import Any, Generic, TypeVar

from geoflow.ground.errors import InputError, UnknownNameError, nearest
from geoflow.ground.shown import display
from geoflow.own import FOLDER

T = TypeVar("T")


@dataclass(frozen=True)
class Family(Generic[T]):
    """Entries with integer parameters: every member can be looked up, those in `listed` appear in the table."""

    make: Callable[..., T]
    listed: tuple[int | tuple[int, ...], ...]
    smallest: int | tuple[int, ...] = 1


def _tuple(parameters: int | tuple[int, ...]) -> tuple[int, ...]:
    return parameters if isinstance(parameters, tuple) else (parameters,)


def letters(key: str) -> list[str]:
    """Parameters in the name of a family: ["K", "S"] for `hbvm_K_S`."""
    return re.findall(r"(?<=_)[A-Z](?=_|$)", key)


def member(key: str, parameters: int | tuple[int, ...]) -> str:
    """Name of a member of a family: `hbvm_4_2` for `hbvm_K_S` and (4, 2)."""
    stem = key[: -2 * len(letters(key))]
    return "_".join([stem, *map(str, _tuple(parameters))])


def bounds(key: str, family: Family[Any]) -> str:
    """Valid parameters of a family in words: "K >= 1, S >= 1"."""
    return ", ".join(f"{X} >= {n}" for X, n in zip(letters(key), _tuple(family.smallest), strict=True))


def _pattern(key: str) -> str:
    """Regular expression for the members of a family: `hbvm_([0-9]+)_([0-9]+)` for `hbvm_K_S`."""
    return re.sub(r"_[A-Z](?=_|$)", r"_([0-9]+)", key)


def own_entries(name: str, taken: Collection[str] = ()) -> dict[str, Any]:
    """Return the dict `name` of the user's own package, such as METHODS of methods.py; empty without this file.

    Raises InputError for a file without the dict, and for an entry whose name is in `taken`.
    """
    path = FOLDER / f"{name.lower()}.py"
    found = getattr(import_module(f".own.{path.stem}", "geoflow"), name, None) if path.exists() else {}
    if not isinstance(found, dict):
        raise InputError(f"{path}: expected {name} = {{...}}, found none; geoflow new writes it.")
    if clash := sorted(set(found).intersection(taken)):
        raise InputError(f"{path}: {name} of geoflow already has {clash[0]!r}; choose another name.")
    return found


class Table(Mapping[str, T]):
    """Read-only mapping from names to objects, built from one or more dictionaries.

    A key that ends in capital letters holds a `Family`: if `gauss_S` is in the table, `gauss_7` is a valid
    name. Any other value is the object itself. A dataclass with an empty `name` gets its key as its name.
    own: the dict of the user's own package whose entries are added, when the table is first read.
    """

    def __init__(self, kind: str, *tables: Mapping[str, Any], own: str = "") -> None:
        self.kind = kind
        self._entries = {key: entry for table in tables for key, entry in table.items()}
        self._own = own
        assert len(self._entries) == sum(map(len, tables)), f"a {kind} is defined in two tables"
        self._made: dict[str, T] = {}
        self._allowed: set[str] | None = None

    @property
    def entries(self) -> dict[str, Any]:
        """All entries by key."""
        own, self._own = self._own, ""  # first, because the own code can look up other entries
        try:
            self._entries |= own_entries(own, self._entries) if own else {}
        except BaseException:
            self._own = own
            raise
        return self._entries

    def __repr__(self) -> str:
        return display("describe.tables").text(self)

    def _repr_html_(self) -> str:
        return display("describe.tables").frame(self).to_html()

    def where(self, **properties: Any) -> "Table[T]":
        """Return the table of the entries with these properties, such as `METHODS.where(symplectic=True, order=4)`.

        A value is one to compare with, one that a list contains, or a condition such as `lambda p: p >= 4`. Raises
        InputError for an unknown property.
        """
        return display("describe.tables").where(self, properties)

    def to_pandas(self, *properties: str) -> Any:
        """Return a frame with one row per name; further `properties` are added to the columns of the text."""
        return display("describe.tables").frame(self, properties)

    def restrict(self, keys: Iterable[str] | None) -> None:
        """Restrict lookups to `keys` of the table; None removes the restriction.

        The runner of a study allows exactly the entries that the digest of its code covers, so that every
        entry on which a result depends triggers a new run when it changes.
        """
        own = self.entries if keys is not None else {}  # to be loaded without the restriction
        self._allowed = None if keys is None else set(keys).intersection(own)

    def _check_allowed(self, keys: Iterable[str]) -> None:
        if self._allowed is None:
            return
        for key in keys:
            if key not in self._allowed:
                raise InputError(
                    f"this study looks up the {self.kind} {key!r}, which neither its values nor its code "
                    "name, so that a change there would not be noticed; name it in the values, or the "
                    "table in `whole` of the study's config.py."
                )

    def __getitem__(self, name: str) -> T:
        """Return the entry `name`; raises UnknownNameError with the nearest names if there is none."""
        if not isinstance(name, str):
            raise UnknownNameError(f"expected the name of a {self.kind}, got {name!r}.")
        if self._allowed is not None:  # lookups are frequent, and the key is needed only in this case
            self._check_allowed([self.key_of(name)])
        if name not in self._made:
            self._made[name] = self._named(name, self._find(name))
        return self._made[name]

    def key_of(self, name: str) -> str:
        """Key of the table that provides `name`: the name itself, or the key of its family."""
        if name in self.entries and not isinstance(self.entries[name], Family):
            return name
        for key, entry in self.entries.items():
            if isinstance(entry, Family) and re.fullmatch(_pattern(key), name):
                return key
        listed = dict.fromkeys([*self.names(), *self.entries])
        raise UnknownNameError(f"unknown {self.kind} {name!r}; {nearest(name, listed)}")

    def _find(self, name: str) -> Any:
        key = self.key_of(name)
        entry = self.entries[key]
        if not isinstance(entry, Family):
            return entry
        match = re.fullmatch(_pattern(key), name)
        assert match is not None
        return self._member(key, entry, tuple(map(int, match.groups())))

    def _member(self, key: str, family: Family[T], parameters: tuple[int, ...]) -> T:
        smallest = _tuple(family.smallest)
        if any(x < least for x, least in zip(parameters, smallest, strict=True)):
            given, valid = member(key, parameters), member(key, smallest)
            raise InputError(f"{self.kind} {key} needs {bounds(key, family)}, got {given!r}; try {valid!r}.")
        return family.make(*parameters)

    @staticmethod
    def _named(name: str, entry: Any) -> Any:
        nameless = getattr(entry, "name", None) == "" and is_dataclass(entry)
        return replace(entry, name=name) if nameless and not isinstance(entry, type) else entry

    def __iter__(self) -> Iterator[str]:
        self._check_allowed(self.entries)
        return self.names()

    def names(self) -> Iterator[str]:
        """Iterate over all names, including the listed members of families."""
        for key, entry in self.entries.items():
            if isinstance(entry, Family):
                yield from (member(key, parameters) for parameters in entry.listed)
            else:
                yield key

    def __len__(self) -> int:
        return sum(1 for _ in self.names())


def check_parameters(name: str, entry: Callable[..., object], given: Iterable[str]) -> None:
    """Raise InputError for a parameter that `entry`, the constructor called `name`, does not accept."""
    valid = inspect.signature(entry).parameters
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in valid.values()):
        return
    for key in given:
        if key not in valid:
            raise InputError(f"{name} has no parameter {key!r}; {nearest(key, valid)}")


def made(table: Table[Callable[..., T]], spec: Mapping[str, Any], *first: Any) -> T:
    """Call the constructor `spec["name"]` with the arguments `first` and the other entries of `spec`."""
    given = {key: value for key, value in spec.items() if key != "name"}
    return table[spec["name"]](*first, **given)
