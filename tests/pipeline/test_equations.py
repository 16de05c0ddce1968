"""Every entry of the tables can be shown as text, as HTML and in LaTeX, with its exact coefficients."""

import re
from fractions import Fraction

import mpmath
import pytest
from equations import SHOWN, html, latex, number
from matplotlib.mathtext import MathTextParser
from typeset import typeset

from geoflow import LAYERS, METHODS, POTENTIALS, PROBLEMS

SHORT = [name for name in METHODS if METHODS[name].tableau and METHODS[name].stages <= SHOWN]
PART = re.compile(r"([+-]?)(?:\\frac\{(\d*)(?:\\sqrt\{(\d+)\})?\}\{(\d+)\}|(\d*)\\sqrt\{(\d+)\}|(\d+))")


def value(shown):
    """The number that a cell shows, and how far it may be from the coefficient."""
    text = shown.replace(" ", "")
    if text.endswith(r"\ldots"):
        digits = text.removesuffix(r"\ldots")
        return mpmath.mpf(digits), mpmath.mpf(10) ** -len(digits.partition(".")[2])
    assert PART.sub("", text) == "", f"not a number: {shown}"
    total = mpmath.mpf(0)
    for sign, above, root, below, factor, alone, whole in PART.findall(text):
        size = mpmath.mpf(above or factor or whole or 1) * mpmath.sqrt(int(root or alone or 1)) / int(below or 1)
        total += -size if sign == "-" else size
    return total, mpmath.mpf(10) ** -44


@pytest.mark.parametrize("name", SHORT)
def test_the_tableau_in_latex_has_the_coefficients_of_the_method(name):
    method, zero = METHODS[name], Fraction(0)
    text = re.sub(r"^.*\{c\|c+\}|\\hline|\\end\{array\}\$", "", latex(method))
    *rows, weights = [[cell.strip() for cell in row.split("&")] for row in text.split(r"\\")]
    wanted = [
        [c, *(row[:i] if method.explicit else row)] for i, (c, row) in enumerate(zip(method.c, method.A, strict=True))
    ]
    with mpmath.workdps(50):
        for cells, numbers in zip([*rows, weights[1:]], [*wanted, method.b], strict=True):
            for cell, x in zip(cells, numbers, strict=True):
                shown, error = value(cell)
                exact = mpmath.mpf(x.numerator) / x.denominator if isinstance(x, int | Fraction) else x
                assert abs(shown - exact) <= error, f"{name}: {cell} is not {x}"
    if method.explicit:
        assert all(a == zero for i, row in enumerate(method.A) for a in row[i:])


def test_square_roots_and_fractions_are_exact_and_other_numbers_are_truncated():
    assert number(Fraction(-5, 12)) == r"- \frac{5}{12}"
    with mpmath.workdps(50):
        assert number((3 - mpmath.sqrt(3)) / 6) == r"\frac{1}{2}-\frac{\sqrt{3}}{6}"
        assert number(1 / mpmath.sqrt(2)) == r"\frac{\sqrt{2}}{2}"
        assert number(2 ** (mpmath.mpf(1) / 3)) == r"1.2599210\ldots"
        thirty_digits = mpmath.mpf("0.333333333333333333333333333333")
        assert number(thirty_digits) == r"0.333333333\ldots", "a decimal of thirty digits is not 1/3"
    assert number(0.1) == "0.1"


@pytest.mark.parametrize("name", METHODS)
def test_every_method_shows_itself_as_text_html_and_latex(name):
    method = METHODS[name]
    assert repr(method).startswith(f"<{type(method).__name__} {name!r}: order {method.order}, ")
    text, paragraphs = latex(method), html(method)
    assert paragraphs.count("<p>") == 2 and text.replace("&", "&amp;") in paragraphs
    assert text.count("$") % 2 == 0 and text.count("{") == text.count("}")
    if method.substeps:
        assert text.count(r"\varphi") == min(len(method.substeps), SHOWN - 1 + (len(method.substeps) == SHOWN))


ENTRIES = [*PROBLEMS.items(), *((name, POTENTIALS[name]()) for name in POTENTIALS)]
RULES = [(name, method) for name, method in METHODS.items() if not method.coefficients]


@pytest.mark.parametrize(("name", "entry"), [*ENTRIES, *RULES], ids=[name for name, _ in [*ENTRIES, *RULES]])
def test_the_formulas_of_docstrings_can_be_set(name, entry):
    """By matplotlib, which knows the part of LaTeX that formulas in a line use."""
    text = latex(entry)
    assert name in repr(entry) and text.split("\n\n")[0].replace("<", "&lt;") in html(entry)
    formulas = re.findall(r"\$[^$]+\$", text)
    assert formulas or name == "imex"
    for formula in formulas:
        MathTextParser("path").parse(formula)


@pytest.mark.parametrize("name", LAYERS)
def test_the_formula_of_every_layer_can_be_set(name):
    for formula in re.findall(r"\$[^$]+\$", typeset(LAYERS[name].formula)):
        MathTextParser("path").parse(formula)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("q'' = -q/|q|^3 in the plane (HLW I.2.2).", "$q'' = -q/|q|^{3}$ in the plane (HLW I.2.2)."),
        ("H = p1^2/2 - sin omega t: a kick.", r"$H = p_{1}^{2}/2 - \sin \omega t$: a kick."),
        ("E = strength (x1, x2) / R^3, R > 0", r"$E = \operatorname{strength} (x_{1}, x_{2}) / R^{3}, R > 0$"),
        ("y' = a(y) x y; rotate a vector by q_(n+1).", r"$y' = a(y) \times y$; rotate a vector by $q_{n+1}$."),
        ("sqrt((1+e)/(1-e)) <= `width` of A.", r"$\sqrt {(1+e)/(1-e)} \leq$ width of $A$."),
    ],
)
def test_words_and_formulas_of_a_docstring_are_told_apart(text, wanted):
    assert typeset(text) == wanted
