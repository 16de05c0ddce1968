"""Marking a folder of archives: points and reasons per question, pages, similarity, and an interrupted run resumed."""

import csv
import os
import shutil
from pathlib import Path

import mark
import pytest
from archives.outcome import Line, Report, Status
from assignment import load
from handing_in import Handed
from own_work import foreign_imports, similar, word_count

from geoflow.ground import InputError

ASSIGNMENT = """
title: Orders
due: '2026-12-18 17:00+00:00'
words: 10
packages: [numpy]
questions:
  - {name: orders, text: 'Which <order> has RK4?', points: 8, claims: [order_pendulum], figures: [order_pendulum]}
  - {name: discussion, text: Discuss., points: 2}
"""
TEXTS = {
    "report/coursework/main.tex": "One sentence of my own about energy. Another one about $x$ and \\emph{orders}.",
    "report/coursework/own/mine.py": "import os, numpy\nimport requests\nfrom report.coursework import own\n",
}


@pytest.fixture
def folder(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a valid archive, a late one without its figure, and a file that is no archive."""
    folder = handed.tree / "submissions"
    folder.mkdir()
    (handed.tree / "config/assignment.yaml").write_text(ASSIGNMENT)
    handed.build()
    shutil.copy(handed.archive, folder / "ada.zip")
    handed.forge(lambda members: members.update({"figures/order_pendulum.png": b"drawn by hand"}))
    shutil.copy(handed.archive, folder / "bob.zip")
    (folder / "eve.zip").write_bytes(b"no archive")
    for name in ("ada", "eve"):
        os.utime(folder / f"{name}.zip", (0, 0))
    os.utime(folder / "bob.zip", (1797685200, 1797685200))  # 2026-12-19 13:00 UTC, twenty hours late

    def verify(command: list[str], **_: object) -> None:
        archive, out = Path(command[command.index("verify") + 1]), Path(command[command.index("--json") + 1])
        shutil.copy(archive, handed.archive)
        try:
            report = handed.verify()
        except InputError:
            report = Report(archive, "consistency", [Line("unpack", archive.name, Status.DIFFERENT)])
        out.write_text(report.to_json())

    monkeypatch.setattr("mark.subprocess.run", verify)
    return folder


def test_points_reasons_and_pages_are_written_and_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark.main([str(folder), "--jobs", "1", "--out", "marks"])
    with Path("marks/marks.csv").open() as file:
        rows = {(row["student"], row["question"]): row for row in csv.DictReader(file)}
    assert len(rows) == 6
    # One of three claims holds, and one figure of one; bob's does not.
    assert float(rows["ada", "orders"]["points"]) == 4 and "holds at level" in rows["ada", "orders"]["verdict"]
    assert "every method has the order that it declares, within 0.2: does not hold" in rows["ada", "orders"]["reasons"]
    assert float(rows["bob", "orders"]["points"]) == 2
    assert "figure order_pendulum: does not hold" in rows["bob", "orders"]["reasons"]
    assert rows["bob", "orders"]["hours_late"] == "20.0" and rows["ada", "orders"]["hours_late"] == "0.0"
    assert float(rows["eve", "orders"]["points"]) == 0
    assert rows["ada", "discussion"]["reasons"].startswith("marked by hand; The text has")
    page = Path("marks/bob/feedback.html").read_text()
    assert "Which &lt;order&gt; has RK4?" in page and "20.0 hours late" in page and "not a readable image" in page
    assert "ada" in Path("marks/summary.html").read_text()
    assert Path("marks/similar.csv").read_text() == "one,other,similarity\n", "their text is that of the template"

    monkeypatch.setattr("mark.subprocess.run", lambda *_, **__: pytest.fail("verified again"))
    mark.main([str(folder)])


@pytest.mark.parametrize(
    ("words", "said"), [(["empty"], "no file that ends in .zip"), (["x", "--jobs", "0"], "at least 1")]
)
def test_a_call_that_marks_nothing_is_one_sentence(handed: Handed, words: list[str], said: str) -> None:
    (handed.tree / "config/assignment.yaml").write_text(ASSIGNMENT)
    with pytest.raises(InputError, match=said):
        mark.main(words)


def test_words_imports_and_similar_lines_are_counted() -> None:
    assert word_count(TEXTS) == 12
    assert foreign_imports(TEXTS, ["numpy"]) == ["requests"]
    other = {name: text.replace("Another", "A different") for name, text in TEXTS.items()}
    ((one, two, share),) = similar({"a": TEXTS, "b": other, "c": {"x.tex": "Nothing of the kind is said here."}})
    assert (one, two) == ("a", "b") and 0.5 < share < 1


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("points: 8", "points: 0", "expected positive points"),
        ("claims: [order_pendulum]", "claims: [order_pendulun]", "did you mean 'order_pendulum'"),
        ("figures: [order_pendulum]", "figures: [nothing]", "unknown figure"),
        ("17:00+00:00", "17:00", "due: expected a date"),
        ("words:", "word:", "unknown key 'word'"),
    ],
)
def test_an_assignment_that_is_wrong_is_one_sentence(tmp_path: Path, old: str, new: str, words: str) -> None:
    (tmp_path / "a.yaml").write_text(ASSIGNMENT.replace(old, new))
    with pytest.raises(InputError) as caught:
        load(tmp_path / "a.yaml", ["order_pendulum"], ["order_pendulum"])
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_the_assignment_of_the_repository_asks_for_experiments_and_figures_that_exist() -> None:
    from geoflow.pipeline.written import experiment_files
    from geoflow.studies import FIGURES

    made = load(Path(__file__).parents[2] / "config/assignment.yaml", experiment_files(), FIGURES)
    assert sum(question.points for question in made.questions) == 30


def test_an_experiment_that_the_archive_calls_its_own_has_no_points_before_a_replay(
    folder: Path, handed: Handed
) -> None:
    """Its claims are those of the student, and only a replay composes them."""
    shutil.copy(folder / "ada.zip", handed.archive)
    handed.forge(lambda members: members.update({"report/coursework/own/order_pendulum.yaml": b"claims: []"}))
    shutil.copy(handed.archive, folder / "bob.zip")
    mark.main([str(folder)])
    with Path("marks/marks.csv").open() as file:
        rows = {(row["student"], row["question"]): row for row in csv.DictReader(file)}
    assert float(rows["bob", "orders"]["points"]) == 2 and "is not decided" in rows["bob", "orders"]["verdict"]
