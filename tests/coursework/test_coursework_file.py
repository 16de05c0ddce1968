"""config/coursework.yaml: each mistake is one sentence with the way out."""

from pathlib import Path

import pytest
from build_submission import check

from geoflow.coursework.configuration import Coursework, chosen, load
from geoflow.ground.errors import InputError

EXPERIMENTS = ["harmonic_oscillator", "kepler_orbits"]
FIGURES = {"harmonic_oscillator": ("harmonic_oscillator",), "kepler_invariants": ("kepler_orbits",)}
PLAIN = """
identifier: me-1
title: Orbits
author: Candidate 1
declaration: {text: It is mine., accepted: true}
experiments: [harmonic_oscillator]
figures: [kepler_invariants]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(folder: Path, text: str) -> Coursework:
    (folder / "c.yaml").write_text(text)
    return load("c.yaml")


def refusal(folder: Path, old: str = "", new: str = "", scale: str = "default") -> str:
    assert old in PLAIN
    with pytest.raises(InputError) as caught:
        check(loaded(folder, PLAIN.replace(old, new)), "c.yaml", scale, EXPERIMENTS, FIGURES)
    sentence = str(caught.value)
    assert sentence.startswith("c.yaml: ")
    assert "\n" not in sentence
    return sentence


def test_a_complete_coursework_is_accepted(folder: Path) -> None:
    check(loaded(folder, PLAIN), "c.yaml", "default", EXPERIMENTS, FIGURES)


def test_the_experiments_that_a_figure_draws_come_along(folder: Path) -> None:
    assert chosen(loaded(folder, PLAIN), FIGURES) == EXPERIMENTS


def test_the_shipped_file_needs_only_its_declaration_accepted() -> None:
    from geoflow.studies import FIGURES as drawn

    root = Path(__file__).parents[2]
    asked = load("config/coursework.yaml", root)
    names = [path.stem for path in (root / "config/experiment").glob("*/*.yaml")]
    figures = {name: figure.experiments for name, figure in drawn.items()}
    asked.package = ""  # a path of the tree, where this test may not run
    with pytest.raises(InputError, match="declaration is not accepted"):
        check(asked, "c.yaml", "default", names, figures)
    asked.declaration.accepted = True
    check(asked, "c.yaml", "default", names, figures)


@pytest.mark.parametrize(
    "old, new, why",
    [
        ("accepted: true", "accepted: false", "the declaration is not accepted; read it"),
        ("It is mine.", "' '", "the declaration is not accepted"),
        ("me-1", "../me", "identifier: expected up to 64 letters"),
        ("Orbits", "''", "title: expected some text"),
        ("Candidate 1", "' '", "author: expected some text"),
        ("[harmonic_oscillator]", "[]", "experiments: expected at least one name"),
        ("[harmonic_oscillator]", "[harmonic_oscilator]", "did you mean 'harmonic_oscillator'?"),
        ("[kepler_invariants]", "[kepler_invariant]", "did you mean 'kepler_invariants'?"),
        ("title", "package: nowhere\ntitle", "package: expected a folder, but 'nowhere' is not one"),
        ("title", "package: ../..\ntitle", "package: the path '../..' climbs out"),
    ],
)
def test_what_cannot_be_handed_in_is_said(folder: Path, old: str, new: str, why: str) -> None:
    assert why in refusal(folder, old, new)


def test_a_rehearsal_is_not_handed_in_unless_the_file_allows_it(folder: Path) -> None:
    assert "scale smoke is not accepted" in refusal(folder, scale="smoke")
    allowed = loaded(folder, PLAIN + "scales: [smoke]\n")
    check(allowed, "c.yaml", "smoke", EXPERIMENTS, FIGURES)


@pytest.mark.parametrize(
    "text, why",
    [
        (PLAIN.replace("title", "titel"), "unknown key 'titel'; did you mean 'title'?"),
        (PLAIN.replace("accepted", "acepted"), "'declaration.acepted'; did you mean 'accepted'?"),
        (PLAIN.replace("title: Orbits", ""), "expected a value for title"),
        (PLAIN.replace("accepted: true", "accepted: perhaps"), "accepted"),
        (PLAIN + "scales: default\n", "scales"),
        ("identifier: [", "expected YAML"),
        ("- a\n- b\n", "expected keys and values"),
        ("a: &a [1, 1]\nb: [*a, *a]\n", "an alias"),
        (PLAIN.replace("Orbits", "${oc.env:HOME}"), "an interpolation"),
        (PLAIN.replace("Orbits", r'"\x24{oc.env:HOME}"'), "an interpolation"),
        (PLAIN.replace("accepted: true", r'accepted: "\x24\x7boc.env:HOME}"'), "an interpolation"),
        (PLAIN.replace("Orbits", "2020-13-45"), "expected YAML"),
        (PLAIN.replace("Orbits", "1" * 5000), "expected YAML"),
        (PLAIN.replace("Orbits", "!!bool x"), "expected YAML"),
        (PLAIN.replace("Orbits", "!!python/name:os.system"), "expected YAML"),
        (PLAIN.replace("Orbits", "2020-01-01"), "title"),
        ("[" * 5000, "expected plain values"),
    ],
)
def test_a_file_that_does_not_fit_the_schema_is_refused(
    folder: Path, text: str, why: str
) -> None:  # fmt: skip
    with pytest.raises(InputError) as caught:
        loaded(folder, text)
    assert why in str(caught.value)


@pytest.mark.parametrize("path", ["/etc/passwd", "../c.yaml", "none.yaml"])
def test_a_file_that_is_not_in_the_tree_is_refused(folder: Path, path: str) -> None:
    with pytest.raises(InputError, match="--config coursework="):
        load(path)
