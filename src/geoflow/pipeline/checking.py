"""Validation of the configuration: unknown keys, wrong types, missing values, unknown names.

OmegaConf's structured configs detect wrong types. This module adds the error message and further
checks: names in tables of the library, and the parameters of their entries.
"""

import inspect
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib import import_module
from typing import Any, get_args, get_type_hints

from geoflow.ground import InputError, Table, check_parameters, nearest
from geoflow.ground.study import NAMED, POSITIVE


def require_known(where: object, kind: str, name: object, valid: Iterable[str]) -> None:
    """Raise InputError for a name that is not in `valid`."""
    valid = list(valid)
    if name not in valid:
        raise InputError(f"{where}: unknown {kind} {name!r}; {nearest(str(name), valid)}")


def validate(
    schema: type, tree: Mapping[str, Any], where: object, prefix: str = "", complete: bool = True
) -> dict[str, Any]:
    """Validate `tree` against the dataclass `schema`; returns plain values with defaults filled in.

    Raises InputError for an unknown key at any depth, a value of the wrong type and, if `complete`,
    a missing value; if not `complete`, interpolations are not resolved. prefix: the path of `tree` in
    the file, with a dot at its end.
    """
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    refuse_unknown_keys(schema, tree, where, prefix)
    try:
        merged = OmegaConf.merge(OmegaConf.structured(schema), OmegaConf.create(dict(tree)))
    except OmegaConfBaseException as error:
        said = str(error.msg or error).splitlines()[0].rstrip(".")
        raise InputError(f"{where}: {prefix}{error.full_key or error.key}: {said}.") from None
    missing = sorted(OmegaConf.missing_keys(merged)) if complete else []
    if missing:
        raise InputError(f"{where}: expected a value for {prefix}{missing[0]}, got none.")
    plain = OmegaConf.to_container(merged, resolve=complete)
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}


def refuse_unknown_keys(schema: type, tree: Any, where: object, prefix: str = "") -> None:
    """Raise InputError for keys, at any depth, that are not fields of the dataclass `schema`."""
    if not isinstance(tree, Mapping):
        raise InputError(f"{where}: {prefix.rstrip('.')}: expected keys and values, got {tree!r}.")
    valid = [field.name for field in fields(schema)]
    for key in tree:
        if key not in valid:
            hint = nearest(str(key), valid)
            raise InputError(f"{where}: unknown key '{prefix}{key}'; {hint}")
    for inner, one, place in _nested(schema, tree):
        refuse_unknown_keys(inner, one, where, prefix + place)


def is_interpolation(value: Any) -> bool:
    """Whether a value is an interpolation such as "${methods}"."""
    return isinstance(value, str) and value.startswith("${")


def _nested(schema: type, tree: Mapping[str, Any]) -> Iterator[tuple[type, Any, str]]:
    """Yield (dataclass, subtree, path) for the fields of `schema` that are dataclasses or lists of them."""
    hints = get_type_hints(schema)
    for key, value in tree.items():
        inner = next((t for t in (hints[key], *get_args(hints[key])) if is_dataclass(t)), None)
        if isinstance(inner, type) and value is not None and not is_interpolation(value):
            for number, one in enumerate(value if isinstance(value, list) else [value]):
                yield inner, one, f"{key}[{number}]." if isinstance(value, list) else f"{key}."


def check_names(schema: type, values: Mapping[str, Any], where: object, prefix: str = "study.") -> None:
    """Look up the names in `values` in the tables that `schema.named`, or else NAMED, gives for its fields.

    A dict contains a `name` and the parameters of that entry; a list contains names or such dicts.
    """
    named: Mapping[str, str] = getattr(schema, "named", NAMED)
    for key in named.keys() & values.keys():
        table, value = load_table(named[key]), values[key]
        try:
            for entry in [value] if isinstance(value, str | Mapping) else value:
                if isinstance(entry, Mapping):
                    _check_parameters(table, entry, key)
                else:
                    table[entry]
        except InputError as error:
            raise InputError(f"{where}: {prefix}{key}: {error}") from None
    for inner, one, place in _nested(schema, values):
        check_names(inner, one, where, prefix + place)


def check_numbers(value: Any, where: object, key: str) -> None:
    """Raise InputError for a number that is not finite, or not greater than 0 in a field that is POSITIVE."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            check_numbers(one, where, f"{key}.{name}".lstrip("."))
    elif isinstance(value, list):
        for one in value:
            check_numbers(one, where, key)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise InputError(f"{where}: {key}: expected finite numbers, got {value}.")
        if key.rpartition(".")[2] in POSITIVE.split() and not value > 0:
            raise InputError(f"{where}: {key}: expected a number > 0, got {value}.")


def _check_parameters(table: Table[Any], value: Mapping[str, Any], place: str) -> None:
    if "name" not in value:
        raise InputError(f"expected a name, such as {place}: {{name: {next(iter(table))}}}.")
    entry = table[value["name"]]
    given = {key: one for key, one in value.items() if key != "name"}
    if not given:
        return
    valid = inspect.signature(entry).parameters
    if any(p.kind is inspect.Parameter.VAR_KEYWORD for p in valid.values()):
        entry(**given)  # a problem checks its parameters itself
        return
    check_parameters(value["name"], entry, given)


@cache
def load_table(address: str) -> Table[Any]:
    """Import the table at "module:NAME"."""
    module, _, name = address.partition(":")
    table: Table[Any] = getattr(import_module(module), name)
    return table
