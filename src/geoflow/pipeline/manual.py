"""The help of `geoflow run`: all fields of an experiment with their descriptions."""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from itertools import pairwise
from textwrap import dedent
from typing import Any, get_args, get_type_hints

from geoflow.pipeline.checking import require_known
from geoflow.pipeline.compose import compose
from geoflow.pipeline.overrides import GROUPS, WHERE
from geoflow.pipeline.written import experiment_files, members
from geoflow.studies import find_studies

SEPARATOR = re.compile(", | and ")
USAGE = """\
geoflow run experiment=NAME [scale=smoke] [study.KEY=VALUE ...] [out=FOLDER]

Runs one experiment and writes its tables, its summary and its values to FOLDER, by default to a
folder in outputs/ that is named after the arguments.
"""
WITHOUT_EXPERIMENT = """\
geoflow list experiments               list all experiments with their claims
geoflow run experiment=NAME --help     list the fields of an experiment
"""
FOOTER = """\
--multirun   one run per value in study.h=0.01,0.02, or of range(1,5) or choice(a,b), each in a
             subfolder of FOLDER that is named after the values
--cfg job    print the composed configuration and run nothing
Shell completion: eval "@(geoflow run --shell-completion install=bash)"
"""


def manual(experiment: str | None) -> str:
    """Build the help text as a template for Hydra, with `$$` for a dollar sign."""
    parts = [USAGE]
    if experiment is None:
        parts.append(WITHOUT_EXPERIMENT)
    else:
        name = experiment.rpartition("/")[2]
        require_known(WHERE, "experiment", name, experiment_files())
        one = compose(name)
        study = find_studies()[f"{one.stage}/{one.study}"]
        parts += [
            f"== {name}: the study {one.stage}/{one.study} ==",
            (inspect.getdoc(study) or "").split("\n\n")[0] + "\n",
            "\n".join(_lines(study, one.values, "study.")) + "\n",
        ]
    parts += [
        "== Groups, for GROUP=MEMBER or GROUP@study.FIELD=MEMBER ==",
        "\n".join(f"{one}: {', '.join(members(one))}" for one in ("scale", *GROUPS)),
        "\n" + FOOTER,
        "== Hydra's flags ==",
        "@FLAGS_HELP",
    ]
    return "\n".join(parts)


def _lines(schema: type, values: Mapping[str, Any] | None, prefix: str) -> Iterator[str]:
    """Yield `study.h: float = 0.05` and its description, for every field including nested ones."""
    hints, said = get_type_hints(schema), read_descriptions(schema)
    for one in fields(schema):
        hint = hints[one.name]
        inner = next((t for t in (hint, *get_args(hint)) if is_dataclass(t)), None)
        value = default(one) if values is None else values.get(one.name)
        single = isinstance(inner, type) and not str(hint).startswith("list")
        shown = "" if single or value is MISSING else f" = {_short(value)}"
        yield f"{prefix}{one.name}: {_type_name(hint)}{shown}"
        if one.name in said:
            yield f"    {said[one.name]}"
        if isinstance(inner, type):
            part = value if isinstance(value, Mapping) else None
            path = f"{prefix}{one.name}." if single else "    each has "
            yield from _lines(inner, part, path)


def default(field: "Field[Any]") -> Any:
    """Default of a field, MISSING if there is none."""
    return field.default_factory() if field.default_factory is not MISSING else field.default


def read_descriptions(schema: type) -> dict[str, str]:
    """Field -> description: the string below the field, or its clause "name: text" in a docstring."""
    found: dict[str, str] = {}
    for one in reversed(schema.__mro__):
        if is_dataclass(one):
            found |= _clauses(inspect.getdoc(one) or "", [f.name for f in fields(one)]) | _below(one)
    return found


def _clauses(text: str, names: list[str]) -> dict[str, str]:
    """Split "h, steps: of each run; seed: of the starts." into the descriptions of h, steps and seed."""
    found: dict[str, str] = {}
    start = re.compile(r"(?:^|(?<=[.;] ))(\w+(?:(?:, | and )\w+)*): ")
    for flat in (" ".join(paragraph.split()) for paragraph in text.split("\n\n")):
        clauses = list(start.finditer(flat))
        ends = [clause.start() for clause in clauses[1:]] + [len(flat)]
        for clause, end in zip(clauses, ends[: len(clauses)], strict=True):
            if set(words := SEPARATOR.split(clause[1])) <= set(names):
                found |= dict.fromkeys(words, flat[clause.end() : end].rstrip(" ;."))
    return found


def _below(schema: type) -> dict[str, str]:
    (made,) = ast.parse(dedent(inspect.getsource(schema))).body
    assert isinstance(made, ast.ClassDef)
    found = {}
    for field, text in pairwise(made.body):
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr):
            found[ast.unparse(field.target)] = " ".join(ast.literal_eval(text.value).split())
    return found


def _type_name(hint: Any) -> str:
    text = hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)
    return re.sub(r"\b(?:\w+\.)+", "", text).replace("dict[str, Any]", "entry")


def _short(value: Any, width: int = 70) -> str:
    text = str(value)
    return text if len(text) <= width else text[: width - 4] + " ..."
