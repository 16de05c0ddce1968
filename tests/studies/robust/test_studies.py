"""The two studies, tiny: what they return is sound, and their negative controls bite."""

from pathlib import Path

import pandas as pd
import pytest
import torch

from asking import study_of, train_from
from geoflow.ground.answer import Answer
from geoflow.ground.errors import GeoflowError, InputError
from geoflow.learning.attacks import Attack
from geoflow.learning.datasets import load
from geoflow.learning.evaluation import evaluate, flips_by_attack
from geoflow.networks.network import Network, copy_for_evaluation
from geoflow.studies import find_studies
from geoflow.studies.robust.robustness import study as module

EPS = [0, 0.2, 0.5]
OFFSET = {"name": "offset_cross_entropy", "offset": 0.6, "temperature": 0.1}
RESNET = {"label": "resnet", "architecture": {"name": "resnet", "depth": 2}, "loss": {"name": "cross_entropy"}}
NON_EXPANSIVE = {"label": "non_expansive", "architecture": {"name": "non_expansive", "depth": 2}, "loss": OFFSET}
SMALL = {
    "dataset": {"name": "digits", "train": 400, "test": 80},
    "training": {"epochs": 8, "batch": 50, "learning_rate": 0.01},
    "attack": {"steps": 10, "restarts": 1},
    "eps": EPS,
    "seeds": [0],
}

robustness = study_of("robust/robustness")
step_size = study_of("robust/step_size")


@pytest.fixture(scope="module")
def outcome() -> Answer:
    printed = {"resnet": [90, 50, 5]}
    return robustness(networks=[RESNET, NON_EXPANSIVE], printed=printed, **SMALL)


@pytest.fixture(scope="module")
def steps() -> Answer:
    return step_size(network=NON_EXPANSIVE, relative_steps=[0.5, 1, 2], iterations=[1, 50], size=40, **SMALL)


def test_the_schema_names_the_tables(outcome: Answer, steps: Answer) -> None:
    assert set(outcome.tables) == set(find_studies()["robust/robustness"].tables)
    assert set(steps.tables) == set(find_studies()["robust/step_size"].tables)


def test_certified_never_exceeds_attacked(outcome: Answer, steps: Answer) -> None:
    for table in (outcome.tables["accuracy"], steps.tables["accuracy"]):
        keys = [name for name in ("network", "relative_step", "seed", "eps") if name in table]
        wide = table.pivot_table("correct", keys, "kind")
        assert (wide["certified"] <= wide["attacked"]).all()


def test_accuracy_falls_with_eps_and_lies_in_its_interval(outcome: Answer) -> None:
    table = outcome.tables["accuracy"]
    assert ((table["low"] <= table["accuracy"]) & (table["accuracy"] <= table["high"])).all()
    for _, one in table.groupby(["network", "seed", "kind"]):
        assert one.sort_values("eps")["accuracy"].is_monotonic_decreasing


def test_found_lies_below_the_bound(outcome: Answer) -> None:
    table = outcome.tables["lipschitz"]
    assert (table["found"] <= table["bound"]).all()
    assert outcome.summary["lipschitz_bound/non_expansive"] <= 1 + 1e-9
    assert outcome.summary["lipschitz_found/resnet"] > 1
    for label in ("resnet", "non_expansive"):
        largest = (table["found"] / table["bound"])[table["network"] == label].max()
        assert outcome.summary[f"lipschitz_excess/{label}"] == largest <= 1


def test_printed_numbers_stand_beside_ours(outcome: Answer) -> None:
    table = outcome.tables["accuracy"]
    ours = table[(table["network"] == "resnet") & (table["kind"] == "attacked")]
    assert list(ours["printed"]) == [0.9, 0.5, 0.05]
    assert table.loc[table["network"] == "non_expansive", "printed"].isna().all()
    with pytest.raises(InputError, match="one number for each of 3 eps"):
        robustness(networks=[RESNET], printed={"resnet": [90]}, **SMALL)


def test_within_the_limit_no_claim_is_false_and_beyond_it_some_are(steps: Answer) -> None:
    summary = steps.summary
    assert summary["found/1"] <= summary["bound/1"] <= 1 + 1e-9
    assert summary["false_claims/0.5"] == summary["false_claims/1"] == 0
    assert summary["found/2"] > 1.5
    assert summary["false_claims/2"] > 0


def test_few_power_iterations_make_a_layer_that_expands(steps: Answer) -> None:
    assert steps.summary["expansion/1"] > 1.5
    assert 1 <= steps.summary["expansion/50"] < 1.05


def test_a_study_repeats_itself_and_a_checkpoint_changes_nothing(tmp_path: Path) -> None:
    given = {**SMALL, "networks": [NON_EXPANSIVE]}
    first = robustness(**given)
    for again in range(2):
        other = robustness(**given, checkpoints=tmp_path)
        for name, table in first.tables.items():
            pd.testing.assert_frame_equal(table, other.tables[name], check_exact=True)
        assert len(list(tmp_path.iterdir())) == 2, again  # the training and its evaluation


def test_a_killed_study_evaluates_no_network_again(tmp_path: Path, monkeypatch) -> None:
    given = {**SMALL, "networks": [NON_EXPANSIVE], "seeds": [0, 1]}
    whole, evaluated = robustness(**given), []

    def killed_before(seeds: int):
        def evaluation(*arguments, **more):
            if len(evaluated) == seeds:
                raise KeyboardInterrupt
            evaluated.append(more["name"])
            return evaluate(*arguments, **more)

        return evaluation

    monkeypatch.setattr(module, "evaluate", killed_before(1))
    with pytest.raises(KeyboardInterrupt):
        robustness(**given, checkpoints=tmp_path)
    monkeypatch.setattr(module, "evaluate", killed_before(2))
    again = robustness(**given, checkpoints=tmp_path)
    assert len(evaluated) == 2
    for name, table in whole.tables.items():
        pd.testing.assert_frame_equal(table, again.tables[name], check_exact=True)


def test_a_network_one_layer_of_which_lies_about_its_bound_fails_the_run() -> None:
    data = load(SMALL["dataset"])
    choice = {**NON_EXPANSIVE, "architecture": {"name": "resnet", "depth": 2}}
    network, _ = train_from(choice, data, SMALL["training"], 0)
    network.layers[2].lipschitz_bound = lambda: 1.0  # a residual layer that claims to be harmless
    network.layers[3].lipschitz_bound = lambda: 1.0
    with pytest.raises(GeoflowError, match="above the bound"):
        evaluate(network, data.test, EPS, [Attack()], torch.Generator(), name="liar")


def test_a_weak_attack_flatters() -> None:
    data = load(SMALL["dataset"])
    network, _ = train_from(RESNET, data, SMALL["training"], 0)
    exact: Network = copy_for_evaluation(network)
    images, labels = torch.tensor(data.test.images).double(), torch.tensor(data.test.labels)

    def survivors(attack: Attack) -> int:
        flips = flips_by_attack(exact, images, labels, [0.8], [attack], torch.Generator())
        return int(flips["pgd"].isinf().sum())

    honest = survivors(Attack(steps=20))
    weak = survivors(Attack(steps=10, restarts=1, relative_step=0.25))
    assert weak > honest + 20
