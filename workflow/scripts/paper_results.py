"""Tracked results of the scale `paper`: computed once, shown in every report, verified in minutes.

    geoflow keep-paper [EXPERIMENT ...] [--allow-dirty]
    geoflow verify-paper

`data/reference/paper/<experiment>/` has the layout of `data/results/paper/<experiment>/` (frozen
values, tables with provenance, weights) and in addition `machine.json`.
"""

import argparse
import json
import os
import platform
import shutil
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from geoflow.ground import InputError, Results, nearest, read_table, renamed_when_complete
from geoflow.ground.results import seal
from geoflow.ground.sentences import exit_status
from geoflow.pipeline.run import use_threads
from geoflow.pipeline.whole import RESULTS, TRACKED

PAPER = "paper"
LARGEST = 4_000_000
"""Size limit of all files of one experiment in bytes, because tracked files remain in the git history."""


def list_tracked(folder: Path = TRACKED) -> list[str]:
    """Names of the experiments whose results at the scale `paper` are tracked."""
    return sorted(path.parent.name for path in (folder / PAPER).glob("*/summary.parquet"))


def keep(names: Sequence[str], results: Path = RESULTS, out: Path = TRACKED, allow_dirty: bool = False) -> list[Path]:
    """Copy the finished paper results of the experiments `names` to the tracked folder.

    Call it on the machine that computed them. Raises InputError if a run is missing or larger than
    LARGEST, or if it was made with uncommitted changes, so that its commit does not identify the code.
    """
    there = sorted(path.parent.name for path in (results / PAPER).glob("*/summary.parquet"))
    made = []
    for name in names or there:
        if name not in there:
            hint = f" {nearest(name, there)}" if there else ""
            raise InputError(
                f"{results / PAPER / name}: there are no results; run snakemake --cores 2"
                f" {results}/{PAPER}/{name}/summary.parquet --config scale={PAPER}.{hint}"
            )
        run = Results(results / PAPER / name)
        commit = str(run.provenance["commit"])
        if (commit.endswith("-dirty") or commit == "unknown") and not allow_dirty:
            raise InputError(
                f"{name} was run at commit {commit}: expected a commit without changes to tracked files;"
                " commit them and run again."
            )
        files = sorted([*run.folder.glob("*.parquet"), run.folder / "config.json"])
        size = sum(path.stat().st_size for path in files)
        if size > LARGEST:
            raise InputError(
                f"{name}: expected at most {LARGEST} bytes to track, got {size}; keep the weights of fewer networks."
            )
        made.append(_copy(files, out / PAPER / name))
    return made


def _copy(files: Sequence[Path], out: Path) -> Path:
    """Replace the content of `out` by `files`, `machine.json` and `complete.json`."""
    shutil.rmtree(out, ignore_errors=True)
    targets = [out / path.name for path in files]
    with renamed_when_complete(*targets, out / "machine.json") as hidden:
        for path, temporary in zip(files, hidden, strict=False):
            shutil.copyfile(path, temporary)
        hidden[-1].write_text(json.dumps(machine(), indent=2) + "\n")
    seal(out)
    return out


def machine() -> dict[str, Any]:
    """Processor, cores, GPU if torch finds one, system and versions."""
    import torch

    cpu = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [x for x in information.read_text().splitlines() if x.startswith("model name")]
        cpu = names[0].partition(": ")[2] if names else cpu
    return {
        "processor": cpu,
        "cores": os.cpu_count(),
        "gpu": torch.cuda.get_device_name() if torch.cuda.is_available() else None,
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("torch", "numpy")},
    }


def verify(folder: Path = TRACKED, data: Path | str = "data/raw") -> bool:
    """Recompute the certificates from the tracked weights; print each number, whether it equals the tracked
    one, and the experiments that cannot be verified because they have no weights.

    Raises InputError if no weights are tracked.
    """
    from geoflow.ground.progress import progress

    same, compared = True, 0
    for name in list_tracked(folder):
        run = Results(folder / PAPER / name)
        if not (run.folder / "weights.parquet").exists() or run.table("weights").empty:
            print(f"{name}: not verified, because no weights are tracked")
            continue
        use_threads(run.config["threads"])
        from recertify import recertify

        found = recertify(run.values, run.table("accuracy"), run.table("weights"), folder=data, progress=progress)
        for row in found.to_dict("records"):
            agrees = row["stored"] == row["recomputed"]
            same, compared = same and agrees, compared + 1
            print(
                f"{name}: {row['network']}, seed {row['seed']}, eps {row['eps']:.6g}: "
                f"{row['recomputed']} images certified, "
                + ("as tracked" if agrees else f"but {row['stored']} are tracked")
            )
    if not compared:
        raise InputError(f"{folder / PAPER}: no weights are tracked; run the scale {PAPER}, then geoflow keep-paper.")
    return same


def main(words: Sequence[str]) -> int:
    """Run one of the two commands; `verify-paper` returns 1 if a number differs from the tracked one."""
    parser = argparse.ArgumentParser(prog="geoflow")
    commands = parser.add_subparsers(dest="command", required=True)
    keeping = commands.add_parser("keep-paper")
    keeping.add_argument("names", nargs="*", metavar="EXPERIMENT", help="default: all")
    keeping.add_argument("--allow-dirty", action="store_true", help="accept results of runs with uncommitted changes")
    commands.add_parser("verify-paper")
    asked = parser.parse_args(words)
    if asked.command == "keep-paper":
        for path in keep(asked.names, allow_dirty=asked.allow_dirty):
            print(f"{path}: {read_table(path / 'summary.parquet').attrs['geoflow']['commit']}")
    elif not verify():
        print("geoflow: a certified accuracy differs from the tracked one.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[1:])))
