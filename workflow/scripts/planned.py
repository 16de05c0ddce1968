"""The jobs of a target, as Snakemake plans them: for the commands `why`, `cost`, `draw` and `open`."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geoflow.ground import InputError, nearest
from geoflow.pipeline.whole import RESULTS
from geoflow.pipeline.written import experiment_files
from geoflow.studies import CHAPTERS, FIGURES


@dataclass(frozen=True)
class Job:
    """A job that would run. name: as in demands.tsv, such as `hamiltonian/kepler_orbits`, `draw/discs` or `report`;
    status: what Snakemake says of its output; output: its first file."""

    name: str
    status: str
    output: str


def target_of(name: str, scale: str) -> str:
    """The Snakemake target of a figure, an experiment, or a file or rule of this name."""
    if name in FIGURES:
        return f"figures/{name}.pdf"
    return f"{RESULTS}/{scale}/{name}/complete.json" if name in experiment_files() else name


def command(words: Iterable[str], targets: Iterable[str], scale: str) -> list[str]:
    """The command that runs Snakemake with these options."""
    named = [target_of(target, scale) for target in targets]
    return [sys.executable, "-m", "snakemake", *words, "--config", f"scale={scale}", "--", *named]


def plan(targets: Sequence[str], scale: str) -> list[Job]:
    """The jobs that Snakemake would run for the targets; an InputError for an unknown target names the nearest ones."""
    asked = command(["--summary", "--nolock"], targets, scale)
    done = subprocess.run(asked, capture_output=True, text=True)
    if done.returncode:
        if unknown := re.search(r"No rule to produce (.+?) \(", done.stderr):
            known = {*FIGURES, *experiment_files(), *(f"figures/{name}.pdf" for name in FIGURES)}
            raise InputError(
                f"there is no figure, experiment, file or rule {unknown[1]!r}; {nearest(unknown[1], known)}"
            )
        raise InputError(done.stderr.strip().splitlines()[-1].removeprefix("geoflow: "))
    jobs: dict[str, Job] = {}
    for row in csv.DictReader(done.stdout.splitlines(), delimiter="\t"):
        name = job_of(row["rule"], row["output_file"])
        if row["plan"] != "no update" and row["rule"] != "configure":
            jobs.setdefault(name, Job(name, row["status"], row["output_file"]))
    return sorted(jobs.values(), key=lambda job: stage_of(job.name))


def job_of(rule: str, output: str) -> str:
    """The name of a job in demands.tsv: that of its benchmark file."""
    chapter = rule.partition("_")[0]
    if chapter in CHAPTERS:
        return f"{chapter}/{output.split('/')[3]}"
    return rule.replace("draw_", "draw/", 1).removeprefix("typeset_")


def stage_of(job: str) -> int:
    """0: a study; 1: a figure; 2: anything later."""
    chapter = job.partition("/")[0]
    return 0 if chapter in CHAPTERS else 1 if chapter == "draw" else 2
