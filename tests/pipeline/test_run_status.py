"""`geoflow status` and the message at the end of a run, from files as Snakemake writes them."""

import os
import sys
import time
from pathlib import Path

import pytest
import run_status
from notify import notify

from geoflow.ground.errors import InputError

LOG = """Provided cores: 2
Job stats:
job                         count
------------------------  -------
configure                       2
hamiltonian_orbits              2
draw_kepler_orbits              1
total                           5

[Sat Nov 28 16:11:24 2026]
localrule configure:
    output: data/results/smoke/kepler_orbits/config.json
    log: logs/smoke/configure/kepler_orbits.log
    jobid: 1
    wildcards: scale=smoke, experiment=kepler_orbits
Finished jobid: 1 (Rule: configure)
1 of 5 steps (20%) done
localrule hamiltonian_orbits:
    log: logs/smoke/hamiltonian/kepler_orbits.log
    jobid: 2
rule hamiltonian_orbits:
    log: logs/smoke/hamiltonian/kepler_drift.log
    jobid: 3
Error in rule hamiltonian_orbits:
    jobid: 3
    log: logs/smoke/hamiltonian/kepler_drift.log (check log file(s) for error details)
"""


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A folder in which a run has started."""
    monkeypatch.chdir(tmp_path)
    for name in (".snakemake/log", ".snakemake/locks", "logs/smoke/hamiltonian"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / ".snakemake/log/2026-11-28T161100.596777.snakemake.log").write_text(LOG)
    (tmp_path / ".snakemake/log/2026-11-28T170000.000001.snakemake.log").write_text("Building DAG of jobs...\n")
    (tmp_path / ".snakemake/locks/0.input.lock").write_text("")
    progress = "kepler_orbits: methods: 1 of 4 done in 00:05, about 00:15 left\r\nno progress\n"
    (tmp_path / "logs/smoke/hamiltonian/kepler_orbits.log").write_text(progress)
    return tmp_path


def test_the_status_of_an_active_run_names_the_stage_the_progress_and_what_failed(tree, capsys):
    run_status.main([])
    first, head, *lines = capsys.readouterr().out.splitlines()
    assert first == "started 16:11"
    assert head.startswith("scale smoke: 1 of 5 jobs done, about ") and head.endswith(" min left")
    assert lines == [
        "stage now: hamiltonian",
        "  hamiltonian/kepler_orbits  methods: 1 of 4 done in 00:05, about 00:15 left",
        "failed: hamiltonian/kepler_drift, see logs/smoke/hamiltonian/kepler_drift.log",
    ]


def test_a_run_that_writes_nothing_for_long_may_have_been_killed(tree, capsys):
    before = time.time() - 3000
    for path in tree.rglob("*.log"):
        os.utime(path, (before, before))
    run_status.main([])
    assert "no message for 50 min: the run may have been killed" in capsys.readouterr().out


def test_a_run_without_a_lock_has_ended(tree, capsys):
    (tree / ".snakemake/locks/0.input.lock").unlink()
    run_status.main([])
    said = capsys.readouterr().out
    assert "1 of 5 jobs done, and the run has ended" in said and "stage now" not in said


def test_the_time_left_counts_each_job_once_and_a_finished_job_not_at_all():
    run, known = run_status.read(LOG), {"hamiltonian/kepler_orbits": 10.0, "draw/kepler_orbits": 4.0}
    configure = 2.0
    assert run_status.seconds_left(run, "smoke", known) == 10 + configure + 4
    run.done.add("2")
    assert run_status.seconds_left(run, "smoke", known) == configure + 4


def test_a_job_is_called_as_its_log_file_without_the_scale():
    for log, name in (("logs/smoke/draw/discs.log", "draw/discs"), ("logs/submission.log", "submission")):
        assert run_status.Job("rule", Path(log)).name == name


def test_without_a_run_the_status_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"expected a log of Snakemake in .snakemake/log, got none"):
        run_status.main([])


def test_the_command_for_messages_gets_one_sentence_as_its_last_argument(tmp_path, monkeypatch, capsys):
    code = f"import sys; open({str(tmp_path / 'said')!r}, 'w').write(sys.argv[-1])"
    monkeypatch.setenv("GEOFLOW_NOTIFY", f'{sys.executable} -c "{code}"')
    notify("the run is complete.")
    assert (tmp_path / "said").read_text() == "geoflow: the run is complete."
    monkeypatch.setenv("GEOFLOW_NOTIFY", "no-such-program --now")
    notify("the run is complete.")
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("geoflow: GEOFLOW_NOTIFY=no-such-program --now: expected a command that takes a sentence")
