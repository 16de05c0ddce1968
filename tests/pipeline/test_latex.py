"""Numbers and text as they stand in the report."""

import math
import shutil
import subprocess

import pytest

from geoflow.pipeline import latex
from geoflow.pipeline.numbers import settings


@pytest.mark.parametrize(
    "value, text",
    [
        (2.34567, "2.35"),
        (0.9996, "1.00"),
        (0.05, "0.0500"),
        (-123.456, "-123"),
        (1.23456e-4, r"1.23\cdot 10^{-4}"),
        (9.999e-4, "0.00100"),
        (123456.7, r"1.23\cdot 10^{5}"),
        (4.0, "4"),
        (200000.0, r"200\,000"),
        (math.inf, r"\infty"),
    ],
)
def test_a_number_has_three_significant_digits(value, text):
    assert latex.number(value) == rf"\ensuremath{{{text}}}"


def test_a_value_of_the_config_is_printed_as_it_was_given():
    texts = [latex.exact(value) for value in (0.05, 1e-10, 2.5e-8, 200_000, 0.6, 1.0)]
    inside = ["0.05", "10^{-10}", r"2.5\cdot 10^{-8}", r"200\,000", "0.6", "1"]
    assert texts == [rf"\ensuremath{{{text}}}" for text in inside]


def test_other_formats():
    assert latex.percent(0.9731) == r"\ensuremath{97.3\,\%}"
    assert latex.integer(1234.6) == r"\ensuremath{1235}"
    assert latex.fixed(3.14159) == r"\ensuremath{3.14}"
    assert latex.percent(math.nan) == "--"


def test_plain_text_is_printed_as_it_is():
    assert latex.escape("50 % of A_b <= {x} & h^2") == (r"50 \% of A\_b \ensuremath{\le} \{x\} \& h\textasciicircum{}2")


def test_nested_values_have_flat_names():
    values = {"problem": {"name": "henon_heiles", "energy": 0.1}, "steps": [10, 20], "on": True}
    assert dict(settings(values)) == {
        "problem/name": r"henon\_heiles",
        "problem/energy": r"\ensuremath{0.1}",
        "steps": r"\ensuremath{10}, \ensuremath{20}",
        "on": "True",
    }


def test_runs_are_told_apart_by_their_method():
    runs = [{"method": "rk4", "h": 1}, {"method": "rk4", "h": 2}, {"method": "gautschi", "h": 3}]
    found = dict(settings({"runs": runs}))
    assert found["runs/rk4/h"] == r"\ensuremath{1}"
    assert found["runs/rk4_2/h"] == r"\ensuremath{2}"
    assert found["runs/gautschi/h"] == r"\ensuremath{3}"


@pytest.mark.tex
@pytest.mark.skipif(not shutil.which("latexmk"), reason="latexmk is not installed")
@pytest.mark.parametrize(
    "body, finding",
    [(r"\undefinedmacro", "main.tex:3: Undefined control sequence"), (r"\includegraphics{none}", "none")],
)
def test_a_latex_mistake_shows_its_line_and_keeps_the_old_pdf(tmp_path, request, body, finding):
    main, out = tmp_path / "main.tex", tmp_path / "report.pdf"
    start = "\\documentclass{article}\\usepackage{graphicx}\n\\begin{document}\n"
    main.write_text(f"{start}{body}\n\\end{{document}}\n")
    out.write_text("old")
    script = request.config.rootpath / "workflow/scripts/latex.sh"
    command = ["bash", str(script), str(main), str(out)]
    failed = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert failed.returncode == 1
    assert finding in failed.stderr
    assert out.read_text() == "old"
    main.write_text(f"{start}Well.\n\\end{{document}}\n")
    subprocess.run(command, check=True, cwd=tmp_path)
    first = out.read_bytes()
    subprocess.run(command, check=True, cwd=tmp_path)
    assert out.read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["main.tex", "report.pdf"]
