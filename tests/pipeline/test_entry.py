"""The entry that all stages share, with a made-up study."""

import io
import json
import os
import sys
from typing import ClassVar

import pandas as pd
import pytest

from geoflow.ground import progress as progresses
from geoflow.ground.answer import Answer
from geoflow.ground.errors import InputError, SolveError
from geoflow.ground.results import Results
from geoflow.ground.sentences import sentences
from geoflow.ground.study import Study
from geoflow.pipeline import run as entry
from geoflow.run import main as start

FROZEN = {
    "experiment": "made_up",
    "scale": "smoke",
    "stage": "hamiltonian",
    "study": "line",
    "threads": 1,
    "values": {"count": 3, "seed": 5},
}


class Line(Study):
    tables: ClassVar[dict[str, str]] = {"line": "x"}
    summary: ClassVar[str] = "sum"
    count: int
    seed: int


def line(asked, tools):
    numbers = [float(n) for n in tools.progress(range(asked.count), "numbers")]
    return Answer({"line": pd.DataFrame({"x": numbers})}, {"sum": sum(numbers)}, {"x": "m"})


@pytest.fixture
def frozen(tmp_path, monkeypatch):
    monkeypatch.setattr(entry, "find_studies", lambda: {"hamiltonian/line": Line})
    monkeypatch.setattr(entry, "import_study", lambda study: line)
    monkeypatch.chdir(tmp_path)
    for library in entry.THREADS:  # restored at the end: the entry sets them
        monkeypatch.setenv(f"{library}_NUM_THREADS", "7")
    path = tmp_path / "config.json"
    path.write_text(json.dumps(FROZEN))
    return path


def test_a_stage_writes_tables_and_summary_that_know_their_origin(frozen, tmp_path):
    entry.run_frozen([f"config={frozen}", f"out={tmp_path}/out"])
    results = Results(tmp_path / "out")
    assert list(results.table("line")["x"]) == [0, 1, 2]
    assert results.table("line").attrs["geoflow"]["units"] == {"x": "m"}
    assert results.summary == {"sum": 3.0}
    origin = results.provenance
    assert (origin["experiment"], origin["scale"], origin["seed"]) == ("made_up", "smoke", 5)
    assert len(origin["config"]) == len(origin["code"]) == 16


def test_threads_come_from_the_frozen_values(frozen, tmp_path):
    entry.run_frozen([f"config={frozen}", f"out={tmp_path}/out"])
    assert {os.environ[f"{library}_NUM_THREADS"] for library in entry.THREADS} == {"1"}


def test_a_study_that_fails_writes_nothing_and_says_one_sentence(frozen, tmp_path, capsys, monkeypatch):
    def fails(asked, tools):
        raise SolveError("the state overflowed at t = 3; try a smaller h.")

    monkeypatch.setattr(entry, "import_study", lambda study: fails)
    with pytest.raises(SystemExit) as stopped, sentences():
        entry.run_frozen([f"config={frozen}", f"out={tmp_path}/out"])
    assert stopped.value.code == 2
    assert capsys.readouterr().err == ("geoflow: the state overflowed at t = 3; try a smaller h.\n")
    assert not (tmp_path / "out").exists()


def test_checkpoints_survive_a_failure_and_go_after_success(frozen, tmp_path, monkeypatch):
    seen = []

    def training(asked, tools):
        seen.append(sorted(path.name for path in tools.checkpoints.glob("*")))
        tools.checkpoints.mkdir(parents=True, exist_ok=True)
        (tools.checkpoints / "state").touch()
        if len(seen) == 1:
            raise KeyboardInterrupt
        return line(asked, tools)

    monkeypatch.setattr(entry, "import_study", lambda study: training)
    words = [f"config={frozen}", f"out={tmp_path}/out"]
    with pytest.raises(KeyboardInterrupt):
        entry.run_frozen(words)
    entry.run_frozen(words)
    assert seen == [[], ["state"]]
    assert not any((tmp_path / entry.CHECKPOINTS).iterdir())


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["config=config.json"], "expected out="),
        (["out=x", "config=absent.json"], "config=absent.json: expected frozen values"),
        (["out=x", "config=config.json", "study.h=1"], "already frozen; leave out study.h=1"),
        (["config=config.json", "outt"], "expected key=value, got 'outt'; did you mean 'out'"),
    ],
)
def test_a_wrong_command_line_is_refused(frozen, words, sentence):
    with pytest.raises(InputError, match=sentence):
        start(words)


@pytest.mark.parametrize(
    "answer, sentence",
    [
        (({}, {}), "tables: expected line, got"),
        (({"line": {"y": [1.0]}}, {}), "columns of table 'line': expected x, got y"),
        (({"line": {"x": [1.0]}}, {"sums": 1.0}), "quantity 'sums'.*did you mean 'sum'"),
    ],
)
def test_an_answer_other_than_declared_is_refused_and_not_written(frozen, tmp_path, monkeypatch, answer, sentence):
    tables = {name: pd.DataFrame(columns) for name, columns in answer[0].items()}
    given = Answer(tables, answer[1])
    monkeypatch.setattr(entry, "import_study", lambda study: lambda asked, tools: given)
    with pytest.raises(InputError, match=sentence):
        entry.run_frozen([f"config={frozen}", f"out={tmp_path}/out"])
    assert not (tmp_path / "out").exists()


def test_a_study_cannot_look_up_what_its_digest_does_not_cover(frozen, tmp_path, monkeypatch):
    from geoflow.integrators import METHODS

    def hidden(asked, tools):
        METHODS["rk" + str(asked.count + 1)]
        return line(asked, tools)

    monkeypatch.setattr(entry, "import_study", lambda study: hidden)
    with pytest.raises(InputError, match="looks up the method 'rk4', which neither its values"):
        entry.run_frozen([f"config={frozen}", f"out={tmp_path}/out"])
    assert METHODS["rk4"].order == 4  # and outside of a run everything can be looked up


def test_progress_is_silent_for_five_seconds_and_then_prints_lines(monkeypatch):
    clock = [0.0]
    errors = io.StringIO()
    monkeypatch.setattr(sys, "stderr", errors)
    monkeypatch.setattr("tqdm.std.time", lambda: clock[0])
    for _ in progresses.progress(range(4), "quick"):
        clock[0] += 1
    assert errors.getvalue() == ""
    for _ in progresses.progress(range(10), "slow"):
        clock[0] += 6
    lines = errors.getvalue().splitlines()
    assert lines[0].startswith("slow: ")
    assert "left" in lines[0]
    assert all("\r" not in text for text in lines)
