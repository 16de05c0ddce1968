"""One flipped bit anywhere in what a run made: it is named, and the next run makes the same bytes again."""

import os
import shutil

import pytest
from faulty import NAME, RESULTS, WORDS, flip, made, random_bits
from refusals import check_tracked
from whole import Judged

from geoflow.ground.errors import InputError
from geoflow.ground.results import Results, read_table

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]
FLIPS = 500


def findings(tree, monkeypatch):
    """What the Snakefile finds when it is read, in this process."""
    monkeypatch.chdir(tree.path)
    from composed import experiments

    one = experiments("smoke")[NAME]
    found = Judged()
    found.check_results(tree.path / RESULTS, one, lambda: code_of_run(tree))
    for path in products(tree):
        found.check_products([], [path])
    return found


def code_of_run(tree):
    return Results(tree.path / RESULTS).provenance["code"]


def products(tree):
    return [path for path in made(tree) if not path.startswith(RESULTS)]


def test_no_flipped_bit_is_silent(tree, monkeypatch):
    code = code_of_run(tree)
    monkeypatch.setitem(globals(), "code_of_run", lambda tree: code)
    assert findings(tree, monkeypatch).wrong == {}
    files = [tree.path / name for name in made(tree)]
    silent = []
    for path, bit in random_bits(files, FLIPS, seed=1):
        flip(path, bit)
        found = findings(tree, monkeypatch)
        if not found.redo or not (found.wrong or path.name == "config.json"):
            silent.append((path.name, bit))
        flip(path, bit)
    assert silent == []
    assert findings(tree, monkeypatch).wrong == {}


def test_a_reader_refuses_every_flipped_bit_of_a_table(tree):
    folder = tree.path / RESULTS
    tables = sorted(folder.glob("*.parquet"))
    for path, bit in random_bits([*tables, folder / "complete.json"], 100, seed=2):
        flip(path, bit)
        with pytest.raises(InputError, match="is damaged"):
            [Results(folder).table(table.stem) for table in tables]
        flip(path, bit)
    assert all(len(Results(folder).table(table.stem)) for table in tables)


def test_the_pages_of_a_table_that_stands_alone_carry_checksums(tree, tmp_path):
    """Where no complete.json vouches for a table, most of its bytes still have a checksum."""
    path = tmp_path / "states.parquet"
    shutil.copy(tree.path / RESULTS / "states.parquet", path)
    original = read_table(path)
    for _, bit in random_bits([path], 200, seed=3):
        flip(path, bit)
        try:
            assert read_table(path).equals(original)
        except InputError:
            pass
        except AssertionError:
            assert bit > 8 * (path.stat().st_size - 4000), "only in the description at the end"
        flip(path, bit)


def test_the_next_run_makes_the_bytes_again(tree):
    before = made(tree)
    remembered = sorted((tree.path / ".snakemake/geoflow").rglob("*.*"))
    flipped = random_bits([*remembered, *(tree.path / name for name in before)], 80, seed=4)
    for path, bit in flipped:
        flip(path, bit)
    plan = tree.snakemake("-n", *WORDS)
    said = [line for line in plan.stdout.splitlines() if line.startswith("geoflow: ")]
    assert any(RESULTS in line for line in said)
    assert any("figures/" in line and "not known to be what a run wrote" in line for line in said)
    assert any("digests.json is damaged; its content is computed again" in line for line in said)
    again = tree.snakemake(*WORDS)
    assert again.returncode == 0, again.stdout[-3000:]
    assert made(tree) == before
    assert "Nothing to be done" in tree.snakemake("-n", *WORDS).stdout


@pytest.mark.parametrize("name", ["states.parquet", "summary.parquet", "complete.json"])
def test_what_is_deleted_or_truncated_is_found(tree, monkeypatch, name):
    path = tree.path / RESULTS / name
    whole, code = path.read_bytes(), code_of_run(tree)
    monkeypatch.setitem(globals(), "code_of_run", lambda tree: code)
    for left in (whole[:-1], whole[: len(whole) // 2], b""):
        path.write_bytes(left)
        assert findings(tree, monkeypatch).wrong
    path.unlink()
    assert findings(tree, monkeypatch).wrong


def test_a_deleted_folder_is_made_again(tree):
    """Tables that are deleted one by one are among what a killed run leaves."""
    before = made(tree)
    shutil.rmtree(tree.path / RESULTS)
    again = tree.snakemake(*WORDS)
    assert again.returncode == 0, again.stdout[-3000:]
    assert "Traceback" not in again.stdout
    assert made(tree) == before


def test_stale_results_are_made_again_whatever_snakemake_remembers(tree):
    before = made(tree)
    shutil.rmtree(tree.path / ".snakemake")
    experiment = next((tree.path / "config").rglob(f"{NAME}.yaml"))
    text = experiment.read_text()
    assert "implicit_midpoint]" in text
    experiment.write_text(text.replace("implicit_midpoint]", "implicit_midpoint, rk4]"))
    for path in tree.path.rglob("*"):  # and whatever the dates are: they say that nothing has changed
        os.utime(path, (1e9, 1e9), follow_symlinks=False)
    plan = tree.snakemake("-n", *WORDS)
    assert f"{RESULTS} is of other values or other code" in plan.stdout
    assert tree.snakemake(*WORDS).returncode == 0
    changed = made(tree)
    assert changed[f"{RESULTS}/summary.parquet"] != before[f"{RESULTS}/summary.parquet"]
    assert changed[f"figures/{NAME}.png"] != before[f"figures/{NAME}.png"]


def test_a_flipped_bit_in_a_tracked_result_stops_every_run(tree):
    folder = tree.path / "data/reference"
    check_tracked(folder)
    files = sorted(folder.glob("paper/*/*.*"))
    for path, bit in random_bits(files, len(files), seed=5):
        flip(path, bit)
        with pytest.raises(InputError, match="git checkout -- "):
            check_tracked(folder)
        flip(path, bit)
    flip(files[0], 77)
    stopped = tree.snakemake("-n", *WORDS)
    (sentence,) = [x for x in stopped.stdout.splitlines() if x.startswith("geoflow: ")]
    assert stopped.returncode == 2 and "git checkout -- data/reference/paper/" in sentence
