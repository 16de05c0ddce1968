"""The steps of the workflow that turn results into claims, numbers and tables. Each rule runs one step by its name.

    python workflow/scripts/steps.py STEP key=value ...

Each function in STEPS is a step, and its parameters are the keys. Values are a FILE or FOLDER, NAME,NAME or JSON.
"""

import csv
import inspect
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from geoflow.ground import GeoflowError, InputError, Results, read_table, renamed_when_complete, write_table
from geoflow.ground.sentences import sentences
from geoflow.pipeline import latex
from geoflow.pipeline.checking import require_known
from geoflow.pipeline.run import commit, parse

CLAIM = {  # columns of claims.parquet
    **dict.fromkeys(("experiment", "name", "text", "quantity", "kind", "control"), "str"),
    **dict.fromkeys(("value", "below", "above", "margin"), "float64"),
    "holds": "bool",
    "sentence": "str",
}


def arguments(words: Sequence[str], keys: Sequence[str]) -> dict[str, str]:
    """The values of the words key=value, which must give exactly `keys`."""
    given, others = parse(words, keys, required=keys)
    if others:
        raise InputError(f"expected only {', '.join(keys)}, got {others[0]!r}.")
    return given


def several(text: str) -> Iterable[str]:
    """The items of a comma-separated list, which may be empty."""
    return filter(None, text.split(","))


def write(folder: str, tables: Mapping[str, str]) -> None:
    """Write each table to `<folder>/<name>.tex`, either all of them or none."""
    with renamed_when_complete(*(Path(folder) / f"{name}.tex" for name in tables)) as paths:
        for path, text in zip(paths, tables.values(), strict=True):
            path.write_text(text)


def claims(claims: str, out: str) -> None:
    """Compare each claim of each experiment with its summary; claims: JSON, [folder of the results, claims], ..."""
    import pandas as pd

    from geoflow.pipeline.claims import judge

    rows = []
    for folder, own in json.loads(claims):
        summary = Results(folder).summary
        rows += [judge(Path(folder).name, claim, summary) for claim in own]
    frame = pd.DataFrame(rows, columns=list(CLAIM)).astype(CLAIM)
    write_table(out, frame, provenance={"commit": commit()})


def verdict(claims: str, out: str) -> None:
    """Raise GeoflowError with one sentence per failed claim; otherwise write how many claims hold."""
    judged = read_table(claims)
    failed = judged[~judged["holds"]].itertuples(index=False)
    if said := [f"claim {row.name} of {row.experiment} fails: {row.sentence}" for row in failed]:
        for sentence in said[:-1]:
            print(f"geoflow: {sentence}", file=sys.stderr)
        raise GeoflowError(said[-1])  # one line, as every error
    with renamed_when_complete(Path(out)) as (temporary,):
        temporary.write_text(f"all {len(judged)} claims hold\n")


def numbers(results: str, experiments: str, tracked: str, out: str) -> None:
    """Write every number as a macro; tracked: result folders of the scale paper, also in the report."""
    from geoflow.pipeline.numbers import MACROS, lines, scale_macro

    folders = [Path(results) / name for name in several(experiments)] + [Path(one) for one in several(tracked)]
    written = [line for folder in folders for line in lines(folder.name, Results(folder))]
    text = MACROS + "\n".join([*written, r"\makeatother", ""])
    write(out, {"numbers": text, "scale": scale_macro(Path(results))})


def provenance(results: str, figures: str, out: str) -> None:
    """Write the provenance of each figure; figures: JSON, figure -> [digest of its code, experiment, ...]."""
    from geoflow.pipeline.numbers import PROVENANCE, provenance_line

    written = [
        provenance_line(figure, code, [Results(Path(results) / name) for name in names])
        for figure, (code, *names) in json.loads(figures).items()
    ]
    with renamed_when_complete(Path(out)) as (temporary,):
        temporary.write_text(PROVENANCE + "\n".join([*written, r"\makeatother", ""]))


def tables(results: str, orders: str, catalogue: str, out: str) -> None:
    """Write the headlines, the laws, the fitted orders and the catalogue of methods as LaTeX tables."""
    from catalogue_table import CATALOGUE, catalogue_rows
    from claim_tables import HEADLINES, LAWS, headline_rows, law_rows

    from geoflow.pipeline.claims import ORDERS, order_rows

    folder = Path(results)
    fitted = [row for name in several(orders) for row in order_rows(name, Results(folder / name).table("orders"))]
    listed = [row for name in several(catalogue) for row in catalogue_rows(Results(folder / name).table("catalogue"))]
    judged = read_table(folder / "claims.parquet")
    written = {
        "headlines": latex.tabular(*HEADLINES, headline_rows(judged)),
        "laws": latex.tabular(*LAWS, law_rows(judged)),
        "orders": latex.tabular(*ORDERS, fitted),
        "catalogue": latex.tabular(*CATALOGUE, listed),
    }
    write(out, written)


