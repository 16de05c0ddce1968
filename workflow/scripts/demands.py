"""Memory and time that each job asks of a scheduler: those measured at the scale `default`, with head-room.

    python workflow/scripts/demands.py benchmarks/default

writes `workflow/demands.tsv` from the benchmark files of a complete run: per job its CPU seconds and the largest
memory. The time is CPU time, so that a busy machine does little harm to the measurement.
"""

import csv
import math
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from geoflow.ground import InputError
from geoflow.ground.sentences import sentences

MEASURED = Path(__file__).parents[1] / "demands.tsv"
# Of a job beside its step: until Snakemake and the libraries are loaded from a slow disk, and the memory of Snakemake.
START_SECONDS, START_MEGABYTES = 120, 300
# Jobs below this time wait longer in the queue than they run; they are submitted in groups.
SHORT_SECONDS = 30


@dataclass(frozen=True)
class Demand:
    """CPU seconds and megabytes of one job, as measured or estimated."""

    seconds: float
    megabytes: float

    def memory(self, _: Any, attempt: int) -> int:
        """Megabytes to ask for: half as much again as measured, in hundreds, times the number of the attempt."""
        return 100 * math.ceil((1.5 * self.megabytes + START_MEGABYTES) / 100) * attempt

    def runtime(self, _: Any, attempt: int) -> int:
        """Minutes to ask for: four times the measured time, times the number of the attempt."""
        return math.ceil((4 * self.seconds + START_SECONDS) / 60) * attempt

    @property
    def short(self) -> bool:
        """Whether the job is submitted together with others."""
        return self.seconds < SHORT_SECONDS


# A job that was never measured; half a day and a network with its attacks at the scale `paper`.
UNKNOWN = Demand(seconds=900, megabytes=1100)
PAPER = {"robust": Demand(6 * 3600, 5000), "": Demand(6 * 3600, 2500)}


@cache
def measured() -> dict[str, Demand]:
    """Job ("stage/experiment", "draw/figure" or the name of a rule) -> its measured demand."""
    with MEASURED.open(newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return {row["job"]: Demand(float(row["seconds"]), float(row["megabytes"])) for row in rows}


def demand(job: str, scale: str) -> Demand:
    """Demand of a job; that of the scale `smoke` is at most that of `default`."""
    stage = job.partition("/")[0]
    if scale == "paper" and stage != "draw":
        return PAPER.get(stage, PAPER[""])
    return measured().get(job, UNKNOWN)


def measure(benchmarks: Path) -> dict[str, Demand]:
    """Demand of each job of a run, from Snakemake's benchmark files; raises InputError if there are none."""
    found = {}
    for path in sorted(benchmarks.rglob("*.tsv")):
        with path.open(newline="") as lines:
            row = next(csv.DictReader(lines, delimiter="\t"))
        seconds, megabytes = (float(row[key]) if row[key][0].isdigit() else 0.0 for key in ("cpu_time", "max_rss"))
        found[path.relative_to(benchmarks).with_suffix("").as_posix()] = Demand(seconds, megabytes)
    if not found:
        raise InputError(f"expected benchmark files in {benchmarks}, got none; try make reproduce first.")
    return found


def main(benchmarks: str) -> None:
    """Write the demands of a run to the tracked table."""
    rows = [f"{job}\t{one.seconds:.0f}\t{one.megabytes:.0f}\n" for job, one in measure(Path(benchmarks)).items()]
    MEASURED.write_text("job\tseconds\tmegabytes\n" + "".join(rows))


if __name__ == "__main__":
    with sentences():
        main(*sys.argv[1:])
