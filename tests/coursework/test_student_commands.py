"""What a student gets from `geoflow assign`, and what `geoflow precheck` says about a coursework."""

import shutil
from pathlib import Path

import assign
import precheck
import pytest
import yaml
from handing_in import Handed, write_pdf
from pypdf import PdfReader, PdfWriter
from test_mark import ASSIGNMENT

from geoflow.coursework import configuration
from geoflow.ground import InputError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tree(handed: Handed) -> Path:
    """The small coursework with a bibliography and an assignment, of which nothing is to be said."""
    (handed.tree / "config/assignment.yaml").write_text(ASSIGNMENT.replace("words: 10", "words: 100\nanonymous: true"))
    (handed.tree / "report/references.bib").write_text("@book{HLW,\n}\n")
    main = handed.tree / "report/coursework/main.tex"
    main.write_text(
        main.read_text() + "% as \\ref{fig:nothing} and 3.14\nSee \\ref{fig:order_pendulum}, \\cite[1.2]{HLW}.\n"
    )
    (handed.tree / "submission/me.pdf").touch()
    return handed.tree


def found(*names: str) -> list[str]:
    paths = Path("config/coursework.yaml"), Path("config/assignment.yaml")
    return list(precheck.findings(*paths, "default", names))


def test_a_sound_coursework_has_no_findings_except_a_claim_that_fails(tree: Path) -> None:
    said = found("Lovelace")
    assert all(line.startswith("claim ") and "fails" in line for line in said)


TEXTS = {
    r"The order is 3.98 here.": r"main.tex, line 11: the number 3.98 is typed; \result",
    r"It holds in 75\,\% of all runs, or 75\%.": "the number 75 is typed",
    r"See Table~\ref{tab:none}.": "there is no label 'tab:none', the PDF will show ??.",
    r"As in \citep{HLW, Nobody1999}.": "report/references.bib has no source 'Nobody1999'",
    r"Discuss what the results mean, what they do not show.": "the template's text is left in",
    "word " * 120: "the limit is 100",
    r"I, Ada Lovelace, did this.": "main.tex: has the name 'Lovelace'",
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_fault_of_the_text_is_named_with_its_line(tree: Path, text: str) -> None:
    before = found("Lovelace")
    main = tree / "report/coursework/main.tex"
    main.write_text(main.read_text() + text + "\n")
    (tree / "submission/me.pdf").touch()
    (new,) = [line for line in found("Lovelace") if line not in before]
    assert TEXTS[text] in new


def test_stale_results_a_damaged_pdf_foreign_imports_and_names_are_found(tree: Path) -> None:
    experiment = tree / "config/experiment/convergence/order_pendulum.yaml"
    experiment.write_text(experiment.read_text().replace("2048", "4096"))
    (tree / "report/coursework/own/lovelace.py").write_text("import requests\n")
    pdf = tree / "submission/me.pdf"
    write_pdf(pdf, ["As Figure ?? shows"])
    writer = PdfWriter(clone_from=PdfReader(pdf))
    writer.add_metadata({"/Author": "Ada Lovelace"})
    writer.write(pdf)
    said = "\n".join(found("Lovelace"))
    for words in (
        "of other values or other code", "me.pdf, page 1: shows ??", "not allowed: requests",
        "the metadata of submission/me.pdf: has the name", "the path report/coursework/own/lovelace.py: has the name",
    ):  # fmt: skip
        assert words in said
    pdf.write_bytes(b"no PDF")
    with pytest.raises(InputError, match="expected a PDF"):
        found()
    pdf.unlink()
    shutil.rmtree(tree / "data/results")
    said = "\n".join(found())
    assert "me.pdf is missing" in said and "has no results" in said


def test_the_phrases_of_the_template_are_those_of_the_repository() -> None:
    text = " ".join(" ".join(path.read_text().split()) for path in (ROOT / "report/coursework").rglob("*.tex"))
    assert all(phrase in text for phrase in precheck.TEMPLATE)


def test_an_assignment_is_exported_with_its_questions_and_nothing_of_the_lecturer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    out = tmp_path / "out"
    paths = assign.export(out)
    assert {path.as_posix() for path in paths} == {
        path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()
    }
    asked = yaml.safe_load((out / "config/assignment.yaml").read_text())
    text = (out / "report/coursework/sections/results.tex").read_text()
    for question in asked["questions"]:
        assert f"\\label{{sec:{question['name']}}}" in text and f"({question['points']} points)" in text
        assert f"**{question['name']}**" in (out / "ASSIGNMENT.md").read_text()
    monkeypatch.chdir(out)
    made = configuration.load("config/coursework.yaml")
    assert made.title == asked["title"] and not made.declaration.accepted
    assert {"kepler_orbits"} <= set(made.experiments) and {"kepler_invariants"} <= set(made.figures)
    monkeypatch.chdir(ROOT)
    with pytest.raises(InputError, match="expected a new folder"):
        assign.export(out)
    hidden = Path("config/assignment.yaml").read_text().replace("points: 15", "points: 15\n    visibility: hidden")
    (tmp_path / "hidden.yaml").write_text(hidden)
    assign.export(tmp_path / "other", tmp_path / "hidden.yaml")
    assert "kepler_orbits" in hidden
    texts = [path.read_text() for path in (tmp_path / "other").rglob("*") if path.is_file()]
    assert not any("kepler" in text or "hidden" in text for text in texts)
