"""The report: its references, its numbers, its typesetting."""

import json
import os
import re
import shutil
import tokenize
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen
from zipfile import ZipFile

import pytest
from pack import pack
from typesetting import REPORT, SECTIONS, Built, lay_out, one_pass, source

from geoflow.studies import FIGURES

ROOT = REPORT.parent
tex = [
    pytest.mark.tex,
    pytest.mark.xdist_group("tex"),
    pytest.mark.skipif(shutil.which("latexmk") is None, reason="needs latexmk"),
]


def bibliography() -> set[str]:
    return set(re.findall(r"^@\w+\{(\w+),", (REPORT / "references.bib").read_text(), re.MULTILINE))


def keys_in_code() -> set[str]:
    """What `reference=` names, and every word like Yoshida1990 in a docstring or comment."""
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        found |= set(re.findall(r'reference="([^"]+)"', path.read_text()))
        with path.open("rb") as lines:
            for token in tokenize.tokenize(lines.readline):
                if token.type in (tokenize.STRING, tokenize.COMMENT):
                    found |= set(re.findall(r"\b[A-Z][A-Za-z]+(?:1[6-9]|20)\d\d\b", token.string))
    return found


def test_every_reference_in_the_code_is_in_the_bibliography() -> None:
    missing = keys_in_code() - bibliography()
    assert not missing, f"add to report/references.bib: {', '.join(sorted(missing))}"


def test_bibliography_keys_are_unique() -> None:
    keys = re.findall(r"^@\w+\{(\w+),", (REPORT / "references.bib").read_text(), re.MULTILINE)
    assert len(keys) == len(set(keys))


def dois() -> dict[str, str]:
    """Key -> DOI."""
    entries = re.findall(r"^@\w+\{(\w+),\n(.*?)^\}", (REPORT / "references.bib").read_text(), re.MULTILINE | re.DOTALL)
    return {key: doi for key, body in entries for doi in re.findall(r"^ +doi += \{(.*)\},$", body, re.MULTILINE)}


def test_most_references_have_a_doi_of_the_right_form_and_no_two_share_one() -> None:
    found = dois()
    wrong = {key: doi for key, doi in found.items() if not re.fullmatch(r"10\.\d{4,5}/[\w.:;()/-]+", doi)}
    assert not wrong
    assert len(found) > 0.75 * len(bibliography())
    assert len(set(found.values())) == len(found)


def words(title: str) -> set[str]:
    """The long words of a title, without markup and accents."""
    plain = re.sub(r"<[^>]*>|\$[^$]*\$|\\.|[{}]", "", title).lower()
    return {word for word in re.findall(r"[a-z]+", plain) if len(word) > 3}


@pytest.mark.skipif("GEOFLOW_NETWORK" not in os.environ, reason="asks doi.org; set GEOFLOW_NETWORK=1")
@pytest.mark.parametrize("key, doi", dois().items())
def test_a_doi_leads_to_the_title_of_its_reference(key: str, doi: str) -> None:
    asked = Request(f"https://doi.org/{quote(doi)}", headers={"Accept": "application/vnd.citationstyles.csl+json"})
    with urlopen(asked, timeout=30) as answer:
        there = words(json.load(answer)["title"])
    entry = re.search(rf"\{{{key},\n.*?title += \{{(.*?)\}},\n", (REPORT / "references.bib").read_text(), re.DOTALL)
    assert entry is not None
    assert len(words(entry[1]) & there) >= 0.6 * len(there)


def test_equal_files_give_an_archive_of_equal_bytes(tmp_path: Path) -> None:
    report = lay_out(tmp_path)
    for name in ("one.zip", "other.zip"):
        pack(report, tmp_path / "figures", tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()
    with ZipFile(tmp_path / "one.zip") as archive:
        names = archive.namelist()
    assert names == sorted(names)
    assert {"main.tex", "supplement.tex", "geoflow.sty", "references.bib", "generated/numbers.tex"} <= set(names)


def typed_numbers(text: str) -> list[str]:
    """Decimals, powers of ten and percentages that no macro brought."""
    text = re.sub(r"(?<!\\)%.*", "", text)
    text = re.sub(r"\\(?:result|setting)(?:\[\w+\])?\{[^}]*\}\{[^}]*\}", "", text)
    text = re.sub(r"\\(?:setup|printed)\{(?:[^{}]|\{[^{}]*\})*\}", "", text)
    text = re.sub(r"\\cite[pt]?(?:\[[^\]]*\])*\{[^}]*\}", "", text)
    text = re.sub(r"\[[^\]]*\]|\{[\d.]*\\(?:text|line)width\}|\{[\d.]+(?:pt|em|mm|cm|ex)\}", "", text)
    return re.findall(r"\d+\.\d+|10\^\{?-?\d+|\d+\s*(?:\\,|~)?\s*\\%", text)


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: path.stem)
def test_no_number_is_typed(path: Path) -> None:
    typed = typed_numbers(path.read_text())
    assert not typed, f"{path.name} types {typed}: use \\result, \\setting, \\setup or \\printed"


def test_the_search_for_typed_numbers_finds_one() -> None:
    assert typed_numbers(r"the error is 0.013") == ["0.013"]
    assert typed_numbers(r"it is $3\cdot 10^{-15}$ and 97\,\%") == ["10^{-15", r"97\,\%"]
    assert not typed_numbers(r"\result{a_b}{error/rk4} of \setup{0.95} and \printed{$10^{-15}$}")


def test_every_figure_of_the_report_can_be_drawn_and_every_figure_is_shown() -> None:
    shown = set(re.findall(r"\\geofigure(?:\[\w+\])?\{(\w+)\}", source()))
    assert shown <= set(FIGURES)
    assert not set(FIGURES) - shown


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: path.stem)
def test_sources_are_ascii(path: Path) -> None:
    path.read_text(encoding="ascii")


class TestTypesetting:
    pytestmark = tex

    def test_report_and_supplement_are_typeset_by_latexmk_alone_in_an_empty_folder(self, built: Built) -> None:
        assert built.status == 0, built.log[-3000:]

    def test_no_box_is_overfull(self, built: Built) -> None:
        assert not re.findall(r"^Overfull.*", built.log, re.MULTILINE)

    def test_nothing_is_undefined(self, built: Built) -> None:
        assert not re.findall(r".*(?:undefined|multiply defined).*", built.log)

    def test_the_bibliography_has_the_cited_works(self, built: Built) -> None:
        assert built.bibliography.count(r"\bibitem") > 10
        assert "Geometric Numerical Integration" in built.bibliography

    def test_the_default_scale_has_no_watermark(self, built: Built) -> None:
        assert "is marked on the first page" not in built.log

    @pytest.mark.slow
    def test_another_scale_is_marked_on_the_title_page(self, tmp_path: Path) -> None:
        marked = one_pass(tmp_path, scale="smoke")
        assert marked.status == 0
        assert "scale smoke is marked on the first page" in marked.log

    @pytest.mark.slow
    def test_an_unknown_quantity_stops_the_typesetting(self, tmp_path: Path) -> None:
        broken = one_pass(tmp_path, without="kepler_drift/energy_exponent/rk4")
        assert broken.status != 0
        assert "energy_exponent/rk4" in broken.log
