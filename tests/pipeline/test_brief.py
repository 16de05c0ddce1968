"""Snakemake's output in brief: one line per stage, the time left, and every line of an error."""

import itertools

from brief import brief

HEAD = """Using shell: /usr/bin/bash
Provided cores: 2
Job stats:
job                        count
-----------------------  -------
draw_discs                     1
hamiltonian_orbits             1
verdict                        1
total                          3

Select jobs to execute...
"""
JOB = """[Sat Nov 28 15:34:50 2026]
rule {rule}:
    input: data/{rule}
    log: logs/default/{rule}.log (check log file(s) for error details)
    jobid: {number}
    reason: Missing output files

figures/{rule}.pdf
[Sat Nov 28 15:34:51 2026]
Finished jobid: {number} (Rule: {rule})
{number} of 3 steps ({number}%) done
"""
FAILED = """geoflow: claim energy of kepler fails: expected drift below 0.1, got 1.
Error in rule verdict:
    jobid: 3
    log: logs/default/verdict.log (check log file(s) for error details)
WorkflowError:
At least one job did not complete successfully.
"""
GOOD = HEAD + JOB.format(rule="hamiltonian_orbits", number=1) + JOB.format(rule="draw_discs", number=2)


def printed(text: str, terminal: bool) -> list[str]:
    clock = itertools.count(0, 60).__next__
    return list(brief((line + "\n" for line in text.splitlines()), "default", terminal, clock))


def test_a_good_run_is_one_line_per_stage_and_a_bar():
    lines = printed(GOOD, terminal=False)
    assert len(lines) == 4 and all(line.endswith("\n") for line in lines)
    assert lines[0].startswith("hamiltonian: 1 job done after 1.0 min")
    assert lines[1].startswith("[######..............] 1 of 3 jobs, about ") and lines[1].endswith(" min left\n")
    assert lines[2].startswith("figures: 1 job done after ")


def test_a_rule_without_a_log_is_a_stage_of_its_own_name():
    end = JOB.format(rule="all", number=3).replace(
        "    log: logs/default/all.log (check log file(s) for error details)\n", ""
    )
    head = HEAD.replace("verdict", "all    ")
    lines = printed(head + GOOD.removeprefix(HEAD) + end, terminal=False)
    assert lines[-2].startswith("all: 1 job done") and lines[-1].startswith("[####################] 3 of 3 jobs")


def test_the_bar_is_written_over_on_a_terminal_only():
    bars = [line for line in printed(GOOD, terminal=True) if line.startswith("[")]
    assert len(bars) == 2 and not any(line.endswith("\n") for line in bars)


def test_every_line_of_an_error_is_printed():
    assert "".join(printed(GOOD + FAILED, terminal=False)).endswith(FAILED)


def test_progress_that_a_job_writes_over_its_last_line_is_left_out():
    line = "\x1b[A\x1b[Klargest_steps: pairs: 130 of 624 done in 03:57, about 14:07 left"
    assert printed(line, terminal=False) == []


def test_what_is_not_known_is_printed():
    assert printed("something that nobody expected", terminal=True) == ["something that nobody expected\n"]
