"""The files for Gradescope: what its specification asks of an autograder, its results, and a submission it unpacked."""

import json
import subprocess
import zipfile
from pathlib import Path

import assign
import gradescope
import pytest
from assignment import load
from handing_in import Handed
from marks_pages import Marked
from test_mark import ASSIGNMENT

from geoflow.ground import InputError

ROOT = Path(__file__).parents[2]
# Keys of results.json and of each test in https://gradescope-autograders.readthedocs.io/en/latest/specs, with types.
NUMBER = (int, float)
TOP = {
    "score": NUMBER, "execution_time": NUMBER, "output": str, "visibility": str, "stdout_visibility": str,
    "extra_data": dict, "tests": list, "leaderboard": list,
}  # fmt: skip
TEST = {
    "score": NUMBER, "max_score": NUMBER, "status": str, "name": str, "number": str, "output": str, "tags": list,
    "visibility": str, "extra_data": dict,
}  # fmt: skip
VISIBILITIES = {"visible", "hidden", "after_due_date", "after_published"}


def check_format(tree: dict) -> None:
    for found, allowed in [(tree, TOP), *((test, TEST) for test in tree["tests"])]:
        assert all(isinstance(value, allowed[key]) for key, value in found.items())
        assert found.get("visibility", "visible") in VISIBILITIES
    assert tree["stdout_visibility"] in VISIBILITIES
    assert "score" in tree or all("score" in test for test in tree["tests"])
    assert all(test["status"] in ("passed", "failed") and test["score"] <= test["max_score"] for test in tree["tests"])


def test_results_have_the_published_format_with_weights_visibility_and_reasons(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(ASSIGNMENT.replace("points: 8,", "points: 8, visibility: after_published,"))
    asked = load(tmp_path / "a.yaml", ["order_pendulum"], ["order_pendulum"])
    one = Marked("ada", {"output": "it holds"}, {}, 0.0, ["too many words"])
    one.points, one.reasons = {"orders": 6.0, "discussion": 0.0}, {"orders": [], "discussion": ["marked by hand"]}
    tree = json.loads(json.dumps(gradescope.results(one, asked)))
    check_format(tree)
    assert tree["score"] == 6 and "too many words" in tree["output"]
    first, second = tree["tests"]
    assert (first["max_score"], first["status"], first["visibility"]) == (8, "passed", "after_published")
    assert (second["status"], second["output"], second["visibility"]) == ("failed", "marked by hand", "visible")
    (tmp_path / "a.yaml").write_text(ASSIGNMENT.replace("points: 8,", "points: 8, visibility: never,"))
    with pytest.raises(InputError, match="unknown visibility 'never'"):
        load(tmp_path / "a.yaml", ["order_pendulum"], ["order_pendulum"])


def test_the_bundle_has_the_two_scripts_and_the_questions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assign.main([str(tmp_path / "out"), "--gradescope", "https://example.org/geoflow.git", "--level", "replay"])
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"setup.sh", "run_autograder", "assignment.yaml"}
    for name in ("setup.sh", "run_autograder"):
        path = tmp_path / "out" / name
        assert path.stat().st_mode & 0o111 and path.read_text().startswith("#!/usr/bin/env bash\n")
        assert subprocess.run(["bash", "-n", path]).returncode == 0
    assert "git clone https://example.org/geoflow.git" in (tmp_path / "out/setup.sh").read_text()
    assert "/autograder/results/results.json replay\n" in (tmp_path / "out/run_autograder").read_text()


def test_a_submission_that_was_unpacked_is_the_archive_again(handed: Handed) -> None:
    handed.build()
    unpacked = handed.tree / "unpacked"
    with zipfile.ZipFile(handed.archive) as archive:
        archive.extractall(unpacked)
    gradescope.pack(unpacked, handed.tree / "again.zip")
    assert (handed.tree / "again.zip").read_bytes() == handed.archive.read_bytes()
    gradescope.pack(handed.archive.parent, handed.tree / "copy.zip")
    assert (handed.tree / "copy.zip").read_bytes() == handed.archive.read_bytes()
    (unpacked / "MANIFEST.json").unlink()
    with pytest.raises(InputError, match=r"files without MANIFEST\.json"):
        gradescope.pack(unpacked, handed.tree / "none.zip")


def test_a_submission_without_an_archive_has_results_with_one_sentence(handed: Handed) -> None:
    (handed.tree / "config/assignment.yaml").write_text(ASSIGNMENT)
    (handed.tree / "empty").mkdir()
    gradescope.main(["empty", "results/results.json", "consistency"])
    tree = json.loads(Path("results/results.json").read_text())
    assert tree["score"] == 0 and "expected the archive" in tree["output"] and tree["tests"] == []
