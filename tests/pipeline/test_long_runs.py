"""A long run of a stage that is killed goes on where it was, and its files come out the same in every byte."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from geoflow.ground import recall
from geoflow.ground.resumable import unpack

pytestmark = pytest.mark.slow
VALUES = {
    "problem": {"name": "kepler"},
    "methods": ["gauss_3", "stormer_verlet"],
    "h": 0.01,
    "steps": 4_000_000,
    "segments": 60,
    "shown": 10,
}
FROZEN = {
    "experiment": "long", "stage": "hamiltonian", "study": "orbits", "scale": "default", "threads": 1,
    "values": VALUES,
}  # fmt: skip
# The stage itself; only the clock is faster, so that there is a checkpoint after each segment.
STAGE = """
import sys
from geoflow.measure import long_run
from geoflow.pipeline.run import run_frozen
long_run.SECONDS = 0.0
run_frozen(sys.argv[1:])
"""


def command(folder):
    folder.mkdir()
    (folder / "long.json").write_text(json.dumps(FROZEN))
    return [sys.executable, "-c", STAGE, "config=long.json", "out=out"]


def test_a_stage_that_is_killed_goes_on_to_the_same_bytes(tmp_path):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert subprocess.run(command(whole), cwd=whole, capture_output=True).returncode == 0
    words = command(cut)
    process = subprocess.Popen(words, cwd=cut, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    give_up = time.monotonic() + 120
    while not (found := list(cut.glob("data/results/.checkpoints/*/gauss_3.npz"))):
        assert process.poll() is None and time.monotonic() < give_up
        time.sleep(0.005)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert 0 < unpack(recall(found[0]))["counted"][0] < VALUES["steps"]
    assert not (cut / "out").exists()
    assert subprocess.run(words, cwd=cut, capture_output=True).returncode == 0
    tables = ("orbits", "errors", "summary")
    for table in tables:
        one, other = (folder / "out" / f"{table}.parquet" for folder in (whole, cut))
        assert one.read_bytes() == other.read_bytes()
    assert not any((cut / "data/results/.checkpoints").iterdir())
