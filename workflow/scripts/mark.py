"""Mark all archives of a folder: geoflow mark FOLDER --level replay --jobs 4 --out marks.

Each archive is verified by `geoflow verify` in a process of its own. `out` gets marks.csv (one row per student and
question), similar.csv (pairs of submissions), summary.html, and per student results.json and feedback.html. The student
is the name of the archive's file. Archives that were verified before, with the same bytes and level, are not verified
again.
"""

import argparse
import csv
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import assignment as lecturer
from archives.unpack import check
from archives.verify import LEVELS
from marks_pages import Marked, feedback, summary
from own_work import foreign_imports, own_texts, similar, word_count

from geoflow.ground import InputError
from geoflow.ground.sentences import sentences
from geoflow.pipeline.written import experiment_files
from geoflow.studies import FIGURES

CLAIMS = "report/generated/coursework/tables/claims.tex"
LIMIT = 7200  # seconds of one verification
COLUMNS = ("student", "question", "points", "of", "reasons", "hours_late", "words", "verdict")


def main(words: Sequence[str]) -> None:
    """Verify and mark all archives; prints one line per submission."""
    parser = argparse.ArgumentParser(prog="geoflow mark", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="folder of the archives, STUDENT.zip")
    parser.add_argument("--level", choices=LEVELS, default="consistency", help="as in geoflow verify")
    parser.add_argument("--jobs", type=int, default=1, help="archives that are verified at the same time")
    parser.add_argument("--out", type=Path, default=Path("marks"), help="folder for marks.csv and the pages")
    parser.add_argument("--assignment", type=Path, default=Path("config/assignment.yaml"), help="questions and points")
    given = parser.parse_args(words)
    asked = lecturer.load(given.assignment, experiment_files(), FIGURES)
    if given.jobs < 1:
        raise InputError(f"--jobs: expected at least 1, got {given.jobs}.")
    archives = sorted(given.folder.glob("*.zip"))
    if not archives:
        raise InputError(f"expected archives in {given.folder}, found no file that ends in .zip.")
    with ThreadPoolExecutor(given.jobs) as pool:
        marked = list(pool.map(lambda one: mark(one, given.out / one.stem, given.level, asked), archives))
    write(given.out, marked, asked)


def mark(archive: Path, folder: Path, level: str, asked: lecturer.Assignment) -> Marked:
    """Verify one archive and give points for the checks of each question."""
    results = verify(archive, folder, level)
    try:
        check(archive)
        texts, claims = own_texts(archive), claims_of(archive)
    except (InputError, zipfile.BadZipFile, OSError):
        texts, claims = {}, {}
    sent = datetime.fromtimestamp(archive.stat().st_mtime, UTC)
    late = max(0.0, (sent - asked.deadline).total_seconds() / 3600)
    made = Marked(archive.stem, results, texts, late)
    status = {test["name"].partition(": ")[2]: test for test in results["tests"]}
    agreeing = _passed(CLAIMS, status)
    for question in asked.questions:
        outcomes = [
            (said, held and agreeing and _passed(f"values and claims of {name}", status))
            for name in question.claims
            for said, held in claims.get(name, [(f"no claims of {name}", False)])
        ]
        outcomes += [(f"figure {name}", _drawn(name, status)) for name in question.figures]
        share = sum(held for _, held in outcomes) / len(outcomes) if outcomes else 0.0
        made.points[question.name] = round(question.points * share, 2)
        made.reasons[question.name] = [f"{said}: does not hold" for said, held in outcomes if not held]
        if not outcomes:
            made.reasons[question.name] = ["marked by hand"]
    count = word_count(texts)
    if count > asked.words:
        made.notes.append(f"The text has {count} words; the limit is {asked.words}.")
    if foreign := foreign_imports(texts, asked.packages):
        made.notes.append(f"The code imports packages that are not allowed: {', '.join(foreign)}.")
    print(f"{made.student}: {sum(made.points.values()):g} points; {results['output'].splitlines()[0]}", flush=True)
    return made


def verify(archive: Path, folder: Path, level: str) -> dict[str, Any]:
    """The results of `geoflow verify`, from `folder` if the archive and the level are those of the last time."""
    folder.mkdir(parents=True, exist_ok=True)
    results, seen = folder / "results.json", folder / "verified.txt"
    with archive.open("rb") as file:
        now = f"{sha256(file.read(300_000_000)).hexdigest()} {level}\n"
    if not (results.exists() and seen.exists() and seen.read_text() == now):
        seen.unlink(missing_ok=True)
        words = ["verify", str(archive), "--level", level, "--json", str(results), "--quiet"]
        command = [sys.executable, "-m", "geoflow.cli", *words]
        with suppress(subprocess.TimeoutExpired):  # results.json says that the verification did not finish
            subprocess.run(command, capture_output=True, timeout=LIMIT)
        seen.write_text(now)
    return json.loads(results.read_text())


def claims_of(archive: Path) -> dict[str, list[tuple[str, bool]]]:
    """Experiment -> its claims and whether they hold, from the table that `geoflow verify` compares."""
    found: dict[str, list[tuple[str, bool]]] = {}
    experiment = ""
    with zipfile.ZipFile(archive) as opened:
        rows = opened.read(CLAIMS).decode(errors="replace").splitlines() if CLAIMS in opened.namelist() else []
    for row in rows:
        cells = row.removesuffix(r"\\").split(" & ")
        if row.startswith(r"\multicolumn"):
            experiment = row.partition(r"\texttt{")[2].partition("}}")[0].replace("\\", "")
        elif len(cells) > 3 and experiment:
            found.setdefault(experiment, []).append((cells[0], "holds" in map(str.strip, cells[1:])))
    return found


def _passed(what: str, status: dict[str, Any]) -> bool:
    return bool(status.get(what, {}).get("status") == "passed")


def _drawn(name: str, status: dict[str, Any]) -> bool:
    return all(_passed(f"figures/{name}{end}", status) for end in (".pdf", ".png"))


def write(out: Path, marked: Sequence[Marked], asked: lecturer.Assignment) -> None:
    """Write the tables, the summary and the feedback of each student."""
    pairs = similar({one.student: one.texts for one in marked})
    with (out / "marks.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for one in marked:
            verdict = one.results["output"].splitlines()[0]
            for question in asked.questions:
                reasons = "; ".join([*one.reasons[question.name], *one.notes])
                points, late = one.points[question.name], f"{one.hours_late:.1f}"
                words = word_count(one.texts)
                table.writerow([one.student, question.name, points, question.points, reasons, late, words, verdict])
    with (out / "similar.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("one", "other", "similarity"))
        table.writerows((one, other, f"{share:.2f}") for one, other, share in pairs)
    for one in marked:
        (out / one.student / "feedback.html").write_text(feedback(one, asked))
    (out / "summary.html").write_text(summary(marked, pairs, asked))


if __name__ == "__main__":
    with sentences():
        main(sys.argv[2:])
