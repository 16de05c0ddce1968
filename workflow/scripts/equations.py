"""Methods, problems and potentials as equations in LaTeX: coefficients, or the formulas of a docstring."""

import re
from collections.abc import Sequence
from fractions import Fraction
from html import escape
from typing import Any

import mpmath
import sympy
from typeset import typeset

from geoflow.integrators import Method, RungeKutta
from geoflow.integrators.families import Number
from geoflow.potentials import POTENTIALS
from geoflow.problems import Problem

SHOWN = 8  # rows and columns of a tableau, or flows of a splitting; the middle of a longer one is left out
LONGEST = 10**6  # numerator or denominator of an exact number
PRECISION = 50  # digits of computed coefficients


def number(x: Number) -> str:
    """Format a fraction or the root of a quadratic equation exactly, and any other number truncated to eight digits.

    A coefficient of 50 digits is a root if it solves an equation with small integer coefficients to 45 digits.
    """
    if isinstance(x, float):
        return f"{x:.10g}"
    if not isinstance(x, mpmath.mpf) and max(abs(x.numerator), x.denominator) <= LONGEST:
        return str(sympy.latex(sympy.Rational(x)))
    with mpmath.workdps(PRECISION):
        x = mpmath.mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else x
        found = mpmath.findpoly(x, 2, maxcoeff=LONGEST, tol=mpmath.mpf(10) ** (5 - PRECISION)) or [0, 0]
        c, b, a = [*found[::-1], 0][:3]
        if a == 0 != b:
            return str(sympy.latex(sympy.Rational(-c, b)))
        if b * b != 4 * a * c:  # a double root agrees with x to half of the digits only
            centre, width = sympy.Rational(-b, 2 * a), sympy.sqrt(sympy.Rational(b * b - 4 * a * c, 4 * a * a))
            sign = "-" if x < mpmath.mpf(centre.p) / centre.q else "+" if centre else ""
            return f"{sympy.latex(centre) if centre else ''}{sign}{sympy.latex(width)}"
        digits = re.match(r"-?[0.]*[1-9][\d.]{8}", mpmath.nstr(x, 40, min_fixed=-99))
    assert digits is not None
    return rf"{digits[0]}\ldots"


def abbreviated(items: Sequence[Any]) -> list[Any]:
    """Replace the middle of a long sequence by None."""
    half = SHOWN // 2
    return list(items) if len(items) <= SHOWN else [*items[:half], None, *items[1 - half :]]


def tableau(method: RungeKutta) -> str:
    """Butcher tableau as an array, without the zeros of an explicit method on and above the diagonal."""
    stages = abbreviated(range(method.stages))

    def row(start: str, entries: Sequence[Number], end: int = method.stages) -> str:
        cells = [r"\cdots" if j is None else number(entries[j]) for j in stages if j is None or j < end]
        return " & ".join([start, *cells])

    ends = {i: i if method.explicit else method.stages for i in range(method.stages)}
    rows = [r"\vdots" if i is None else row(number(method.c[i]), method.A[i], ends[i]) for i in stages]
    body = r" \\ ".join(rows) + rf" \\ \hline {row('', method.b)}"
    return rf"\begin{{array}}{{c|{'c' * len(stages)}}} {body} \end{{array}}"


def composition(substeps: Sequence[tuple[str, Number]]) -> str:
    """Composition of flows, the first one on the right, four per line."""
    flows = [rf"\varphi^{{{part}}}_{{{_times_h(x)}}}" for part, x in substeps[::-1]]
    shown = [flow or r"\cdots" for flow in abbreviated(flows)]
    lines = [r" \circ ".join(shown[i : i + 4]) for i in range(0, len(shown), 4)]
    return r"\begin{aligned} \Phi_h = {}& " + r" \\ & {}\circ ".join(lines) + r" \end{aligned}"


def _times_h(x: Number) -> str:
    shown = number(x)
    return "h" if shown == "1" else rf"({shown}) h" if re.search(r".[+-]", shown) else rf"{shown} h"


def latex(entry: Any) -> str | None:
    """LaTeX of an entry, with dollar signs around its formulas; None for a problem or potential without docstring."""
    if isinstance(entry, Method):
        if entry.substeps:
            return rf"$\displaystyle {composition(entry.substeps)}$"
        if entry.tableaus:
            labels = ("",) if entry.tableau else (r"q:\; ", r"\qquad p:\; ")
            parts = zip(labels, entry.tableaus, strict=True)
            return rf"$\displaystyle {''.join(label + tableau(one) for label, one in parts)}$"
        filters = [rule for name, rule in getattr(entry, "inner", {}).items() if name != "increment"]
        return " ".join(typeset(rule).partition("\n\n")[0] for rule in (entry.facts()["formula"], *filters))
    make = entry.make if isinstance(entry, Problem) else POTENTIALS.entries.get(entry.name)
    return make and typeset(make)


def html(entry: Any) -> str:
    """The text of an entry at the prompt, and its LaTeX in paragraphs, which a notebook sets."""
    paragraphs = [repr(entry), *filter(None, (latex(entry) or "").split("\n\n"))]
    return "".join(f"<p>{escape(one, quote=False)}</p>" for one in paragraphs)
