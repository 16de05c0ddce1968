"""The schema for editors is current, accepts every experiment, and finds what composing would refuse."""

import json

import jsonschema
import pytest
import write_schema as json_schema
import yaml

LINE = "# yaml-language-server: $schema=../../schema.json"


@pytest.fixture
def config(request):
    return request.config.rootpath / "config"


@pytest.fixture(scope="module")
def validator():
    schema = json_schema.experiment_schema()
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(json.loads(json.dumps(schema)))


def test_the_schema_in_the_repository_is_current(config):
    same = (config / "schema.json").read_text() == json_schema.text()
    assert same, "config/schema.json is not that of the studies; run make format"


def test_every_experiment_names_the_schema_and_is_accepted_by_it(config, validator):
    for path in sorted((config / "experiment").glob("*/*.yaml")):
        assert path.read_text().splitlines()[1] == LINE, path
        validator.validate(yaml.safe_load(path.read_text()))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("h: 0.05", "hh: 0.05"),
        ("h: 0.05", "h: wide"),
        ("steps: 1_000_000", "steps: [1]"),
        ("hamiltonian/orbits", "hamiltonian/orbit"),
        ("smoke:", "smok:"),
        ("steps: 20_000", "stepz: 20_000"),
        ("quantity:", "quanity:"),
    ],
)
def test_a_mistake_is_underlined(config, validator, old, new):
    text = (config / "experiment/hamiltonian/kepler_orbits.yaml").read_text()
    assert old in text
    wrong = yaml.safe_load(text.replace(old, new, 1))
    assert list(validator.iter_errors(wrong))


def test_fields_have_their_meaning_and_default(validator):
    study = validator.schema["definitions"]["hamiltonian/side_by_side"]["properties"]
    assert study["h"]["description"] == "step size"
    assert study["adaptive_tolerance"]["default"] == 0.01
