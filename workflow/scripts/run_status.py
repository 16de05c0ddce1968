"""The state of the run in this folder, from its files: `geoflow status`, also while Snakemake runs.

Snakemake's log in .snakemake/log names each job that starts and ends. The log of each job in logs/ has its progress.
"""

import argparse
import re
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from draw_stages import stage_of
from forecast import expected_seconds, known_seconds

from geoflow.ground import InputError
from geoflow.ground.sentences import align, exit_status
from geoflow.studies import CHAPTERS

LOGS, LOCKS = Path(".snakemake/log"), Path(".snakemake/locks")
RULE = re.compile(r"^ *(Error in |local)?rule (\w+):$")
SILENT = 600.0  # seconds; a study reports more often
ENOUGH = 30.0  # CPU seconds of finished jobs, from which the speed is known


@dataclass(frozen=True)
class Job:
    """A job that Snakemake started; its name is that of its log file, such as `hamiltonian/kepler_orbits`."""

    rule: str
    log: Path

    @property
    def name(self) -> str:
        """The log file without logs/, scale and suffix, or the rule if it has none."""
        if not self.log.name:
            return self.rule
        parts = self.log.with_suffix("").parts[1:]
        return "/".join(parts[1:] or parts)


@dataclass
class Run:
    """What Snakemake's log says. counts: rule -> number of jobs; jobs: id -> those started; done, failed: ids."""

    cores: int = 1
    counts: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    begun: tuple[str | None, str, str] = (None, "", "")  # kind, rule and log of the job whose lines are being read

    @property
    def running(self) -> list[Job]:
        """The jobs that have started and not ended."""
        return [job for number, job in self.jobs.items() if number not in self.done | self.failed]

    def take(self, line: str) -> None:
        """Read the next line of the log."""
        kind, rule, log = self.begun
        if start := RULE.match(line):
            self.begun = start[1], start[2], ""
        elif (count := re.match(r"^(\w+) +(\d+)$", line)) and count[1] != "total":
            self.counts[count[1]] = int(count[2])
        elif cores := re.match(r"^Provided cores: (\d+)", line):
            self.cores = int(cores[1])
        elif file := re.match(r"^ +log: ([^, ]+)", line):
            self.begun = kind, rule, file[1]
        elif (number := re.match(r"^ +jobid: (\d+)$", line)) and kind == "Error in ":
            self.failed.add(number[1])
        elif number:
            self.jobs[number[1]] = Job(rule, Path(log))
            self.failed.discard(number[1])  # it was started again
        elif ended := re.match(r"^Finished jobid: (\d+)\b", line):
            self.done.add(ended[1])


def read(text: str) -> Run:
    """Read Snakemake's log."""
    run = Run()
    for line in text.splitlines():
        run.take(line)
    return run


def seconds_left(run: Run, scale: str, known: Mapping[str, float]) -> float:
    """CPU seconds of the jobs that are not done; a study that has not started counts as the mean of its chapter."""
    left = sum(expected_seconds(job.name, scale, known) for job in run.running)
    for rule, count in run.counts.items():
        chapter = rule.partition("_")[0]
        job = f"{chapter}/" if chapter in CHAPTERS else rule.replace("draw_", "draw/", 1)
        waiting = count - sum(one.rule == rule for one in run.jobs.values())
        left += waiting * expected_seconds(job, scale, known)
    return left


def minutes_left(run: Run, scale: str, elapsed: float) -> str:
    """The time until the end in words, at the speed of the jobs so far; elapsed: seconds since the start."""
    known = known_seconds(scale)
    done = sum(expected_seconds(run.jobs[number].name, scale, known) for number in run.done if number in run.jobs)
    speed = done / elapsed if done > ENOUGH else run.cores
    return f"about {seconds_left(run, scale, known) / speed / 60:.0f} min left"


def report(run: Run, scale: str, elapsed: float, active: bool, silent: float = 0.0) -> Iterator[str]:
    """The lines of the command; elapsed: seconds since the start; silent: seconds since the last line of any log."""
    head = f"scale {scale}: {len(run.done)} of {sum(run.counts.values())} jobs done"
    yield head + (f", {minutes_left(run, scale, elapsed)}" if active else ", and the run has ended")
    if active and run.running:
        if silent > SILENT:
            yield f"no message for {silent / 60:.0f} min: the run may have been killed"
        yield f"stage now: {', '.join(sorted({stage_of(job.rule) for job in run.running}))}"
        yield from align([(f"  {job.name}", progress(job.log)) for job in run.running])
    for number in sorted(run.failed):
        yield f"failed: {run.jobs[number].name}, see {run.jobs[number].log}"


def progress(log: Path) -> str:
    """The last line about progress in the log of a job, without the name of its experiment."""
    text = log.read_text(errors="replace") if log.is_file() else ""
    lines = [line for line in re.split(r"[\r\n]+", text) if re.search(r"\d of \d+ done", line)]
    return lines[-1].partition(": ")[2] if lines else "started"


def main(words: Sequence[str]) -> None:
    """Print the state of the run that started last."""
    argparse.ArgumentParser(prog="geoflow status", description="print how far the run in this folder is").parse_args(
        words
    )
    logs = sorted(LOGS.glob("*.snakemake.log"))
    logs = [path for path in logs if "Provided cores: " in path.read_text(errors="replace")]  # others only planned
    if not logs:
        raise InputError(f"expected a log of Snakemake in {LOGS}, got none; start a run first: make reproduce.")
    text = logs[-1].read_text(errors="replace")
    started = time.mktime(time.strptime(logs[-1].name[:17], "%Y-%m-%dT%H%M%S"))
    scale = re.search(r"logs/(smoke|default|paper)/", text)
    active = LOCKS.is_dir() and any(LOCKS.iterdir())
    run, now = read(text), time.time()
    heard = [path.stat().st_mtime for path in (logs[-1], *(job.log for job in run.running)) if path.is_file()]
    lines = report(run, scale[1] if scale else "default", now - started, active, now - max(heard))
    print(f"started {time.strftime('%H:%M', time.localtime(started))}", *lines, sep="\n")


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[2:])))
