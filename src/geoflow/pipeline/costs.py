"""Stage costs: what each step took, from Snakemake's benchmark files, as a table of the report."""

import csv
from collections.abc import Iterator
from pathlib import Path

from geoflow.ground import renamed_when_complete
from geoflow.ground.sentences import sentences
from geoflow.pipeline import latex
from geoflow.pipeline.run import arguments


def rows(folder: Path) -> Iterator[tuple[str, str, float, float]]:
    """(step, experiment, seconds, memory in MB) of every benchmark file, the longest first."""
    found = []
    for path in sorted(folder.glob("*/*.tsv")):
        with path.open() as lines:
            one = next(csv.DictReader(lines, delimiter="\t"))
        memory = one["max_rss"]
        found.append((path.parent.name, path.stem, float(one["s"]), float(memory) if memory[0].isdigit() else 0.0))
    yield from sorted(found, key=lambda row: -row[2])


def main() -> None:
    """`benchmarks=FOLDER out=FILE`."""
    given = arguments("benchmarks", "out")
    found = [row for row in rows(Path(given["benchmarks"])) if row[0] != "draw"]
    body = [
        (latex.escape(step), rf"\texttt{{{latex.escape(name)}}}", f"{seconds:.1f}", f"{memory:.0f}")
        for step, name, seconds, memory in found
    ]
    total = sum(seconds for _, _, seconds, _ in found)
    body.append(("together", "", f"{total:.1f}", ""))
    head = ("Stage", "Experiment", "Seconds", "Memory (MB)")
    with renamed_when_complete(Path(given["out"])) as (temporary,):
        temporary.write_text(latex.tabular("llrr", head, body))


if __name__ == "__main__":
    with sentences():
        main()
