"""Validation of command-line overrides in Hydra's syntax, before Hydra parses them.

Hydra accepts `+new=1` and `~study.h`; here only existing keys can be set, and none can be deleted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from geoflow.ground import InputError
from geoflow.pipeline.checking import require_known, validate

WHERE = "the command line"
# Keys that can be set besides experiment, scale and out; the others belong to the experiment.
OPEN = ("study", "network", "threads", "methods")
GROUPS = ("dataset", "training", "attack", "network", "methods")


def parse_overrides(words: Sequence[str]) -> list[Any]:
    """Parse the arguments with Hydra's parser; raises InputError for an invalid override."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        return list(OverridesParser.create().parse_overrides(list(words)))
    except HydraException as error:
        said = " ".join(str(error).split())
        raise InputError(f"{WHERE}: expected key=value; Hydra says: {said}") from None


def check_overrides(words: Sequence[str], study: type) -> list[str]:
    """Raise InputError for unknown keys; returns the arguments for Hydra.

    `study.problem.omega=2` can set a value that is not in the file, so that Hydra needs `++`.
    """
    found = parse_overrides(words)
    for text, one in zip(words, found, strict=True):
        if one.is_delete():
            raise InputError(f"{WHERE}: expected key=value, got {text!r}; no key can be left out, give it a value.")
        if one.is_sweep_override():
            raise InputError(f"{WHERE}: {text!r} asks for several runs; add --multirun.")
        check_key(one, study)
    return [force(text) for text in words]


def check_key(one: Any, study: type) -> None:
    """Raise InputError for an override of a key that neither the study nor the configuration has."""
    path = one.key_or_group.split(".")
    if one.package is not None:
        require_known(WHERE, "group", one.key_or_group, GROUPS)
    elif path[0] == "study" and len(path) > 1:
        tree = one.value()
        for key in reversed(path[1:]):
            tree = {key: tree}
        validate(study, tree, WHERE, "study.", complete=False)
    elif path[0] not in OPEN:
        if path[0] in [field.name for field in fields(study)]:
            raise InputError(f"{WHERE}: unknown key {path[0]!r}; did you mean 'study.{path[0]}'?")
        require_known(WHERE, "key", one.key_or_group, OPEN)


def force(text: str) -> str:
    """Prefix an override by `++`, which sets a value whether or not the file has the key."""
    plain = text.lstrip("+")
    return f"++{plain}" if plain.startswith(("study.", "network.")) else text


def expand_sweeps(words: Sequence[str]) -> Iterator[list[str]]:
    """Yield the arguments of each run of a multirun: the product of all choices and ranges."""
    from itertools import product

    choices = [
        [f"{one.get_key_element()}={text}" for text in one.sweep_string_iterator()]
        if one.is_sweep_override()
        else [str(one.input_line)]
        for one in parse_overrides(words)
    ]
    yield from (list(run) for run in product(*choices))
