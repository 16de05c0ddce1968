"""Write the JSON schema of the configuration, with which editors complete, explain and check the keys.

    python workflow/scripts/write_schema.py out=config/schema.json

`make format` runs it. The first lines of an experiment name the schema for editors with the YAML language server. The
keys of `study` depend on the study in the defaults list.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from steps import arguments

from geoflow.ground.files import renamed_when_complete
from geoflow.ground.sentences import sentences
from geoflow.ground.study import Claim, Printed
from geoflow.pipeline.manual import default, read_descriptions
from geoflow.pipeline.schema import Methods
from geoflow.studies import find_studies

Schema = dict[str, Any]
PLAIN = {int: "integer", float: "number", str: "string", bool: "boolean"}
INTERPOLATION: Schema = {"type": "string", "pattern": r"^\$\{"}
SCALES = ("smoke", "default", "paper")


def experiment_schema() -> Schema:
    """The schema of the files in `config/experiment/`."""
    studies = find_studies()
    scales = {"type": "array", "items": {"enum": list(SCALES)}}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "An experiment of geoflow",
        "type": "object",
        "additionalProperties": False,
        "required": ["defaults"],
        "properties": {
            "defaults": {
                "type": "array",
                "items": {"type": "object"},
                "description": "members of groups; `override /study: chapter/name` comes last",
                "contains": _study_is({"enum": list(studies)}),
            },
            "study": {"type": "object", "description": "the values of the study"},
            "at_scale": {
                "type": "object",
                "description": "values that a scale changes",
                "propertyNames": {"enum": list(SCALES)},
            },
            "claims": {"type": "array", "items": _dataclass(Claim, required=True)},
            "headlines": {
                "type": "object",
                "description": "name of a claim that the report opens with -> name of its negative control",
                "additionalProperties": {"type": "string"},
            },
            "printed": {"type": "array", "items": _dataclass(Printed, required=True)},
            "scales": {**scales, "description": "where the experiment runs (empty: everywhere)"},
            "threads": {"type": "integer", "minimum": 1},
            "methods": _dataclass(Methods),
            "network": {"type": "object", "description": "label -> network, of the group network"},
        },
        "allOf": list(_conditions()),
        "definitions": {name: _dataclass(study) for name, study in studies.items()},
    }


def _study_is(name: Schema) -> Schema:
    key = "override /study"
    return {"type": "object", "required": [key], "properties": {key: name}}


def _conditions() -> Iterator[Schema]:
    """If the defaults list names a study, `study` and `at_scale` have the fields of this study."""
    for name in find_studies():
        values = {"$ref": f"#/definitions/{name.replace('/', '~1')}"}
        named = {"properties": {"defaults": {"contains": _study_is({"const": name})}}}
        at_scale = {"additionalProperties": values}
        yield {"if": named, "then": {"properties": {"study": values, "at_scale": at_scale}}}


def _dataclass(schema: type, required: bool = False) -> Schema:
    """The schema of a dataclass. Groups may set fields that a file omits, so that no field of a study is required."""
    hints, said = get_type_hints(schema), read_descriptions(schema)
    properties = {}
    for one in fields(schema):
        meaning = {"description": said[one.name]} if one.name in said else {}
        value = default(one)
        given = {} if value is MISSING or is_dataclass(value) else {"default": value}
        properties[one.name] = {**meaning, **given, "anyOf": [_type(hints[one.name]), INTERPOLATION]}
    found: Schema = {
        "type": "object",
        "description": " ".join((schema.__doc__ or "").split("\n\n")[0].split()),
        "properties": properties,
        "additionalProperties": False,
    }
    needed = [one.name for one in fields(schema) if default(one) is MISSING]
    return {**found, "required": needed} if required else found


def _type(hint: Any) -> Schema:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return {"anyOf": [_type(one) for one in inner]}
    if hint is NoneType:
        return {"type": "null"}
    if origin is list:
        return {"type": "array", "items": _type(inner[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _type(inner[1])}
    if isinstance(hint, type) and is_dataclass(hint):
        return _dataclass(hint)
    return {"type": PLAIN[hint]} if hint in PLAIN else {}


def text() -> str:
    """The schema as JSON text."""
    return json.dumps(experiment_schema(), indent=1, sort_keys=True) + "\n"


def main() -> None:
    """`out=FILE`."""
    out = Path(arguments(sys.argv[1:], ("out",))["out"])
    with renamed_when_complete(out) as (temporary,):
        temporary.write_text(text())


if __name__ == "__main__":
    with sentences():
        main()
