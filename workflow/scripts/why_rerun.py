"""Say whether a figure, an experiment or a file is current, and if not, which value or module makes it run again.

    geoflow why figures/kepler_orbits.pdf
    geoflow why kepler_orbits --scale smoke

Results store one digest of their values, with the values, and one digest of all their code. The modules that changed
are found by comparing the commit of the run with the working tree, entry by entry of the tables.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from changed_code import changed_code, commit_before
from composed import experiments
from planned import Job, plan, stage_of
from whole import Judged

from geoflow.ground import InputError
from geoflow.ground.complete import faults, read_complete
from geoflow.ground.results import Results
from geoflow.ground.sentences import exit_status
from geoflow.pipeline import run
from geoflow.pipeline.compose import Experiment
from geoflow.pipeline.whole import RESULTS
from geoflow.studies import FIGURES, find_studies, module_of


def changed_values(old: Any, new: Any, name: str = "study") -> Iterator[str]:
    """One line per value that differs: `study.h: 0.1 -> 0.05`."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from changed_values(old.get(key), new.get(key), f"{name}.{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for k, pair in enumerate(zip(old, new, strict=True)):
            yield from changed_values(*pair, f"{name}[{k}]")
    elif old != new:
        yield f"{name}: {old} -> {new}"


def of_study(one: Experiment, folder: Path) -> list[str]:
    """Why the study of an experiment runs again; empty if its results are current."""
    if not any(folder.glob("*.parquet")):
        return ["there are no results"]
    try:
        stored, wrong = read_complete(folder), faults(folder)
    except InputError as error:
        return [str(error).partition(";")[0]]
    if wrong:
        return [f"{folder / name} is {why}" for name, why in wrong.items()]
    made = Results(folder)
    found = list(changed_values(made.values, one.values))
    found += changed_values(made.config["threads"], one.threads, "threads")
    study, commit = f"{one.stage}/{one.study}", str(made.provenance["commit"])
    if run.code(study, made.values) != stored.code:
        found.append("its code changed:")
        try:
            whole = run.whole_tables(find_studies()[study], made.values)
            digest, code = changed_code([run.__name__, module_of(study)], made.values, whole, commit)
            exact = "" if digest == stored.code else ", without the uncommitted changes of that run"
            found += [*(f"  {line}" for line in code), f"  (compared with commit {commit} of the run{exact})"]
        except InputError as error:
            found.append(f"  {error}")
    return found


def of_figure(name: str, written: float) -> list[str]:
    """Modules that changed since a figure was written, a time in seconds since 1970."""
    commit = commit_before(written)
    modules = ["geoflow.pipeline.draw", FIGURES[name].module]
    code = changed_code(modules, {}, [], commit)[1]
    return ["its code changed:", *(f"  {line}" for line in code), f"  (compared with commit {commit}, the last before)"]


STATUS = {
    "ok": "its input is made again",
    "missing": "it is missing",
    "updated input files": "its input was made again",
    "set of input files changed": "it has other input files",
    "params changed": "its values or its code changed",
    "rule implementation changed": "the command of its rule changed",
}


def of_job(job: Job, scale: str) -> list[str]:
    """Why a planned job runs."""
    kind, _, name = job.name.partition("/")
    if stage_of(job.name) == 0 and (found := of_study(experiments(scale, [name])[name], RESULTS / scale / name)):
        return found
    judged = Judged()
    judged.check_products([], [job.output])
    if wrong := judged.wrong.get(job.output):
        return [f"{job.output} is {wrong}"]
    if kind == "draw" and job.status == "params changed":
        try:
            return of_figure(name, Path(job.output).stat().st_mtime)
        except InputError:
            pass
    return [STATUS.get(job.status, job.status)]


def main(words: Sequence[str]) -> None:
    """Print why the jobs of a target run again."""
    parser = argparse.ArgumentParser(
        prog="geoflow why", description="say why a target is made again, or that it is current"
    )
    parser.add_argument("target", help="a figure, an experiment, a file or a rule")
    parser.add_argument("--scale", default="default")
    asked = parser.parse_args(words)
    jobs = plan([asked.target], asked.scale)
    if not jobs:
        print(f"{asked.target} is current")
    for job in jobs:
        print(job.name, *(f"    {line}" for line in of_job(job, asked.scale)), sep="\n")


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[2:])))
