"""A search draws what Hydra's words allow, repeats itself, goes on, and never sees a test image."""

import csv
from pathlib import Path

import pytest

from geoflow.ground.errors import InputError
from geoflow.pipeline.search import changed, draws, search

WORDS = [
    "training.learning_rate=tag(log,interval(0.001,0.1))",
    "architecture.depth=choice(1,2)",
    "architecture.width=64",
    "loss.offset=interval(0.2,0.8)",
]
SMALL = [
    "training.epochs=1",
    "training.watch=0.5",
    "architecture.depth=1",
    "loss.offset=interval(0.2,0.8)",
]


def test_draws_are_within_what_is_asked_and_follow_the_seed() -> None:
    drawn = list(draws(WORDS, 200, seed=1))
    assert drawn == list(draws(WORDS, 200, seed=1)) != list(draws(WORDS, 200, seed=2))
    rates = [one["training.learning_rate"] for one in drawn]
    assert 0.001 <= min(rates) < max(rates) <= 0.1
    assert 60 < sum(rate < 0.01 for rate in rates) < 140  # half of them, on a logarithmic scale
    assert {one["architecture.depth"] for one in drawn} == {1, 2}
    assert {one["architecture.width"] for one in drawn} == {64}


def test_drawn_values_reach_the_network_and_its_training() -> None:
    network = {"label": "a", "architecture": {"name": "mlp"}, "loss": {"name": "cross_entropy"}}
    values = {"networks": [network], "training": {"epochs": 3, "batch": 10, "watch": 1}}
    choice, training = changed(values, "a", {"architecture.depth": 2, "training.epochs": 1})
    assert choice["architecture"] == {"name": "mlp", "depth": 2}
    assert training == {"epochs": 1, "batch": 10, "watch": 1}
    assert network["architecture"] == {"name": "mlp"}
    with pytest.raises(InputError, match="judge by"):
        changed(values, "a", {"training.watch": 0})
    with pytest.raises(InputError, match="unknown network"):
        changed(values, "b", {})
    with pytest.raises(InputError, match=r"architecture\.KEY"):
        changed(values, "a", {"attack.steps": 2})


def test_words_that_are_not_hydras_are_refused() -> None:
    with pytest.raises(InputError, match="search"):
        list(draws(["loss.offset=interval(1"], 1, 0))
    with pytest.raises(InputError, match="for log"):
        list(draws(["loss.offset=tag(log,interval(0,1))"], 1, 0))


def test_a_search_goes_on_where_it_was_killed(tmp_path: Path, monkeypatch) -> None:
    """Without the test images: loading hands out none."""
    from geoflow.learning import datasets

    load = datasets.load

    def without_test(*given):
        data = load(*given)
        return datasets.DataSet(data.name, data.train, data.validation, data.test.first(0))

    monkeypatch.setattr(datasets, "load", without_test)
    monkeypatch.setattr("geoflow.pipeline.search.use_threads", lambda number: None)
    out = tmp_path / "tries.csv"
    given = {"experiment": "digits_robustness", "scale": "smoke", "network": "non_expansive"}
    search({**given, "tries": "1", "out": str(out)}, SMALL)
    first = out.read_text()
    search({**given, "tries": "2", "out": str(out)}, SMALL)
    assert out.read_text().startswith(first)
    rows = list(csv.DictReader(out.open()))
    assert [row["number"] for row in rows] == ["0", "1"]
    assert 0 <= float(rows[1]["certified"]) <= float(rows[1]["accuracy"]) <= 1
    with pytest.raises(InputError, match="another search"):
        search({**given, "tries": "2", "seed": "5", "out": str(out)}, SMALL)