def listings(results: str, experiments: str, out: str) -> None:
    """Write one table per experiment, as <experiment>.tex."""
    from listings import listing

    write(out, {name: listing(Results(Path(results) / name)) for name in several(experiments)})


def course_table(folders: str, printed: str, out: str) -> None:
    """The numbers of the course beside those in result folders; printed: JSON, experiment -> its published numbers."""
    from course_table import table

    runs = {Path(folder).name: Results(folder) for folder in several(folders)}
    with renamed_when_complete(Path(out)) as (temporary,):
        temporary.write_text(table(runs, json.loads(printed)))


def robustness_table(folders: str, literature: str, out: str) -> None:
    """Write the table of the accuracies in the result folders and in the literature (a CSV file)."""
    from robustness_table import table

    with open(literature, newline="") as file:
        published = list(csv.DictReader(file))
    with renamed_when_complete(Path(out)) as (temporary,):
        temporary.write_text(table([Results(folder) for folder in several(folders)], published))


def overleaf(report: str, figures: str, out: str) -> None:
    """Write the archive of the report, which builds elsewhere."""
    from pack import pack

    pack(Path(report), Path(figures), Path(out))


def crate(folders: str, products: str, out: str) -> None:
    """Write the RO-Crate of the results in the folders, and of the files `products`."""
    from run_crate import write_crate

    write_crate([Path(one) for one in several(folders)], [Path(one) for one in several(products)], Path(out))


def costs(benchmarks: str, out: str) -> None:
    """Write time and memory of each step, from Snakemake's benchmark files, the longest step first."""
    found = []
    for path in sorted(Path(benchmarks).glob("*/*.tsv")):
        with path.open() as lines:
            one = next(csv.DictReader(lines, delimiter="\t"))
        memory = one["max_rss"]
        found.append((path.parent.name, path.stem, float(one["s"]), float(memory) if memory[0].isdigit() else 0.0))
    found = sorted((row for row in found if row[0] != "draw"), key=lambda row: -row[2])
    body = [
        (latex.escape(step), rf"\texttt{{{latex.escape(name)}}}", f"{seconds:.1f}", f"{memory:.0f}")
        for step, name, seconds, memory in found
    ]
    body.append(("together", "", f"{sum(row[2] for row in found):.1f}", ""))
    head = ("Stage", "Experiment", "Seconds", "Memory (MB)")
    with renamed_when_complete(Path(out)) as (temporary,):
        temporary.write_text(latex.tabular("llrr", head, body))


def captions(sections: str, numbers: str, figures: str, out: str) -> None:
    """Write the captions of the figures for Snakemake's report; sections: the folder of the LaTeX text."""
    from captions import captions, known_numbers, write_restructured

    texts = [path.read_text() for path in sorted(Path(sections).rglob("*.tex"))]
    said = dict(pair for text in texts for pair in captions(text))
    known, names = known_numbers(Path(numbers).read_text()), figures.split(",")
    with renamed_when_complete(*(Path(out) / f"{name}.rst" for name in names)) as temporaries:
        for name, temporary in zip(names, temporaries, strict=True):
            temporary.write_text(write_restructured(said.get(name, name), known))


def coursework_text(coursework: str, results: str, claims: str, figures: str, out: str) -> None:
    """Write the files that a coursework text includes; claims, figures: JSON, as in `claims` and `provenance`."""
    from geoflow.coursework.configuration import load
    from geoflow.coursework.text import generate

    texts = generate(Path(results), load(coursework), json.loads(claims), json.loads(figures))
    with renamed_when_complete(*(Path(out) / name for name in texts)) as temporaries:
        for temporary, text in zip(temporaries, texts.values(), strict=True):
            temporary.write_text(text)


def submission(coursework: str, scale: str, figures: str, out: str) -> None:
    """Build the archive of a coursework; figures: JSON, as in the step `provenance`."""
    from build_submission import build

    manifest = build(Path(coursework), scale, json.loads(figures), Path(out))
    print(f"geoflow: {out} holds {len(manifest.files)} files at commit {manifest.commit}.")
    if manifest.altered:
        print(
            f"geoflow: {len(manifest.altered)} files differ from that commit (the first is "
            f"{manifest.altered[0]}), and the manifest lists them; commit them before you submit."
        )


STEPS = (
    *(claims, verdict, numbers, provenance, tables, listings, course_table, robustness_table, costs, captions),
    *(overleaf, crate, coursework_text, submission),
)


def main(name: str = "", *words: str) -> None:
    """Run the step `name`; raises InputError if it does not exist."""
    known = {one.__name__: one for one in STEPS}
    require_known("steps.py", "step", name, known)
    step = known[name]
    step(**arguments(words, list(inspect.signature(step).parameters)))


if __name__ == "__main__":
    with sentences():
        main(*sys.argv[1:])
