"""A search proposes what Hydra's words allow, repeats itself, goes on, and never sees a test image."""

import csv
from pathlib import Path

import optuna
import pytest
from search_values import compose_try, propose, search, space_of

from geoflow.ground.errors import InputError

ROOT = Path(__file__).parents[2]
WORDS = [
    "study.training.learning_rate=tag(log,interval(0.001,0.1))",
    "network.non_expansive.architecture.depth=choice(1,2)",
    "network.non_expansive.loss.offset=interval(0.2,0.8)",
    "study.training.epochs=range(1,4)",
    "network.non_expansive.architecture.width=64",
]
SMALL = [
    "study.training.epochs=1",
    "study.training.certify_eps=0.5",
    "network.non_expansive.architecture.depth=1",
    "network.non_expansive.loss.offset=interval(0.2,0.8)",
]
GIVEN = {"experiment": "digits_robustness", "scale": "smoke", "network": "non_expansive"}


@pytest.fixture(autouse=True)
def _in_the_repository(monkeypatch):
    monkeypatch.chdir(ROOT)


def proposals(seed: int, count: int = 40) -> list[dict]:
    """Tries of a search that prefers a small learning rate."""
    space, _ = space_of(WORDS)
    study, found = optuna.create_study(direction="maximize"), []
    for _ in range(count):
        trial = propose(study, space, seed)
        found.append(dict(trial.params))
        study.tell(trial, -trial.params["study.training.learning_rate"])
    return found


def test_proposals_are_within_what_is_asked_follow_the_seed_and_learn_from_the_tries_before() -> None:
    found = proposals(seed=1)
    assert found == proposals(seed=1) != proposals(seed=2)
    rates = [one["study.training.learning_rate"] for one in found]
    assert 0.001 <= min(rates) < max(rates) <= 0.1
    assert {one["study.training.epochs"] for one in found} <= {1, 2, 3}
    assert {one["network.non_expansive.architecture.depth"] for one in found} == {"1", "2"}
    assert sum(rates[20:]) < sum(rates[:20]) / 2


@pytest.mark.parametrize("wrong", [{"tries": "0"}, {"tries": "some"}, {"tries": "2", "seed": "-1"}])
def test_a_number_of_tries_below_one_and_a_negative_seed_are_refused(wrong, tmp_path):
    with pytest.raises(InputError, match="expected tries of at least 1 and a seed of at least 0"):
        search({**GIVEN, "out": str(tmp_path / "tries.csv"), **wrong}, SMALL)


def test_what_has_one_value_is_the_same_in_all_tries() -> None:
    assert space_of(WORDS)[1] == [WORDS[-1]]


def test_each_try_is_composed_by_hydra_and_as_strict_as_a_run() -> None:
    one = compose_try(GIVEN, [*SMALL[:3], "network.non_expansive.loss.offset=0.3"])
    (network,) = [x for x in one.values["networks"] if x["label"] == "non_expansive"]
    assert network["architecture"]["depth"] == 1
    assert network["loss"]["offset"] == 0.3
    for words, sentence in (
        (["study.training.epcohs=1"], "did you mean 'epochs'"),
        (["study.training.epochs=1"], r"try study\.training\.certify_eps=0\.5"),
        ([*SMALL[:2], "network.non_expansive.architecture.dept=1"], "did you mean 'depth'"),
    ):
        with pytest.raises(InputError, match=sentence):
            compose_try(GIVEN, words)
    with pytest.raises(InputError, match="unknown network 'resnt'; did you mean 'resnet'"):
        compose_try({**GIVEN, "network": "resnt"}, SMALL[:2])


def test_the_advice_of_a_message_is_accepted() -> None:
    """The sentence about a missing eps names an override; with it the search is composed."""
    with pytest.raises(InputError) as error:
        compose_try(GIVEN, ["study.training.epochs=1"])
    advice = str(error.value).rpartition("try ")[2].rstrip(".")
    assert compose_try(GIVEN, ["study.training.epochs=1", advice]).values["training"]["certify_eps"] == 0.5


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("network.x.loss.offset=interval(1", "Hydra says"),
        ("network.x.loss.offset=tag(log,interval(0,1))", "for log"),
        ("study.training.epochs=3", "a search space"),
    ],
)
def test_what_is_no_search_space_is_refused(word: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        space_of([word])


def test_a_search_goes_on_where_it_was_interrupted(tmp_path: Path, monkeypatch) -> None:
    """Without the test images: loading hands out none."""
    from geoflow.learning import datasets

    load = datasets.load

    def without_test(*given):
        data = load(*given)
        return datasets.DataSet(data.name, data.train, data.validation, data.test.first(0))

    monkeypatch.setattr(datasets, "load", without_test)
    monkeypatch.setattr("search_values.use_threads", lambda number: None)
    whole, out = tmp_path / "whole.csv", tmp_path / "tries.csv"
    search({**GIVEN, "tries": "2", "out": str(whole)}, SMALL)
    search({**GIVEN, "tries": "1", "out": str(out)}, SMALL)
    first = out.read_text()
    search({**GIVEN, "tries": "2", "out": str(out)}, SMALL)
    assert out.read_text().startswith(first)
    rows, together = (list(csv.DictReader(path.open())) for path in (out, whole))
    assert [row["number"] for row in rows] == ["0", "1"]
    for one, other in zip(rows, together, strict=True):
        assert {**one, "cpu_seconds": ""} == {**other, "cpu_seconds": ""}
    assert 0 <= float(rows[1]["certified"]) <= float(rows[1]["accuracy"]) <= 1
    with pytest.raises(InputError, match="a different search"):
        search({**GIVEN, "tries": "2", "seed": "5", "out": str(out)}, SMALL)
