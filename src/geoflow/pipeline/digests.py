"""Digests of code, by which a change reruns only the jobs whose results it can affect.

Snakemake does not track the modules that a command imports. The digest of a module covers the module and
all modules of this tree that it imports, at the top or inside functions, or names in a string as
"geoflow.x.y" or "geoflow.x.y:name". Comments, docstrings and layout are ignored.

The entries of the tables (TABLES of `geoflow.ground.study`) count individually: a job depends on the
entries named in its values or its code, on the functions that create them, and on entries that these
name. It depends on a whole table only if it uses the whole table. A new method therefore reruns only
studies of all methods.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from geoflow.ground import InputError
from geoflow.ground.study import TABLES
from geoflow.pipeline.source import PACKAGE, SOURCE, Code, File, find_file, read, short_sha256

VALUES = ""  # origin of the strings that are not in a module
# These modules affect a job only through its frozen values, which are compared separately.
BEHIND_THE_VALUES = {
    f"{PACKAGE}.studies",  # finds studies and reads the list of figures
    *(
        f"{PACKAGE}.pipeline.{name}"
        for name in (*("checking", "compose", "overrides", "quantities", "schema", "written"), *("digests", "source"))
    ),
}


def digest_of(parts: Mapping[str, str]) -> str:
    """Combine several digests into one."""
    return short_sha256(json.dumps(parts, sort_keys=True))


def words_of(value: Any) -> Iterator[str]:
    """Yield all strings in nested values, including keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from words_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from words_of(one)


def reach(
    modules: Iterable[str], words: Iterable[str] = (), whole: Collection[str] = (), source: Path = SOURCE
) -> dict[str, str]:
    """Collect everything that can be reached: module, "module:definition" or "module:TABLE[entry]" -> digest."""
    walk = _Walk(source)
    walk.words[VALUES] = set(words)
    for reference in (*modules, *whole):
        walk.follow(reference)
    walk.add_entries(whole)
    return walk.found


def entries_reached(found: Iterable[str], address: str) -> set[str]:
    """Keys of the table at `address` in the result of `reach`."""
    start = f"{address}["
    return {name[len(start) : -1] for name in found if name.startswith(start)}


def modules_reached(modules: Iterable[str], source: Path = SOURCE) -> dict[str, Path]:
    """Module -> file for all modules that `modules` import, directly or indirectly."""
    names = (name.partition(":")[0] for name in reach(modules, source=source))
    paths = {name: find_file(name, source) for name in names}
    return {name: path for name, path in paths.items() if path is not None}


