"""`geoflow why`, `cost`, `draw`, `open` and `profile`."""

import json
import shutil
import subprocess
import sys

import forecast
import pandas as pd
import profile_study
import pytest
import show_files
import why_rerun
from changed_code import changed_code
from composed import experiments

from geoflow.ground.errors import InputError
from geoflow.ground.results import write_tables
from geoflow.pipeline import run
from geoflow.pipeline.source import SOURCE

NAME = "harmonic_oscillator"
STUDY = "geoflow.studies.hamiltonian.side_by_side.study"


def results(folder, one, **changed):
    """Results of an experiment whose values and code are the current ones, except `changed`."""
    frozen = json.loads(one.slice())
    frozen["values"] |= changed
    code = run.code(f"{one.stage}/{one.study}", frozen["values"])
    tables = {name: pd.DataFrame({"key": ["a"], "value": [1.0]}) for name in one.tables}
    made = {"config": "c0", "code": code, "commit": "0123456789ab"}
    write_tables(folder, tables, {}, made, json.dumps(frozen))
    return folder


@pytest.fixture(scope="module")
def oscillator():
    return experiments("smoke", [NAME])[NAME]


def test_why_names_each_value_that_changed(oscillator, tmp_path):
    old = results(tmp_path / "run", oscillator, h=0.125, methods=["rk4"])
    now = oscillator.values
    assert why_rerun.of_study(oscillator, old) == [
        f"study.h: 0.125 -> {now['h']}",
        f"study.methods: ['rk4'] -> {now['methods']}",
    ]
    assert why_rerun.of_study(oscillator, results(tmp_path / "same", oscillator)) == []
    nested = list(why_rerun.changed_values({"runs": [{"h": 1}, {"h": 2}]}, {"runs": [{"h": 1}, {"h": 3}]}))
    assert nested == ["study.runs[1].h: 2 -> 3"]


def test_why_names_missing_damaged_and_edited_results(oscillator, tmp_path):
    folder = tmp_path / "run"
    assert why_rerun.of_study(oscillator, folder) == ["there are no results"]
    results(folder, oscillator)
    (folder / "states.parquet").unlink()
    (folder / "summary.parquet").write_bytes(b"x")
    assert sorted(why_rerun.of_study(oscillator, folder)) == [
        f"{folder}/states.parquet is missing",
        f"{folder}/summary.parquet is damaged or edited",
    ]


def test_why_names_the_module_and_the_entry_of_a_table_that_differ_from_a_commit(tmp_path, monkeypatch, oscillator):
    shutil.copytree(SOURCE / "geoflow", tmp_path / "src/geoflow", ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new in (
        (f"{STUDY.replace('.', '/')}.py", "\ndef ", "\nOLD = 1\n\n\ndef "),
        (
            "geoflow/integrators/methods/implicit.py",
            '"implicit_midpoint": implicit_rk(',
            '"implicit_midpoint": other_rk(',
        ),
        ("geoflow/integrators/methods/explicit.py", '"rk4": ', '"rk4": 2 * '),  # which this study does not use
    ):
        path = tmp_path / "src" / file
        path.write_text(path.read_text().replace(old, new, 1))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "-q"], ["add", "src"], ["commit", "-q", "-m", "old"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    given = ["geoflow.pipeline.run", STUDY], oscillator.values, []
    digest, lines = changed_code(*given, "HEAD")
    assert lines == ["geoflow.integrators:METHODS[implicit_midpoint] changed", f"{STUDY} changed"]
    assert digest != run.code("hamiltonian/side_by_side", oscillator.values)
    with pytest.raises(InputError, match="git has no commit 'nowhere-dirty'"):
        changed_code(*given, "nowhere-dirty")


def test_the_forecast_runs_studies_before_figures_and_the_longest_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    timed = [("hamiltonian/a", 60), ("hamiltonian/b", 40), ("robust/c", 30), ("draw/a", 10), ("report", 20)]
    assert forecast.wall(timed, 2) == 70 + 10 + 20
    assert forecast.wall(timed, 1) == 160
    known = forecast.known_seconds("default")
    new = [seconds for job, seconds in known.items() if job.startswith("draw/")]
    total = (known["robust/learned_flow"] + sum(new) / len(new) + forecast.SHORT) / 60
    said = forecast.forecast(["robust/learned_flow", "draw/new", "numbers"], "default", 2)
    assert said[-2] == f"3 jobs: {total:.1f} min of CPU, about {total:.1f} min on 2 cores"
    assert said[-1] == "never measured, so estimated: draw/new, numbers"
    assert "360.0 min" in forecast.forecast(["robust/learned_flow"], "paper", 1)[0]


@pytest.mark.slow
def test_the_commands_ask_snakemake_for_the_jobs_of_a_target(small):
    def geoflow(*words):
        return small.run([sys.executable, "-m", "geoflow.cli", *words, "--scale", "smoke"]).stdout

    assert geoflow("why", NAME).splitlines() == [
        f"hamiltonian/{NAME}", "    there are no results", f"draw/{NAME}", "    it is missing"
    ]  # fmt: skip
    assert "2 jobs: " in geoflow("cost", f"figures/{NAME}.png")
    refused = geoflow("cost", "figures/harmonic_oscilator.pdf")
    assert refused.startswith("geoflow: there is no figure, experiment, file or rule 'figures/harmonic_oscilator.pdf'")
    assert f"did you mean 'figures/{NAME}.pdf'" in refused and len(refused.splitlines()) == 1


def test_draw_asks_snakemake_for_the_figures_and_refuses_an_unknown_one(monkeypatch):
    asked = []

    def record(command, **_):
        asked.append(command[1:])
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", record)
    assert show_files.main(["draw", "discs", "kepler_orbits", "--scale", "smoke", "--cores", "2"]) == 3
    words = "-m snakemake --cores 2 --config scale=smoke -- figures/discs.pdf figures/kepler_orbits.pdf"
    assert asked == [words.split()]
    with pytest.raises(InputError, match="there is no figure 'disks'; did you mean 'discs'"):
        show_files.main(["draw", "disks"])


def test_open_prints_the_path_without_a_display_and_refuses_what_is_not_made(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    (tmp_path / "report").mkdir()
    (tmp_path / "report/report.pdf").write_text("")
    show_files.main(["open", "report"])
    assert capsys.readouterr().out == "report/report.pdf\n"
    for name, said in (
        ("discs", "figures/discs.pdf is not made yet; try: geoflow draw discs"),
        ("figures/discs.pdf", "figures/discs.pdf is not made yet; try: geoflow draw discs"),
        ("site", "site/html/index.html is not made yet; try: make site"),
        ("raport", "there is no figure, document or file 'raport'; did you mean 'report'"),
    ):
        with pytest.raises(InputError, match=said):
            show_files.main(["open", name])


def test_a_profile_lists_the_most_expensive_functions_and_writes_a_file(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(profile_study, "OUT", tmp_path)
    monkeypatch.setattr(run, "use_threads", lambda number: None)  # of this process
    profile_study.main([NAME, "scale=smoke", "study.steps=20"])
    head, *lines, last = capsys.readouterr().out.splitlines()
    assert head.split() == ["calls", "own", "s", "total", "s", "function"]
    assert len(lines) == profile_study.SHOWN
    own = [float(line.split()[1]) for line in lines]
    assert own == sorted(own, reverse=True)
    assert (tmp_path / f"{NAME}.prof").stat().st_size and "snakeviz" in last
    with pytest.raises(InputError, match="unknown experiment 'harmonic'"):
        profile_study.main(["harmonic"])
