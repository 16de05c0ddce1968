"""What is asked on the command line, in Hydra's words, checked before Hydra reads it.

Hydra adds `+new=1` and deletes `~study.h` without a question; here a key must be there, and none can
be left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from geoflow.ground import InputError
from geoflow.pipeline.checking import require_known, validate

WHERE = "the command line"
# What may be set beside experiment, scale and out: the rest of the tree is the experiment's own.
OPEN = ("study", "network", "threads", "methods")
GROUPS = ("dataset", "training", "attack", "network", "methods")


def parse_overrides(words: Sequence[str]) -> list[Any]:
    """Hydra's own reading of the words; raises InputError for what is no override."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        return list(OverridesParser.create().parse_overrides(list(words)))
    except HydraException as error:
        said = " ".join(str(error).split())
        raise InputError(f"{WHERE}: expected key=value; Hydra says: {said}") from None


def check_overrides(words: Sequence[str], study: type) -> list[str]:
    """Refuse keys that are not there; returns the words for Hydra.

    `study.problem.omega=2` may set what the file leaves at its default, so Hydra gets it as `++`.
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
    """Refuse an override of a key that the study, or the configuration, does not have."""
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
    """With `++`, which sets a value whether or not the file has its key."""
    plain = text.lstrip("+")
    return f"++{plain}" if plain.startswith(("study.", "network.")) else text


def expand_sweeps(words: Sequence[str]) -> Iterator[list[str]]:
    """The words of each run of a multirun: the product of all choices and ranges."""
    from itertools import product

    choices = [
        [f"{one.get_key_element()}={text}" for text in one.sweep_string_iterator()]
        if one.is_sweep_override()
        else [str(one.input_line)]
        for one in parse_overrides(words)
    ]
    yield from (list(run) for run in product(*choices))
