"""Comparison of the declared output of a study with the requested quantities and with its answer.

The summary of a study is declared by patterns (see `geoflow.ground.study`). If a claim, a figure or a
number of the report uses a quantity that matches no pattern, the composition of the values fails. An
answer whose tables, columns or keys differ from the declared ones is rejected before it is written.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from geoflow.ground import Answer, InputError, nearest
from geoflow.ground.study import PROBLEMS, Study, labels
from geoflow.pipeline.checking import load_table

WORD = re.compile(r"<(\w+)>")
ALTERNATIVES = re.compile(r"<(\w+(?:\|\w+)+)>|\{([^}]*)\}")
ANY = "[^/]+"


def check_quantity(study: type[Study], values: Mapping[str, Any], key: str, where: object) -> None:
    """Raise InputError, with the nearest declared key, for a key that cannot be in the summary."""
    if not matches(study, values, key):
        known = [example for pattern in patterns(study) for example in _examples(study, values, pattern)]
        raise InputError(f"{where}: the study returns no quantity {key!r}; {nearest(key, known)}")


def matches(study: type[Study], values: Mapping[str, Any], key: str) -> bool:
    """Whether `key` matches a declared pattern for these values."""
    return any(re.fullmatch(_filled(study, values, one), key) for one in patterns(study))


def is_returned(study: type[Study], values: Mapping[str, Any], key: str) -> bool:
    """Whether `key` matches a declared pattern for these values, where an empty list stands for no names."""
    return matches(study, {**values, **{field: ["(none)"] for field in study.named if values.get(field) == []}}, key)


def check_answer(study: type[Study], values: Mapping[str, Any], answer: Answer, who: str) -> None:
    """Raise InputError if tables, columns or summary keys of an answer differ from the declared ones."""
    _compare(f"{who}: tables", answer.tables, study.tables)
    for name, frame in answer.tables.items():
        columns = study.tables[name].split()
        _compare(f"{who}: columns of table {name!r}", frame.columns, columns)
    known = [re.compile(_filled(study, values, one)) for one in patterns(study)]
    for key in answer.summary:
        if not any(one.fullmatch(key) for one in known):
            raise InputError(
                f"{who}: the answer has the quantity {key!r}, which the study does not declare; add its "
                f"pattern to `summary` in its config.py ({nearest(key, patterns(study))})"
            )


def _compare(what: str, found: Iterable[Any], declared: Iterable[str]) -> None:
    found, declared = [str(one) for one in found], list(declared)
    needed = {one for one in declared if not one.endswith(("?", "*"))}
    stems = tuple(one[:-1] for one in declared if one.endswith("*"))
    allowed = {one.removesuffix("?") for one in declared}
    extra = [one for one in found if one not in allowed and not (stems and one.startswith(stems))]
    missing = sorted(needed - set(found))
    if extra or missing:
        raise InputError(
            f"{what}: expected {', '.join(declared)}, got {', '.join(found)}; "
            "change the study or the declaration in its config.py."
        )


def patterns(study: type[Study]) -> list[str]:
    """Declared patterns in order; one with `<this|that>` or `{this,that}` is expanded to two."""
    return [one for pattern in study.summary.split() for one in _alternatives(pattern)]


def _alternatives(pattern: str) -> list[str]:
    if (found := ALTERNATIVES.search(pattern)) is None:
        return [pattern]
    fields, words = found.groups()
    choices = [f"<{field}>" for field in fields.split("|")] if fields else words.split(",")
    start, end = pattern[: found.start()], pattern[found.end() :]
    return [one for choice in choices for one in _alternatives(f"{start}{choice}{end}")]


def _filled(study: type[Study], values: Mapping[str, Any], pattern: str) -> str:
    """Convert a declared pattern to a regular expression for these values."""
    parts = WORD.split(pattern)  # text, word, text, word, ..., text
    for k, part in enumerate(parts):
        if k % 2 == 0:
            parts[k] = re.escape(part)
            continue
        options = _options(study, values, part)
        parts[k] = ANY if options is None else f"(?:{'|'.join(map(re.escape, options))})"
    return "".join(parts)


def _options(study: type[Study], values: Mapping[str, Any], word: str) -> list[str] | None:
    """Values of `<word>`: the labels in the field of that name, those of the study's runs, or None for any
    text."""
    field = next((f for f in _spellings(word) if f in values), None)
    runs = values.get("runs", [])
    if field is None and runs and word in runs[0]:
        return list(dict.fromkeys(labels(run[word] for run in runs)))
    if field is None and word == "invariant" and "problem" in values:
        entry = load_table(PROBLEMS)[values["problem"]["name"]]
        return list(entry.invariants)
    if field is None:
        return None
    value = values[field]
    listed = labels(value if isinstance(value, list) else [value])
    if not listed and field in study.named:
        return list(load_table(study.named[field]))
    return listed


def _spellings(word: str) -> tuple[str, ...]:
    """Fields to which `<word>` can refer: itself or a plural."""
    return (word, f"{word}s", f"{word}es", f"{word[:-1]}ies")


def _examples(study: type[Study], values: Mapping[str, Any], pattern: str) -> list[str]:
    """Example keys of a pattern, with the word itself if any text is possible."""
    found = [""]
    for k, part in enumerate(WORD.split(pattern)):
        options = [part] if k % 2 == 0 else _options(study, values, part)
        found = [start + end for start in found for end in options or [f"<{part}>"]]
    return found
