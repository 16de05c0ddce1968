"""Stored weights certify what was certified, and a changed weight is noticed."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import paper_results as paper
import pytest
import torch
from recertify import recertify

from asking import study_of
from geoflow.ground.answer import Answer
from geoflow.ground.errors import InputError
from geoflow.ground.results import Results, read_table, write_tables
from geoflow.learning.weights import pack, round_to_half, unpack
from geoflow.networks import ARCHITECTURES
from geoflow.networks.network import Network, build

VALUES = {
    "dataset": {"name": "digits", "train": 300, "test": 80},
    "networks": [
        {
            "label": "non_expansive",
            "architecture": {"name": "non_expansive", "depth": 2},
            "loss": {"name": "offset_cross_entropy", "offset": 0.6, "temperature": 0.1},
        }
    ],
    "training": {"epochs": 3, "batch": 50, "learning_rate": 0.01},
    "attack": {"steps": 5, "restarts": 1},
    "eps": [0, 0.1, 0.3],
    "seeds": [0, 1],
    "kept": ["non_expansive"],
}

robustness = study_of("robust/robustness")


@pytest.fixture(scope="module")
def study() -> Answer:
    return robustness(**VALUES)


def small(seed: int = 0) -> Network:
    return build(ARCHITECTURES["non_expansive"](depth=1), 6, torch.Generator().manual_seed(seed))


def test_rounding_is_kept_by_packing() -> None:
    network, other = small(), small(1)
    round_to_half(network)
    unpack(other, pack(network, {"network": "n", "seed": 0}))
    for mine, theirs in zip(network.parameters(), other.parameters(), strict=True):
        assert torch.equal(mine, theirs)
    x = torch.rand(5, 6)
    assert torch.equal(network(x), other(x))


def test_weights_that_do_not_fit_are_refused() -> None:
    network = small()
    with torch.no_grad():
        next(network.parameters()).fill_(1e6)
    with pytest.raises(InputError, match="range of float16"):
        round_to_half(network)
    with pytest.raises(InputError, match="expected layers"):
        unpack(network, pack(small(), {})[1:])


def test_stored_weights_certify_exactly_what_the_study_certified(study: Answer) -> None:
    found = recertify(VALUES, study.tables["accuracy"], study.tables["weights"])
    assert list(found["seed"]) == [0] * len(VALUES["eps"])  # the weights of the first seed are enough
    assert study.summary["spread/certified/non_expansive/0.1"] > 0
    assert (found["stored"] == found["recomputed"]).all()
    with pytest.raises(InputError, match="no stored weights"):
        recertify(VALUES, study.tables["accuracy"], study.tables["weights"].iloc[:0])


def kept(folder: Path, study: Answer, commit: str = "abc") -> list[Path]:
    run = folder / "results" / "paper" / "tiny"
    provenance = {"commit": commit, "experiment": "tiny"}
    summary = {"key": list(study.summary), "value": list(study.summary.values())}
    frame = study.tables["accuracy"].__class__(summary)
    write_tables(run, {**study.tables, "summary": frame}, provenance=provenance)
    (run / "config.json").write_text(json.dumps({"values": VALUES, "threads": 1}))
    return paper.keep([], folder / "results", folder / "reference")


def test_what_is_kept_is_verified_and_a_changed_weight_is_noticed(study: Answer, tmp_path: Path, capsys) -> None:
    (path,) = kept(tmp_path, study)
    assert paper.list_tracked(tmp_path / "reference") == ["tiny"]
    assert json.loads((path / "machine.json").read_text())["cores"] >= 1
    assert paper.verify(tmp_path / "reference")
    assert "as tracked" in capsys.readouterr().out
    tables = {name: Results(path).table(name) for name in study.tables}
    own = tables["weights"]
    bias = own.index[own["shape"] == "10"][0]
    favour = np.array([3] + 9 * [0], "<f2").tobytes()  # now nearly everything is the first class
    own["data"] = [favour if i == bias else data for i, data in own["data"].items()]
    write_tables(path, tables)
    assert not paper.verify(tmp_path / "reference")
    assert "are tracked" in capsys.readouterr().out


def test_experiments_without_weights_are_named(study: Answer, tmp_path: Path, capsys) -> None:
    """One whose table of weights is empty, and one without such a table."""
    (path,) = kept(tmp_path, study)
    tables = {name: Results(path).table(name) for name in study.tables}
    for name in ("bare", "empty"):
        other = path.with_name(name)
        shutil.copytree(path, other)
        write_tables(other, {**tables, "weights": tables["weights"].iloc[:0]})
    (path.with_name("bare") / "weights.parquet").unlink()
    assert paper.verify(tmp_path / "reference")
    said = capsys.readouterr().out.splitlines()
    for name in ("bare", "empty"):
        assert f"{name}: not verified, because no weights are tracked" in said
    assert all("not verified" not in line for line in said if line.startswith("tiny"))


def test_only_finished_results_of_a_commit_are_kept(study: Answer, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there are no results; run .*scale=paper\.$"):
        paper.keep(["absent"], tmp_path, tmp_path / "reference")
    with pytest.raises(InputError, match="without changes to tracked files"):
        kept(tmp_path, study, "abc-dirty")
    with pytest.raises(InputError, match="unknown"):
        kept(tmp_path, study, "unknown")
    with pytest.raises(InputError, match="no weights are tracked"):
        paper.verify(tmp_path / "nothing")


REFERENCE = Path(__file__).parents[2] / "data" / "reference"
TABLES = sorted(path for path in REFERENCE.rglob("*") if path.suffix in (".csv", ".parquet"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: str(path.relative_to(REFERENCE)))
def test_every_tracked_table_can_be_read(path: Path) -> None:
    """A comma too many in a line of a CSV file is a comma without quotes."""
    if path.suffix == ".csv":
        with path.open(newline="") as file:
            rows = list(csv.reader(line for line in file if not line.startswith("#")))
        assert len({len(row) for row in rows}) == 1
        assert len(set(rows[0])) == len(rows[0])
        table = pd.read_csv(path, comment="#")
        assert len(table) == len(rows) - 1 > 0
    else:
        table = read_table(path)
    assert all(isinstance(column, str) and column for column in table.columns)
