"""Every tracked table can be read, and has what the claims and the report ask of it."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from paper_results import list_tracked
from robustness_table import DATASETS as TITLES
from robustness_table import MARKS

from geoflow.ground import Answer, Results
from geoflow.learning.datasets import DATASETS
from geoflow.pipeline.claims import judge
from geoflow.pipeline.compose import compose
from geoflow.pipeline.quantities import check_answer
from geoflow.studies import find_studies

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data" / "reference"


def tracked(name: str) -> Results:
    return Results(REFERENCE / "paper" / name)


@pytest.mark.parametrize("name", list_tracked(REFERENCE))
def test_a_tracked_result_is_an_answer_of_its_study_on_which_every_claim_holds(name: str) -> None:
    run, one = tracked(name), compose(name, "paper")
    study = find_studies()[f"{one.stage}/{one.study}"]
    tables = {path.stem: run.table(path.stem) for path in run.folder.glob("*.parquet")}
    del tables["summary"]
    check_answer(study, one.values, Answer(tables, run.summary), name)
    judged = [judge(name, claim, run.summary) for claim in one.claims]
    assert [row["sentence"] for row in judged if not row["holds"]] == []
    assert len(judged) == len(one.claims) > 0


@pytest.mark.parametrize("name", ["fashion_table", "mnist_robustness"])
def test_what_was_added_to_a_tracked_summary_follows_from_its_table(name: str) -> None:
    run = tracked(name)
    (added,) = [run.provenance["added"]]
    lipschitz = run.table("lipschitz").set_index("network")
    assert sorted(added) == [f"lipschitz_excess/{network}" for network in sorted(lipschitz.index)]
    for network, row in lipschitz.iterrows():
        assert run.summary[f"lipschitz_excess/{network}"] == row["found"] / row["bound"]


def test_the_trials_of_the_networks_of_the_table_can_be_read() -> None:
    tries = pd.read_csv(REFERENCE / "robustness" / "tries.csv")
    assert len(tries) > 50
    assert set(tries["dataset"]) <= set(DATASETS)
    shares = tries[[column for column in tries if column == "clean" or "certified" in column]]
    assert ((shares.isna()) | (shares >= 0) & (shares <= 100)).all(axis=None)
    falling = tries[["clean", "certified_36_255", "certified_0_5", "certified_1", "certified_1_58"]].diff(axis=1)
    assert not (falling > 0).any(axis=None)


def test_every_published_accuracy_has_a_source_and_a_place_in_it() -> None:
    literature = pd.read_csv(REFERENCE / "robustness" / "literature.csv")
    assert len(literature) >= 12
    assert set(literature["dataset"]) == set(TITLES)
    assert set(literature["kind"]) == set(MARKS)
    known = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "report/references.bib").read_text(), re.MULTILINE))
    assert set(literature["source"]) <= known
    assert set(literature["where"].str.extract(r"^quoted by (\w+)")[0].dropna()) <= known
    assert literature["where"].str.contains("github.com/").all()
    radii = np.array([36 / 255, 72 / 255, 0.3, 108 / 255, 0.5, 1, 1.58])
    assert (np.abs(literature["eps"].to_numpy()[:, None] - radii).min(axis=1) < 1e-6).all()
    assert literature["certified"].between(0, 100).all()
    assert (literature["clean"].isna() | literature["clean"].between(literature["certified"], 100)).all()
    one_network = literature.groupby(["dataset", "method", "source", "clean"], dropna=False)
    assert all(rows["eps"].is_monotonic_increasing for _, rows in one_network)
    assert all(rows["certified"].is_monotonic_decreasing for _, rows in one_network)


def test_the_other_tracked_tables_can_be_read() -> None:
    states = pd.read_csv(REFERENCE / "states.csv")
    assert len(states) > 10 and states.notna().all(axis=None)
    known = {"states.csv", "robustness/literature.csv", "robustness/tries.csv"}
    assert {str(path.relative_to(REFERENCE)) for path in REFERENCE.rglob("*.csv")} == known
