"""Forecast the time of the jobs that are not current.

    geoflow cost report
    geoflow cost figures/discs.pdf kepler_orbits --cores 4

The time of a job is its CPU time in the last run of this scale here (benchmarks/), otherwise that measured at the scale
`default` (workflow/demands.tsv).
"""

import argparse
import heapq
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import mean

from demands import PAPER, Demand, measure, measured
from planned import plan, stage_of

from geoflow.ground.sentences import align, exit_status

LONGEST = 10  # jobs that are listed
SHORT = 2.0  # seconds of a job that only writes a table


def known_seconds(scale: str) -> dict[str, float]:
    """Job -> CPU seconds, as measured here at this scale, or otherwise at the scale `default`."""
    folder = Path("benchmarks") / scale
    here: Mapping[str, Demand] = measure(folder) if any(folder.rglob("*.tsv")) else {}
    elsewhere = {job: one for job, one in measured().items() if scale != "paper" or job.startswith("draw/")}
    return {job: one.seconds for job, one in {**elsewhere, **here}.items()}


def expected_seconds(job: str, scale: str, known: Mapping[str, float]) -> float:
    """CPU seconds of a job. If it was never measured: the mean of its chapter, or six hours at the scale `paper`."""
    kind, slash, _ = job.partition("/")
    if job in known or not slash or kind == "configure":
        return known.get(job, SHORT)
    if scale == "paper" and kind != "draw":
        return PAPER.get(kind, PAPER[""]).seconds
    return mean([seconds for other, seconds in known.items() if other.startswith(f"{kind}/")] or [SHORT])


def wall(jobs: Iterable[tuple[str, float]], cores: int) -> float:
    """Seconds until all jobs are done: studies, then figures, then the rest; in each stage the longest job first."""
    end = 0.0
    ranked = list(jobs)
    for stage in range(3):
        free = [end] * cores
        for seconds in sorted((s for job, s in ranked if stage_of(job) == stage), reverse=True):
            heapq.heapreplace(free, free[0] + seconds)
        end = max(free)
    return end


def forecast(jobs: Sequence[str], scale: str, cores: int) -> list[str]:
    """The report of the command: the longest jobs, their sum, and the time on `cores` cores."""
    known = known_seconds(scale)
    timed = sorted(((job, expected_seconds(job, scale, known)) for job in jobs), key=lambda pair: -pair[1])
    rows = [(job, f"{seconds / 60:.1f} min") for job, seconds in timed[:LONGEST]]
    if others := timed[LONGEST:]:
        rows.append((f"{len(others)} others", f"{sum(seconds for _, seconds in others) / 60:.1f} min"))
    unknown = [job for job in jobs if job not in known]
    total = sum(seconds for _, seconds in timed) / 60
    ends = f"{len(jobs)} jobs: {total:.1f} min of CPU, about {wall(timed, cores) / 60:.1f} min on {cores} cores"
    more = f" and {len(unknown) - LONGEST} more" if len(unknown) > LONGEST else ""
    guessed = f"never measured, so estimated: {', '.join(unknown[:LONGEST])}{more}"
    return [*align(rows), ends, *([guessed] if unknown else [])]


def main(words: Sequence[str]) -> None:
    """Print the forecast for targets."""
    parser = argparse.ArgumentParser(prog="geoflow cost", description="forecast the time of what is not current")
    parser.add_argument("targets", nargs="+", metavar="TARGET", help="a figure, an experiment, a file or a rule")
    parser.add_argument("--scale", default="default")
    parser.add_argument("--cores", type=int, default=os.cpu_count() or 1, help="default: all (%(default)s)")
    asked = parser.parse_args(words)
    jobs = [job.name for job in plan(asked.targets, asked.scale)]
    print("\n".join(forecast(jobs, asked.scale, asked.cores)) if jobs else "everything is current: 0 jobs")


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[2:])))
