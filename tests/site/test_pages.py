"""The pages of the site as Markdown, which need no other packages than those of the default set-up."""

import json
import re
from pathlib import Path

import make_site
import pytest
from website.entries import gather_one
from website.entry_pages import entry_page, findings
from website.experiment_pages import math
from website.gallery import markdown_caption
from website.guides import PAGES, turn_links
from website.markdown import DASH, cite, cite_pandoc, escape, prose, relative
from website.material import Material

from geoflow.ground.errors import InputError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def material(tmp_path_factory):
    """No results, and the facts of three entries."""
    facts = tmp_path_factory.mktemp("facts")
    for kind, names in {"methods": ["rk4"], "problems": ["kepler"], "potentials": ["huber"], "layers": []}.items():
        (facts / f"{kind}.json").write_text(json.dumps([gather_one(kind, name) for name in names]))
    return Material(facts / "none", (), (), facts)


def test_the_page_of_a_method_has_tableau_findings_picture_and_source(material):
    text = entry_page("methods", material.entries["methods"]["rk4"], material, "methods/rk4.md")
    assert text.startswith("# rk4\n")
    assert r"\frac{1}{6} & \frac{1}{3} & \frac{1}{3} & \frac{1}{6}" in text
    assert "| order | 4 | 4 | 4.00" in text
    assert "{footcite:t}`Kutta1901`" in text and "{footbibliography}" in text
    assert "../pictures/methods/rk4.png" in text
    assert "| contractivity radius $r$ (non-expansive for $h \\le 2r/L$) | 1 |" in text
    assert "Elementary weights" in text


def test_the_pages_of_a_problem_and_a_potential_have_their_facts(material):
    kepler = entry_page("problems", material.entries["problems"]["kepler"], material, "problems/kepler.md")
    assert "| invariants | energy, angular\\_momentum |" in kepler
    assert "$q'' = -q/|q|^{3}$ in the plane" in kepler and "{footcite:t}`HLW`" in kepler
    huber = entry_page("potentials", material.entries["potentials"]["huber"], material, "potentials/huber.md")
    assert "Lipschitz constant $L$ of the gradient | 1 |" in huber


def test_every_picture_is_a_png(material):
    for kind in ("methods", "problems", "potentials"):
        for entry in material.entries[kind].values():
            assert entry["picture"].startswith("iVBORw0KGgo")


def test_an_error_that_the_check_finds_is_shown_as_a_warning():
    row = {"quantity": "order", "declared": "5", "derived": "4", "measured": "", "wrong": "order is 4"}
    assert "{warning}" in findings([row]) and "no disagreement" not in findings([row])
    assert "no disagreement" in findings([row | {"wrong": ""}])


def test_text_is_escaped_except_in_code():
    assert escape("a_b |x|^2 < `c_d` $5") == r"a\_b \|x\|^2 \< `c_d` \$5"


def test_formulas_in_prose_are_not_escaped():
    assert prose("a_b is $x_1 | y$ here") == r"a\_b is $x_1 | y$ here"


def test_citations_become_footnotes_if_the_bibliography_has_their_keys():
    assert cite("HLW, II.1; Nobody1900", {"HLW"}) == "{footcite:t}`HLW` (II.1); Nobody1900"
    assert cite_pandoc("So [@HLW, II.1; @Sherry2024].") == "So {footcite:t}`HLW` (II.1); {footcite:t}`Sherry2024`."


def test_numbers_and_captions_of_the_report_become_markdown():
    assert math(r"\ensuremath{1.2\cdot 10^{-15}} \ensuremath{\pm} --") == r"$1.2\cdot 10^{-15}$ $\pm$ " + DASH
    assert (
        markdown_caption("Error of rk_4, :math:`h = 1`: it *errs*.\n") == "Error of rk\\_4, {math}`h = 1`: it *errs*."
    )


def test_every_link_of_the_guides_leads_to_a_page_or_names_a_file():
    """A link to a file that is no page would be broken in the site."""
    for source, target in PAGES.items():
        text = turn_links((ROOT / source).read_text(), source, target)
        words = re.sub(r"^```.*?^```$|`[^`]*`", "", text, flags=re.M | re.S)
        for address in re.findall(r"(?<!!)\[[^]]*\]\(([^)\s#]+)", words):
            local = [relative(page, target) for page in PAGES.values()]
            assert re.match(r"https?:", address) or address in local or address.endswith(".ipynb"), (source, address)
    assert turn_links("[a](src/geoflow/cli.py) and [b](LICENSE)", "README.md", "index.md") == (
        "a (`src/geoflow/cli.py`) and b (`LICENSE`)"
    )


def test_a_missing_package_of_the_site_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.setattr(make_site, "PACKAGES", ("json", "no_such_package"))
    with pytest.raises(InputError, match=r"the package no_such_package, .* run make site"):
        make_site.require_packages()


def test_every_page_of_the_repository_is_part_of_the_site():
    assert {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md")} <= PAGES.keys()
    for file in PAGES:
        assert (ROOT / file).is_file()
