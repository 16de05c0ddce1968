"""A run as an RO-Crate: the metadata connect each table with its values, and every named file is in the archive."""

import json
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from run_crate import PROFILES, SOURCES, write_crate

from geoflow.ground.errors import InputError
from geoflow.ground.results import write_tables

MADE = {"experiment": "discs", "scale": "smoke", "seed": 1, "commit": "abc", "config": "c0", "code": "d0"}


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("Snakefile", "figures/discs.pdf", *SOURCES):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(name)
    summary = pd.DataFrame({"key": ["a"], "value": [1.0]})
    write_tables("data/results/smoke/discs", {"summary": summary}, {}, MADE, '{"values": {}}')
    return [Path("data/results/smoke/discs")], [Path("figures/discs.pdf")], tmp_path / "out.zip"


def test_the_crate_has_an_action_from_the_values_to_the_tables_with_commit_and_digests(tree):
    pytest.importorskip("rocrate")
    write_crate(*tree)
    with zipfile.ZipFile(tree[2]) as archive:
        names = set(archive.namelist())
        graph = {one["@id"]: one for one in json.loads(archive.read("ro-crate-metadata.json"))["@graph"]}
    files = {name for name, one in graph.items() if "File" in one["@type"]}
    assert files == names - {"ro-crate-metadata.json"}
    root, action = graph["./"], graph["#data/results/smoke/discs"]
    assert root["mainEntity"] == {"@id": "Snakefile"} and root["mentions"] == [{"@id": action["@id"]}]
    assert {one["@id"] for one in root["conformsTo"]} == set(PROFILES) <= graph.keys()
    assert {one["@id"] for one in root["hasPart"]} == files
    assert action["instrument"] == {"@id": "Snakefile"}
    assert action["object"] == {"@id": "data/results/smoke/discs/config.json"}
    assert {"@id": "data/results/smoke/discs/summary.parquet"} in action["result"]
    formats = {name: one["encodingFormat"] for name, one in graph.items() if name in files}
    assert formats["data/results/smoke/discs/summary.parquet"] == "application/vnd.apache.parquet"
    assert formats["figures/discs.pdf"] == "application/pdf" and formats["LICENSE"] == "text/plain"
    assert action["description"] == "scale smoke, seed 1, commit abc, config c0, code d0"


def test_without_the_package_the_crate_is_refused_with_the_command_that_installs_it(tree, monkeypatch):
    monkeypatch.setitem(sys.modules, "rocrate.model", None)
    with pytest.raises(InputError, match=r"rocrate is not installed; try: pip install 'geoflow-gni\[crate\]'"):
        write_crate(*tree)
    assert not tree[2].exists()
