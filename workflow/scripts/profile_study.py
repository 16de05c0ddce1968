"""Profile the study of an experiment: its 25 most expensive functions, and a file for snakeviz.

    geoflow profile kepler_orbits [scale=smoke] [study.h=0.1 ...]

No results are written, and no checkpoints are used. The study runs at the scale smoke first, so that imports and the
compilation of loops do not count. The time of a compiled loop counts for the function that calls it.
"""

import argparse
import cProfile
import os
import pstats
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from geoflow.ground import Tools
from geoflow.ground.sentences import align, exit_status
from geoflow.ground.study import build_values
from geoflow.pipeline import run
from geoflow.pipeline.compose import compose, scales_of
from geoflow.pipeline.written import experiment_files
from geoflow.studies import find_studies

OUT = Path("outputs") / "profiles"
SHOWN = 25


def profile(experiment: str, scale: str, overrides: Sequence[str]) -> pstats.Stats:
    """Call the study of an experiment under cProfile."""
    one = compose(experiment, scale, overrides)
    study = f"{one.stage}/{one.study}"
    run.use_threads(one.threads)
    call, declared = run.import_study(study), find_studies()[study]
    if "smoke" in scales_of(experiment_files()[experiment]):
        call(build_values(declared, compose(experiment, "smoke").values), Tools())
    profiler = cProfile.Profile()
    profiler.runcall(call, build_values(declared, one.values), Tools())
    return pstats.Stats(profiler)


def table(stats: pstats.Stats) -> list[str]:
    """One row per function: calls, seconds in itself, seconds with all that it calls, and where it is."""
    costs = sorted(stats.stats.items(), key=lambda item: -item[1][2])  # type: ignore[attr-defined]
    rows = [("calls", "own s", "total s", "function")]
    for (file, line, name), (_, calls, own, total, _) in costs[:SHOWN]:
        where = name if file in ("~", "") else f"{_short(file)}:{line} {name}"
        rows.append((str(calls), f"{own:.3f}", f"{total:.3f}", where))
    return align(rows)


def _short(file: str) -> str:
    """The path of a file of the repository, or of an installed package, or the name of a standard module."""
    path = os.path.relpath(file)
    own = not path.startswith(os.pardir) and "site-packages" not in path
    return path if own else re.sub(r".*/(site-packages|python[\d.]+)/", "", file)


def main(words: Sequence[str]) -> None:
    """Print the table, and write the file."""
    parser = argparse.ArgumentParser(prog="geoflow profile", description="print where a study spends its time")
    parser.add_argument("experiment")
    parser.add_argument("words", nargs="*", metavar="KEY=VALUE", help="scale=smoke, or values such as study.h=0.1")
    asked = parser.parse_args(words)
    given, overrides = run.parse(asked.words, ["scale"], required=[])
    stats = profile(asked.experiment, given.get("scale", "default"), overrides)
    print("\n".join(table(stats)))
    OUT.mkdir(parents=True, exist_ok=True)
    stats.dump_stats(path := OUT / f"{asked.experiment}.prof")
    print(f"written to {path}; look at it with: snakeviz {path}  (pip install snakeviz)")


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[2:])))
