"""`geoflow run` as users of Hydra know it: help, composed configuration, several runs, completion, one sentence."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from geoflow.ground.errors import InputError
from geoflow.ground.results import Results
from geoflow.pipeline import entry
from geoflow.pipeline.manual import read_descriptions
from geoflow.pipeline.overrides import check_overrides, expand_sweeps, parse_overrides
from geoflow.pipeline.schema import folder_name
from geoflow.studies import find_studies

ROOT = Path(__file__).parents[2]
SMALL = ["experiment=harmonic_oscillator", "scale=smoke", "study.steps=20"]


def geoflow(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "geoflow.cli", *words]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)


def test_help_lists_the_fields_with_types_values_and_meanings():
    said = geoflow("run", "experiment=harmonic_oscillator", "--help").stdout
    assert re.search(r"^study\.h: float = 0\.\d+$", said, re.MULTILINE)
    assert "    step size" in said
    assert "scale: default, paper, smoke" in said
    assert "--multirun,-m" in said  # Hydra's own list of flags
    general = geoflow("run", "--help")
    assert general.returncode == 0
    assert "geoflow list experiments" in general.stdout


def test_cfg_job_prints_the_composed_values_of_the_scale():
    words = ["scale=smoke", "study.h=0.3", "--cfg", "job", "--package", "study", "--resolve"]
    done = geoflow("run", "experiment=kepler_orbits", *words)
    assert "h: 0.3\nsteps: 20000\n" in done.stdout
    assert "- yoshida_4\n" in done.stdout


def test_several_runs_go_to_one_folder_each_named_after_what_varies(tmp_path):
    done = geoflow("run", *SMALL, "study.h=0.1,0.05", f"out={tmp_path}", "--multirun")
    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == ["study.h-0.05", "study.h-0.1"]
    for h in (0.05, 0.1):
        results = Results(tmp_path / f"study.h-{h}")
        assert results.values["h"] == h
        assert results.values["steps"] == 20


def test_a_call_without_a_folder_writes_to_one_named_after_what_is_fixed():
    done = geoflow("run", *SMALL, "--multirun", "study.h=0.1,0.05")
    assert done.returncode == 0, done.stderr
    folder = Path("outputs/harmonic_oscillator/scale-smoke__study.steps-20")
    try:
        assert done.stdout.split() == [f"{folder}/study.h-0.1", f"{folder}/study.h-0.05"]
        assert Results(ROOT / folder / "study.h-0.05").values["h"] == 0.05
    finally:
        shutil.rmtree(ROOT / folder)
    one = parse_overrides(["study.h=0.02", "experiment=hamiltonian/kepler_orbits"])
    assert entry.folder_of(one) == "outputs/kepler_orbits/study.h-0.02"
    assert entry.folder_of(one[1:]) == "outputs/kepler_orbits/run"


def test_the_shell_completes_experiments_and_fields():
    given = {"COMP_POINT": "99"}
    line = "geoflow run experiment=kep"
    names = geoflow("-sc", "query=bash", COMP_LINE=line, **given).stdout.split()
    assert "experiment=kepler_orbits" in names
    line = "geoflow run experiment=kepler_orbits study.s"
    keys = geoflow("-sc", "query=bash", COMP_LINE=line, **given).stdout.split()
    assert set(keys) == {"study.segments=", "study.shown=", "study.steps="}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["study.h=1", "out=x"], "expected experiment=..."),
        (["experiment=harmonic_oscilator", "out=x"], "did you mean 'harmonic_oscillator'"),
        ([*SMALL, "out=x", "scale=smok"], "did you mean 'smoke'"),
        ([*SMALL, "out=x", "study.hh=1"], "unknown key 'study.hh'; did you mean 'h'"),
        ([*SMALL, "out=x", "h=1"], "did you mean 'study.h'"),
        ([*SMALL, "out=x", "study.h=wide"], "study.h: Value 'wide'"),
        ([*SMALL, "out=x", "study.problem={name: keplr}"], "did you mean 'kepler'"),
        ([*SMALL, "out=x", "study.h=1,2"], "add --multirun"),
        ([*SMALL, "out=x", "~study.h"], "no key can be left out"),
        ([*SMALL, "out=x", "+new=1"], "unknown key 'new'"),
        ([*SMALL, "out=x", "study.h=1,2", "study.hh=1", "-m"], "unknown key 'study.hh'"),
        ([*SMALL, "out=x", "study.h=1,wide", "-m"], "study.h: Value 'wide'"),
    ],
)
def test_a_mistake_is_one_sentence_before_anything_runs(words, sentence, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(entry, "execute", None)  # calling it would fail
    with pytest.raises(InputError) as error:
        entry.main(words)
    assert sentence in str(error.value)
    assert "\n" not in str(error.value)


def test_a_sentence_goes_to_the_error_stream_with_status_2():
    done = geoflow("run", *SMALL, "out=x", "study.hh=1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("geoflow: the command line: unknown key 'study.hh'")


def test_several_runs_are_the_product_of_what_varies():
    words = ["a=1,2", "b=x", "c=range(0,2)"]
    expected = [["a=1", "b=x", "c=0"], ["a=1", "b=x", "c=1"], ["a=2", "b=x", "c=0"], ["a=2", "b=x", "c=1"]]
    assert list(expand_sweeps(words)) == expected


def test_folders_are_named_without_signs_of_the_shell():
    assert folder_name("++study.h-0.1__++study.methods-[rk4,gauss_2]") == ("study.h-0.1__study.methods-_rk4_gauss_2")
    assert folder_name("study.h-1e+5") == "study.h-1e+5"


def test_values_of_every_kind_can_be_given_by_hand():
    study = find_studies()["robust/robustness"]
    words = ["study.training.epochs=4", "study.eps=[0,0.5]", "study.attack={steps: 3}", "study.device='cpu'"]
    assert check_overrides(words, study) == [f"++{word}" for word in words]
    with pytest.raises(InputError, match=r"unknown key 'study.training.epcohs'; did you mean 'epochs'"):
        check_overrides(["study.training.epcohs=4"], study)


def test_meanings_are_found_in_docstrings_and_below_fields():
    robustness = read_descriptions(find_studies()["robust/robustness"])
    assert robustness["seeds"] == "one training per seed"
    assert {"device", "printed", "kept", "auto_attack"} <= set(robustness)


def test_the_frozen_values_of_a_run_by_hand_are_those_of_the_rule(tmp_path):
    from geoflow.pipeline.compose import compose

    os.chdir(ROOT)
    done = geoflow("run", "experiment=harmonic_oscillator", "scale=smoke", f"out={tmp_path}")
    assert done.returncode == 0, done.stderr
    frozen = json.loads((tmp_path / "config.json").read_text())
    assert frozen == json.loads(compose("harmonic_oscillator", "smoke").slice())
