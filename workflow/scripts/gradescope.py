"""Gradescope: the files of its autograder, and the results of one submission in its format.

The format is https://gradescope-autograders.readthedocs.io/en/latest/specs: `setup.sh` runs once, `run_autograder` once
per submission. Gradescope unpacks a submitted ZIP file, so the archive is packed again before it is marked.
"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archives.manifest import NAME
from assignment import Assignment, load
from build_submission import write_archive
from mark import mark
from marks_pages import Marked

from geoflow.ground import InputError
from geoflow.ground.sentences import exit_status
from geoflow.pipeline.written import experiment_files
from geoflow.studies import FIGURES

SETUP = """#!/usr/bin/env bash
# Install geoflow at the commit of the lecturer, and the sandbox of the replay.
set -euo pipefail
apt-get update
apt-get install -y git make bubblewrap python3-venv poppler-utils
git clone {url} /autograder/geoflow
cd /autograder/geoflow
git checkout {commit}
make setup
"""
RUN = """#!/usr/bin/env bash
# Mark one submission; results/results.json is written in every case.
cd /autograder/geoflow
cp /autograder/source/assignment.yaml config/assignment.yaml
export PATH="$PWD/.venv/bin:$PATH"
python workflow/scripts/gradescope.py /autograder/submission /autograder/results/results.json {level}
"""


def write_bundle(out: Path, questions: Path, url: str, commit: str, level: str) -> list[Path]:
    """Write the files of the autograder into the folder `out`; zip its contents and upload them."""
    texts = {
        "setup.sh": SETUP.format(url=url, commit=commit),
        "run_autograder": RUN.format(level=level),
        "assignment.yaml": questions.read_text(encoding="utf-8"),
    }
    out.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8")
        (out / name).chmod(0o644 if name.endswith(".yaml") else 0o755)
    return [out / name for name in texts]


def results(one: Marked, asked: Assignment) -> dict[str, Any]:
    """One test per question, with its points, reasons and visibility."""
    tests = [
        {
            "name": question.name,
            "score": one.points[question.name],
            "max_score": question.points,
            "status": "failed" if one.reasons[question.name] else "passed",
            "output": "\n".join(one.reasons[question.name]),
            "visibility": question.visibility,
        }
        for question in asked.questions
    ]
    said = "\n".join([one.results["output"], *one.notes])
    return {"score": sum(one.points.values()), "output": said, "stdout_visibility": "hidden", "tests": tests}


def pack(submission: Path, archive: Path) -> None:
    """Write the archive of a submission: its only ZIP file, or the files that Gradescope has unpacked from it."""
    packed = sorted(submission.glob("*.zip"))
    if len(packed) == 1:
        archive.write_bytes(packed[0].read_bytes())
        return
    files = [Path(folder, name) for folder, _, names in os.walk(submission) for name in names]
    members = {path.relative_to(submission).as_posix(): path for path in files if not path.is_symlink()}
    if NAME not in members:
        raise InputError(f"expected the archive submission/<identifier>.zip, got files without {NAME}.")
    write_archive(archive, {name: path.read_bytes() for name, path in members.items()})


def main(words: Sequence[str]) -> None:
    """Mark one submission and write the results; a submission without an archive has no points."""
    submission, out, level = Path(words[0]), Path(words[1]), words[2]
    asked = load(Path("config/assignment.yaml"), experiment_files(), FIGURES)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"score": 0, "output": "the submission could not be marked", "tests": []}))
    with TemporaryDirectory() as folder:
        archive = Path(folder, "submission.zip")
        try:
            pack(submission, archive)
        except InputError as error:
            out.write_text(json.dumps({"score": 0, "output": str(error), "tests": []}))
            return
        out.write_text(json.dumps(results(mark(archive, Path(folder, "marks"), level, asked), asked), indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[1:])))