class _Walk:
    """Breadth-first search through modules, and through the definitions of files that contain tables."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.found: dict[str, str] = {}
        self.words: dict[str, set[str]] = {}  # module -> the strings in its code
        self.tables: set[str] = set()  # addresses of the reached tables
        self.seen: set[str] = set()
        self.catalogues = _catalogues(source)

    def follow(self, reference: str) -> None:
        """Add what "module" or "module:name" refers to."""
        waiting = [reference]
        while waiting:
            one = waiting.pop()
            if one in self.seen:
                continue
            self.seen.add(one)
            module, _, name = one.partition(":")
            if module in BEHIND_THE_VALUES:
                continue
            if name and find_file(f"{module}.{name}", self.source):
                waiting += [f"{module}.{name}"]
            elif module in self.catalogues:
                waiting += self._definition(module, name) if name else ()
            elif find_file(module, self.source):
                waiting += self._take(module, _file(module, self.source).whole)
            if "." in module:
                waiting.append(module.rpartition(".")[0])  # importing a.b.c executes a.b first

    def _take(self, name: str, code: Code) -> Iterable[str]:
        self.found[name] = code.digest
        self.words.setdefault(name.partition(":")[0], set()).update(code.words)
        return code.imports

    def _definition(self, module: str, name: str) -> list[str]:
        """Add one definition of a file with tables; the table itself is added without its entries."""
        file = _file(module, self.source)
        if f"{module}:{name}" in self.catalogues[module]:
            self.tables.add(f"{module}:{name}")
            return [file.bound[key] for key in self._side_effects(file)]
        if name in file.bound:
            return [file.bound[name]]
        if name not in file.parts:
            return []
        return self._local(module, file, f"{module}:{name}", file.parts[name])

    def _local(self, module: str, file: File, label: str, code: Code) -> list[str]:
        own = [f"{module}:{used}" for used in code.names if used in file.parts and used != label]
        imported = [file.bound[used] for used in code.names if used in file.bound]
        return [*self._take(label, code), *own, *imported]

    def _side_effects(self, file: File) -> list[str]:
        """Imports that no definition uses, which can have side effects."""
        used = {name for code in file.parts.values() for name in code.names}
        public = set(file.whole.words)  # re-exported in __all__
        return [name for name in file.bound if name not in used and name not in public]

    def add_entries(self, whole: Collection[str]) -> None:
        """Add the entries of the reached tables that are named by some string, until nothing changes."""
        while True:
            stems = {address: self._stems(address) for address in sorted(self.tables)}
            new = [
                (f"{address}[{key}]", module, code)
                for address, named in stems.items()
                for module, key, code in _entries_of(address, self.source)
                if f"{address}[{key}]" not in self.found and (address in whole or _stem(key) in named)
            ]
            if not new:
                return
            for label, module, code in new:
                for one in self._local(module, _file(module, self.source), label, code):
                    self.follow(one)

    def _stems(self, table: str) -> set[str]:
        """Strings that can name an entry of `table`: in the values, in files of tables, in modules that
        import the table, and in modules that import one of these."""
        imports = {module: _imports(module, str(self.source)) for module in self.words}
        direct = {module for module, (names, _) in imports.items() if table in names}
        near = {module for module, (_, modules) in imports.items() if not direct.isdisjoint(modules)}
        named = (self.words.get(m, set()) for m in {VALUES, *self.catalogues, *direct, *near})
        return {_stem(word) for words in named for word in words}


def _file(module: str, source: Path) -> File:
    path = find_file(module, source)
    assert path is not None
    return read(path, source)


@cache
def _imports(module: str, source: str) -> tuple[frozenset[str], frozenset[str]]:
    """Imports of a module, and the modules among them; the argument is a string, for a fast cache lookup."""
    names = _file(module, Path(source)).whole.imports if module != VALUES else ()
    return frozenset(names), frozenset(name.partition(":")[0] for name in names)


@cache
def _stem(name: str) -> str:
    """Replace the parameters of a family by `#`, so that `hbvm_4_2` and `hbvm_K_S` have the same stem."""
    return re.sub(r"_([0-9]+|[A-Z])(?=_|$)", "_#", name)


@cache
def _catalogues(source: Path) -> dict[str, set[str]]:
    """Module -> addresses of its tables and dicts of tables, for the files whose entries count individually."""
    found: dict[str, set[str]] = {}
    for address in TABLES:
        if find_file(_address(address)[0], source) is None:
            continue
        for home, key in _homes(address, source):
            found.setdefault(home, set()).add(f"{home}:{key}")
    return found


def _homes(address: str, source: Path) -> list[tuple[str, str]]:
    """Return (module, name) of a table, of the dicts of which it consists, and of that in the user's own package."""
    module, name = _address(address)
    own = f"{PACKAGE}.own.{name.lower()}"
    path = find_file(own, source)
    if path and name not in _file(own, source).tables:
        raise InputError(f"{path}: expected {name} = {{...}} with the names in quotes, so that changes are noticed.")
    return [(module, name), *_joined(module, name, source), *([(own, name)] if path else [])]


def _joined(module: str, name: str, source: Path) -> list[tuple[str, str]]:
    """Return (module, name) of the dicts of which a table consists."""
    file = _file(module, source)
    if name in file.bound:  # re-exported
        return [_address(file.bound[name]), *_joined(*_address(file.bound[name]), source)]
    return [_address(file.bound[one]) if one in file.bound else (module, one) for one in file.made_of.get(name, ())]


def _address(bound: str) -> tuple[str, str]:
    module, _, name = bound.partition(":")
    return module, name


@cache
def _entries_of(address: str, source: Path) -> list[tuple[str, str, Code]]:
    """Return (module, key, code) of every entry of a table."""
    tables = [(home, _file(home, source).tables.get(name, {})) for home, name in _homes(address, source)]
    return [(home, key, code) for home, table in tables for key, code in table.items()]
