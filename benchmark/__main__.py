"""`make benchmark`: measure, print, and write benchmarks/speed.parquet and benchmarks/speed.md."""

import argparse
import datetime
import platform
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from benchmark import ensembles, loops, native, peers, start, training
from benchmark.measure import Row
from geoflow.ground.results import renamed_when_complete, write_table


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmark", description=__doc__)
    parser.add_argument("--seconds", type=float, default=0.25, help="duration of each timed run (0.25)")
    parser.add_argument("--out", type=Path, default=Path("benchmarks"), help="folder (benchmarks)")
    asked = parser.parse_args()
    rows = []
    for row in measured(asked.seconds):
        rows.append(row)
        verdict = "" if not row.target > 0 else f"(target {row.target})"
        print(f"{row.comparison}: {row.problem}, {row.method}: {row.ratio:.3g} {verdict} {row.note}")
    frame = pd.DataFrame([{**vars(row), "ratio": row.ratio} for row in rows])
    where = circumstances()
    write_table(asked.out / "speed.parquet", frame, provenance=where)
    with renamed_when_complete(asked.out / "speed.md") as (temporary,):
        temporary.write_text(markdown(rows, where))
    print(f"{asked.out / 'speed.md'} has the table.")


def measured(seconds: float) -> Iterator[Row]:
    if native.compiler():
        yield from loops.beside_c(seconds)
        yield from ensembles.beside_c(seconds)
    else:
        print("gcc is not installed: the comparison with C is omitted.")
    yield from loops.with_options(seconds)
    yield from loops.fixed_cost()
    yield from start.second_process()
    yield from peers.same_accuracy()
    yield from training.throughput()


def circumstances() -> dict[str, str]:
    """Machine, date and versions, which are needed to interpret a ratio."""
    cpu = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [x for x in information.read_text().splitlines() if x.startswith("model name")]
        cpu = names[0].partition(": ")[2] if names else cpu
    facts = {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"),
        "machine": f"{cpu}, {platform.system()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("numpy", "llvmlite", "scipy")},
    }
    if native.compiler():
        said = subprocess.run(["gcc", "--version"], capture_output=True, text=True, check=True)
        facts["gcc"] = f"{said.stdout.splitlines()[0]}; {' '.join(native.FLAGS[:3])}"
    return facts


def markdown(rows: list[Row], where: dict[str, str]) -> str:
    head = "| comparison | problem | method | ours | other | unit | ratio | target | note |"
    lines = [
        "# Speed",
        "",
        "; ".join(f"{name} {value}" for name, value in where.items()),
        "",
        "Medians of CPU time; the runs of a comparison alternate. A ratio below its target is good.",
        "",
        head,
        "|" + " --- |" * head.count(" | ") + " --- |",
    ]
    for row in rows:
        target = f"{row.target:g}" if row.target > 0 else ""
        if row.ratio > row.target:
            target += " missed"
        lines.append(
            f"| {row.comparison} | {row.problem} | {row.method} | {row.ours:.4g} | {row.other:.4g} "
            f"| {row.unit} | {row.ratio:.3g} | {target} | {row.note} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
