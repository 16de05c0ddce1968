"""Runs that were cut off: the next one goes on, and its bytes are those of an undisturbed run."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time

import pytest
from faulty import NAME, RESULTS, WORDS, made

from geoflow.ground.files import remove_leftovers, renamed_when_complete

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]


def started(tree):
    """A run in a process group of its own, which hears SIGINT as from a keyboard."""
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", *WORDS],
        cwd=tree.path,
        env=os.environ | {"PYTHONPATH": str(tree.path / "src")},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


def empty(tree):
    """Take away what the run made, and what Snakemake remembers of it."""
    for name in made(tree):
        (tree.path / name).unlink()


def goes_on(tree, before):
    assert tree.snakemake("--unlock", *WORDS[2:4]).returncode == 0
    again = tree.snakemake(*WORDS)
    assert again.returncode == 0, again.stdout[-3000:]
    assert made(tree) == before
    assert [path for path in tree.path.rglob(".*~*~*") if path.is_file()] == []


def test_the_whole_group_killed_at_random_moments(tree):
    before, chosen = made(tree), random.Random(6)
    empty(tree)
    for _ in range(3):
        process = started(tree)
        time.sleep(chosen.uniform(2, 9))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(tree.path / ".snakemake/locks", ignore_errors=True)  # --unlock, without its start
    goes_on(tree, before)


def test_a_run_that_was_interrupted_once_and_then_twice_goes_on(tree):
    """The second Ctrl-C does not wait for what is running."""
    before = made(tree)
    empty(tree)
    for times in (1, 2):
        process = started(tree)
        wait_for(tree.path / f"logs/smoke/hamiltonian/{NAME}.log", process)
        for _ in range(times):
            os.killpg(process.pid, signal.SIGINT)
            time.sleep(0.3)
        process.wait(timeout=60)
        shutil.rmtree(tree.path / ".snakemake/locks", ignore_errors=True)
    goes_on(tree, before)


def test_of_two_runs_at_once_one_stops_and_the_other_makes_the_same_bytes(tree):
    """Snakemake locks the folder for the whole run."""
    before = made(tree)
    empty(tree)
    first = started(tree)
    wait_for(tree.path / f"logs/smoke/hamiltonian/{NAME}.log", first)
    second = tree.snakemake(*WORDS)
    assert second.returncode != 0 and "lock" in second.stdout and "Traceback" not in second.stdout
    assert first.wait(timeout=300) == 0
    assert made(tree) == before


def test_one_experiment_run_twice_at_once_leaves_the_bytes_of_one_run(tree):
    """Without Snakemake nothing is locked, but complete files replace each other."""
    before = made(tree)
    for path in (tree.path / RESULTS).glob("*.parquet"):
        path.unlink()
    command = [sys.executable, "-m", "geoflow.run", f"config={RESULTS}/config.json", f"out={RESULTS}"]
    given = os.environ | {"PYTHONPATH": str(tree.path / "src")}
    both = [subprocess.Popen(command, cwd=tree.path, env=given, stderr=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait(timeout=300) for one in both] == [0, 0]
    assert made(tree) == before


def test_a_study_that_is_killed_while_it_writes_leaves_nothing_that_looks_whole(tree):
    before = made(tree)
    for path in (tree.path / RESULTS).glob("*.parquet"):
        path.unlink()
    stop = "\nimport os as _os\n_replace = _os.replace\n"
    stop += "def _killed(a, b):\n    if str(b).endswith('summary.parquet'): _os.kill(_os.getpid(), 9)\n"
    stop += "    _replace(a, b)\n_os.replace = _killed\n"
    with tree.edited("src/geoflow/ground/files.py", "\nHIDDEN", stop + "HIDDEN"):
        words = [f"config={RESULTS}/config.json", f"out={RESULTS}"]
        killed = tree.run([sys.executable, "-m", "geoflow.run", *words])
    assert killed.returncode == -signal.SIGKILL
    assert (tree.path / RESULTS / "states.parquet").exists()  # renamed before the kill
    assert list((tree.path / RESULTS).glob(".*~summary.parquet"))
    goes_on(tree, before)


def test_leftovers_of_the_dead_are_removed_and_those_of_the_living_are_not(tmp_path):
    path = tmp_path / "deep" / "table.parquet"
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with renamed_when_complete(path) as (mine,):
        mine.write_text("half")
        left = mine.with_name(mine.name.replace(f"~{os.getpid()}~", f"~{dead.pid}~"))
        elsewhere = mine.with_name(f".another-machine~{dead.pid}~table.parquet")
        for one in (left, elsewhere):
            one.write_text("half")
        remove_leftovers([tmp_path])
        assert mine.exists() and elsewhere.exists() and not left.exists()
    assert path.read_text() == "half"


def wait_for(path, process):
    path.unlink(missing_ok=True)
    give_up = time.monotonic() + 60
    while not path.exists() and time.monotonic() < give_up and process.poll() is None:
        time.sleep(0.05)
