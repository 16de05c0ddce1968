"""Every entry of the tables passes its check; every negative control fails."""

import time

import pytest

from geoflow.check import check, check_entry
from geoflow.describe import TABLES, table
from geoflow.integrators.controls import CONTROLS
from geoflow.problems import PROBLEMS

ENTRIES = [(kind, name) for kind in TABLES for name in table(kind)]


@pytest.mark.parametrize(("kind", "name"), ENTRIES, ids=[name for _, name in ENTRIES])
def test_nothing_is_wrong_with_an_entry_of_the_tables(kind, name):
    entry, began = table(kind)[name], time.process_time()
    rows = check_entry(kind, entry)
    assert time.process_time() - began < 3
    assert rows
    assert [row.wrong for row in rows if row.wrong] == []


@pytest.mark.parametrize("name", CONTROLS)
def test_a_method_that_is_wrong_on_purpose_is_caught(name):
    assert [row.wrong for row in check_entry("methods", CONTROLS[name]) if row.wrong]


@pytest.mark.parametrize("name", ["gauss_8", "rkc_2_7", "suzuki_8", "hbvm_5_3", "strang_4"])
def test_members_of_families_that_are_not_listed_pass_too(name):
    assert not [row.wrong for row in check(name) if row.wrong]


def test_a_check_finds_the_same_twice():
    assert check("gauss_2") == check("gauss_2")
    assert check_entry("problems", PROBLEMS["kepler"]) == check("kepler")
