"""A claim holds, or fails with a sentence; nothing else."""

import json
import math

import pandas as pd
import pytest
import steps

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


def test_the_verdict_has_one_sentence_for_each_failed_claim(tmp_path):
    summary = pd.DataFrame({"key": ["drift/rk4"], "value": [3.0]})
    write_tables(tmp_path / "orbits", {"summary": summary})
    asked = [
        CLAIM | {"below": 4, "above": None},
        CLAIM | {"name": "tiny", "below": 1, "above": None},
        CLAIM | {"name": "huge", "below": None, "above": 9},
    ]
    words = (f"results={tmp_path}", f"out={tmp_path}/claims.parquet")
    steps.main("claims", *words, "claims=" + json.dumps({"orbits": asked}))
    assert list(read_table(tmp_path / "claims.parquet")["holds"]) == [True, False, False]
    out = tmp_path / "verdict.txt"
    with pytest.raises(GeoflowError) as error:
        steps.main("verdict", f"claims={tmp_path}/claims.parquet", f"out={out}")
    assert str(error.value).splitlines() == [
        "claim tiny of orbits fails: expected drift/rk4 below 1, got 3.",
        "geoflow: claim huge of orbits fails: expected drift/rk4 above 9, got 3.",
    ]
    assert not out.exists()


def test_no_claims_are_no_failure(tmp_path):
    steps.main("claims", f"results={tmp_path}", "claims={}", f"out={tmp_path}/c.parquet")
    steps.main("verdict", f"claims={tmp_path}/c.parquet", f"out={tmp_path}/verdict.txt")
    assert (tmp_path / "verdict.txt").read_text() == "all 0 claims hold\n"


def test_a_step_that_there_is_not_is_refused_with_the_nearest():
    with pytest.raises(InputError, match="unknown step 'verdit'; did you mean 'verdict'"):
        steps.main("verdit", "out=verdict.txt")
