"""A claim holds, or fails with a sentence; nothing else."""

import json
import math

import pandas as pd
import pytest
import steps
from claim_tables import headline_rows, law_rows

from geoflow.ground.errors import GeoflowError, InputError
from geoflow.ground.results import read_table, write_tables
from geoflow.pipeline import claims

CLAIM = {"name": "bounded", "text": "it is bounded", "quantity": "drift/rk4"}


def judged(value, below=None, above=None):
    return claims.judge("orbits", CLAIM | {"below": below, "above": above}, {"drift/rk4": value})


@pytest.mark.parametrize(
    "value, below, above, holds",
    [
        (1, 2, None, True),
        (2, 2, None, False),
        (3, None, 2, True),
        (2, None, 2, False),
        (1.5, 2, 1, True),
        (2.5, 2, 1, False),
        (0.5, 2, 1, False),
        (math.nan, 2, None, False),
        (math.inf, 2, None, False),
    ],
)
def test_a_claim_holds_strictly_between_its_thresholds(value, below, above, holds):
    assert judged(value, below, above)["holds"] is holds


def test_a_failed_claim_says_what_was_expected_and_what_came():
    assert judged(2.5, 2, 1)["sentence"] == "expected drift/rk4 below 2 and above 1, got 2.5."
    assert judged(1.5, 2, 1)["sentence"] == ""


def test_a_missing_quantity_fails_and_names_the_nearest():
    row = claims.judge("orbits", CLAIM | {"below": 1, "above": None}, {"drift/rk5": 0.0})
    assert not row["holds"]
    assert row["sentence"] == ("the results have no quantity 'drift/rk4'; did you mean 'drift/rk5'?")


@pytest.mark.parametrize(
    "value, below, above, ideal, margin",
    [
        (0.01, 1, None, 0, 100),
        (2, 1, None, 0, 0.5),
        (0, 1, None, 0, math.inf),
        (-3, 1, None, 0, math.inf),
        (-4, -2, None, 0, 2),
        (math.inf, None, 5, 0, math.inf),
        (30, None, 5, 0, 6),
        (-0.5, None, -1, 0, 2),
        (1.02, 1.1, None, 1, 5),
        (0.99, 1.1, None, 1, math.inf),
        (1.3, None, 1.1, 1, 3),
        (0.98, None, 0.9, 1, 5),
        (0.45, 0.65, 0.35, 0, 3),
        (0.5, 0.65, 0.35, 0, math.inf),
        (0.8, 0.65, 0.35, 0, 0.5),
    ],
)
def test_the_margin_is_the_factor_that_is_left_until_the_claim_fails(value, below, above, ideal, margin):
    assert claims.margin(value, below, above, ideal) == pytest.approx(margin)


def test_a_claim_fails_where_its_margin_is_at_most_one():
    for value in (0.2, 0.9, 1.1, 1.9, 2.1, 3.0):
        for limits in ({"below": 2}, {"above": 1}, {"below": 2, "above": 1}):
            row = judged(value, **limits)
            assert row["holds"] is (row["margin"] > 1)


def test_the_verdict_has_one_sentence_for_each_failed_claim(tmp_path, capsys):
    summary = pd.DataFrame({"key": ["drift/rk4"], "value": [3.0]})
    write_tables(tmp_path / "orbits", {"summary": summary})
    asked = [
        CLAIM | {"below": 4, "above": None},
        CLAIM | {"name": "tiny", "below": 1, "above": None},
        CLAIM | {"name": "huge", "below": None, "above": 9},
    ]
    steps.main("claims", f"out={tmp_path}/claims.parquet", "claims=" + json.dumps([[str(tmp_path / "orbits"), asked]]))
    assert list(read_table(tmp_path / "claims.parquet")["holds"]) == [True, False, False]
    out = tmp_path / "verdict.txt"
    with pytest.raises(GeoflowError) as error:
        steps.main("verdict", f"claims={tmp_path}/claims.parquet", f"out={out}")
    assert capsys.readouterr().err == "geoflow: claim tiny of orbits fails: expected drift/rk4 below 1, got 3.\n"
    assert str(error.value) == "claim huge of orbits fails: expected drift/rk4 above 9, got 3."
    assert not out.exists()


def test_no_claims_are_no_failure(tmp_path):
    steps.main("claims", "claims=[]", f"out={tmp_path}/c.parquet")
    steps.main("verdict", f"claims={tmp_path}/c.parquet", f"out={tmp_path}/verdict.txt")
    assert (tmp_path / "verdict.txt").read_text() == "all 0 claims hold\n"


def test_a_step_that_there_is_not_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="unknown step 'verdit'; did you mean 'verdict'"):
        steps.main("verdit", "out=verdict.txt")


def written(tmp_path, *asked):
    """The table of claims of one run whose error is 3."""
    write_tables(tmp_path / "orbits", {"summary": pd.DataFrame({"key": ["drift/rk4"], "value": [3.0]})})
    steps.main("claims", f"out={tmp_path}/c.parquet", "claims=" + json.dumps([[str(tmp_path / "orbits"), asked]]))
    return read_table(tmp_path / "c.parquet")


def test_a_headline_stands_above_its_negative_control(tmp_path):
    control = CLAIM | {
        "name": "far",
        "text": "negative control: it goes far",
        "below": None,
        "above": 1,
        "kind": "control",
    }
    law = CLAIM | {"below": 6, "above": None}
    told = written(tmp_path, control, law | {"name": "near", "kind": "headline", "control": "far"}, law)
    first, second = headline_rows(told)
    assert first == ("1", "It is bounded", r"\ensuremath{3}", r"\ensuremath{<} \ensuremath{6}", r"\ensuremath{2}")
    assert second[:2] == ("", r"\color{black!60}Negative control: it goes far")


def test_an_experiment_has_one_row_with_its_smallest_margins(tmp_path):
    control = CLAIM | {"name": "far", "text": "far", "below": None, "above": 1, "kind": "control"}
    laws = [CLAIM | {"name": f"b{k}", "text": f"below {k}", "below": k, "above": None} for k in (4, 5)]
    ((*counts, least),) = law_rows(written(tmp_path, control, *laws))
    assert counts == [r"\texttt{orbits}", "2", "1", r"\ensuremath{1.3}"]
    assert least == "below 4"
    ((*counts, _),) = law_rows(written(tmp_path, control, CLAIM | {"name": "b2", "below": 2, "above": None}))
    assert counts[-1] == r"\textbf{fails}"
