"""The output of Snakemake in brief: `snakemake ... 2>&1 | python workflow/scripts/brief.py SCALE`.

One line per stage when its last job has ended, and a bar with the time left: on a terminal in place, elsewhere at each
tenth of the jobs. What is not part of a job that goes well, such as an error, is printed as it is. Snakemake's whole
output is in .snakemake/log, that of each job in logs/.
"""

import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from draw_stages import stage_of
from run_status import RULE, Run, minutes_left

WIDTH = 20
# Lines about the start of a run, the choice of jobs, and what a job that goes well says.
EXPECTED = re.compile(
    r"(Using (workflow|shell)|Assuming |Building DAG|Provided |Rules claiming|Job stats:|Select jobs|Execute \d"
    r"|Finished jobid|\d+ of \d+ steps|Complete log|Elapsed time|SNAKEMAKE$|=+$|  \w[\w ()]*: |\[\w{3} \w{3} |Touching "
    r"|\w+ +\d+$|job +count|-+ +-+$|\w+: .*\d of \d+ done|(figures|data|report|logs|outputs|docs)/\S+$|\W*$)"
)
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")  # by which a job writes over its last line


def brief(
    lines: Iterable[str], scale: str, terminal: bool, clock: Callable[[], float] = time.monotonic
) -> Iterator[str]:
    """Yield what is printed for the `lines` of Snakemake; text without a newline at its end is written over."""
    run, quiet, tenth, start = Run(), False, 0, clock()
    ended: Counter[str] = Counter()
    for text in lines:
        line = ESCAPE.sub("", text).rstrip().rpartition("\r")[2]
        run.take(line)
        if opened := RULE.match(line):
            quiet = opened[1] != "Error in "
        if not re.match(r"    |.*rule ", line):
            quiet = False
        if not (quiet or (EXPECTED.match(line) and not opened)):
            yield f"{line}\n"
        if not (step := re.match(r"(\d+) of (\d+) steps", line)):
            continue
        done, count = int(step[1]), int(step[2])
        yield from _stages(run, ended, clock() - start)
        if terminal or 10 * done // count > tenth:
            tenth = 10 * done // count
            bar = ("#" * (WIDTH * done // count)).ljust(WIDTH, ".")
            yield f"[{bar}] {done} of {count} jobs, {minutes_left(run, scale, clock() - start)}" + "\n" * (not terminal)


def _stages(run: Run, ended: Counter[str], elapsed: float) -> Iterator[str]:
    """Yield a line for each stage whose last job has ended now."""
    wanted, now = Counter[str](), Counter(stage_of(run.jobs[number].rule) for number in run.done if number in run.jobs)
    for rule, count in run.counts.items():
        wanted[stage_of(rule)] += count
    for stage, count in wanted.items():
        if now[stage] >= count and stage not in ended:
            ended[stage] = count
            yield f"{stage}: {count} job{'s' * (count > 1)} done after {elapsed / 60:.1f} min\n"


def main(scale: str) -> None:
    """Print standard input in brief."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Snakemake stops, and says why, before its output ends
    terminal, shown = sys.stdout.isatty(), 0
    for text in brief(sys.stdin, scale, terminal):
        sys.stdout.write("\r" + " " * shown + "\r" + text if shown else text)
        shown = 0 if text.endswith("\n") else len(text)
        sys.stdout.flush()
    if shown:
        print()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "default")
