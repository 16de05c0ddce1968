"""Full disks, folders that may not be written, damaged caches: a sentence, and nothing half-written."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from faulty import flip, random_bits

from geoflow.ground.errors import FileError
from geoflow.ground.files import renamed_when_complete
from geoflow.ground.remembered import recall, remember
from geoflow.ground.results import read_table, write_tables
from geoflow.ground.resumable import compute_part, pack, recall_value, unpack

root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
FRAME = pd.DataFrame({"x": np.random.default_rng(1).normal(size=300_000)})


@pytest.fixture
def tiny_disk(tmp_path):
    """A disk of 256 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(words, capture_output=True).returncode:
        pytest.skip("this machine mounts no small disk")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@root
def test_on_a_full_disk_no_table_is_half_written(tiny_disk):
    small = {"x": FRAME[:10]}
    write_tables(tiny_disk / "run", small)
    before = {path.name: path.read_bytes() for path in (tiny_disk / "run").iterdir()}
    with pytest.raises(FileError, match=r"could not be written \(.*no space left on device"):
        write_tables(tiny_disk / "run", {"x": FRAME})
    assert {path.name: path.read_bytes() for path in (tiny_disk / "run").iterdir()} == before


@root
def test_on_a_disk_that_may_only_be_read_a_sentence_says_so(tiny_disk):
    write_tables(tiny_disk / "run", {"x": FRAME[:10]})
    before = {path.name: path.read_bytes() for path in (tiny_disk / "run").iterdir()}
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    for folder in ("run", "other"):
        with pytest.raises(FileError, match=r"could not be written \(read-only file system\)"):
            write_tables(tiny_disk / folder, {"x": FRAME[:20]})
    assert read_table(tiny_disk / "run" / "x.parquet").equals(FRAME[:10])
    assert {path.name: path.read_bytes() for path in (tiny_disk / "run").iterdir()} == before


@root
def test_on_a_full_disk_a_checkpoint_is_left_out_and_the_run_goes_on(tiny_disk, capfd):
    numbers = np.arange(100_000.0)
    assert compute_part(tiny_disk, "a", lambda: numbers) is numbers
    remember(tiny_disk / "b.npz", pack({"weights": torch.zeros(100_000)}))
    assert list(tiny_disk.iterdir()) == []
    assert capfd.readouterr().err.count("cannot store intermediate results") == 1


@root
def test_on_a_full_disk_a_command_says_one_sentence(tiny_disk):
    words = ["integrate", "kepler", "rk4", "--h", "0.01", "--steps", "20000", "--out"]
    ran = subprocess.run(
        [sys.executable, "-m", "geoflow.cli", *words, str(tiny_disk / "run.parquet")], capture_output=True, text=True
    )
    assert ran.returncode == 2 and ran.stderr.count("\n") == 1
    assert "no space left on device" in ran.stderr
    assert list(tiny_disk.iterdir()) == []


def test_where_a_file_is_in_the_way_of_a_folder_a_sentence_says_so(tmp_path):
    (tmp_path / "results").write_text("")
    with pytest.raises(FileError, match=r"results/run/x\.parquet could not be written"):
        write_tables(tmp_path / "results" / "run", {"x": FRAME[:1]})


def test_a_cache_that_cannot_be_written_costs_a_sentence_and_nothing_else(tmp_path):
    (tmp_path / "file").write_text("")
    code = "from geoflow import integrate; print(integrate('pendulum', 'rk4', h=0.1, steps=3).final)"
    said = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"GEOFLOW_CACHE": str(cache)},
            capture_output=True,
            text=True,
            check=True,
        )
        for cache in (tmp_path / "file", tmp_path / "cache")
    ]
    assert said[0].stdout == said[1].stdout
    assert said[0].stderr.count("\n") == 1 and "cannot store intermediate results" in said[0].stderr
    assert said[1].stderr == ""


def test_a_damaged_compiled_loop_is_compiled_again(tmp_path):
    code = "from geoflow import integrate; print(integrate('pendulum', 'rk4', h=0.1, steps=3).final)"

    def run():
        return subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"GEOFLOW_CACHE": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )

    first = run()
    (path,) = tmp_path.rglob("*.o")
    whole = path.read_bytes()
    for _, bit in random_bits([path], 4, seed=7):
        flip(path, bit)
        again = run()
        assert again.stdout == first.stdout
        assert again.stderr.count("\n") == 1 and f"{path.name} is damaged" in again.stderr
        assert path.read_bytes() == whole


def test_no_flipped_bit_of_a_checkpoint_is_used(tmp_path, capfd):
    value = (1, 2.5, [np.arange(5.0), np.float64("nan")], {"a": pd.DataFrame({"x": [1.0]})})
    torch.manual_seed(1)
    state = {"weights": torch.randn(5), "rows": [{"loss": 0.1}]}
    part, training = tmp_path / "a.part", tmp_path / "b.npz"
    compute_part(tmp_path, "a", lambda: value)
    remember(training, pack(state))
    for path, bit in random_bits([part, training], 100, seed=8):
        flip(path, bit)
        assert recall(path) is None
        assert recall_value(path) is None
        flip(path, bit)
        assert recall(path) is not None
    flip(part, 100)
    assert compute_part(tmp_path, "a", lambda: "computed again") == "computed again"
    assert compute_part(tmp_path, "a", lambda: None) == "computed again"
    assert capfd.readouterr().err.count("is damaged; its content is computed again") >= 100


def test_what_is_remembered_comes_back_in_every_bit():
    from geoflow.integrators.section import Section

    section = Section(np.ones((2, 3)), np.full((2, 3, 4), -0.0), np.zeros((2, 3)), np.arange(2), 7)
    frame = pd.DataFrame({"method": ["rk4", "gauss_2"], "h": [0.1, np.nan], "n": [1, 2]})
    given = {"a": (1, 0.1, -0.0, None, True, "x"), "b": [section, frame], 3: torch.arange(3)}
    back = unpack(pack(given))
    assert back["a"] == given["a"] and str(back["a"][2]) == "-0.0" and list(back) == list(given)
    assert back["b"][0].y.tobytes() == section.y.tobytes() and back["b"][0].steps == 7
    assert back["b"][1].equals(frame) and list(back["b"][1].dtypes) == list(frame.dtypes)
    assert torch.equal(back[3], given[3])
    with pytest.raises(TypeError, match="cannot be stored"):
        pack(object())


def test_no_file_of_the_package_is_pickled():
    source = Path(__file__).parents[2] / "src"
    words = ("import pickle", "pickle.load", "allow_pickle=True", "weights_only=False", "joblib")
    found = [(path.name, word) for path in source.rglob("*.py") for word in words if word in path.read_text()]
    assert found == []


def test_an_error_that_is_no_fault_of_the_disk_stays_itself(tmp_path):
    with pytest.raises(FileNotFoundError), renamed_when_complete(tmp_path / "a"):
        (tmp_path / "none").read_text()
    remember(tmp_path / "a", b"content")
    assert recall(tmp_path / "a") == b"content" and recall(tmp_path / "b") is None
    assert len(read_table_sentence(tmp_path / "a").splitlines()) == 1


def read_table_sentence(path):
    with pytest.raises(ValueError, match="is not a whole table") as caught:
        read_table(path)
    return str(caught.value)
