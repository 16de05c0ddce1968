"""Coefficients of methods as LaTeX: Butcher tableaus, pairs of them, and the factors of a splitting."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

LARGEST = 12  # more stages than this do not fit on a page
DIGITS = 12
STAGES = (
    r"\begin{aligned} Y_i &= y_n + h \sum_{j=1}^{s} a_{ij}\, f(t_n + c_j h, Y_j), \\"
    r" y_{n+1} &= y_n + h \sum_{i=1}^{s} b_i\, f(t_n + c_i h, Y_i) \end{aligned}"
)
PAIR = (
    r"\begin{aligned} Q_i &= q_n + h \sum_j a_{ij} T'(P_j), & P_i &= p_n - h \sum_j \hat a_{ij} U'(Q_j), \\"
    r" q_{n+1} &= q_n + h \sum_i b_i T'(P_i), & p_{n+1} &= p_n - h \sum_i \hat b_i U'(Q_i) \end{aligned}"
)


def number(text: str) -> str:
    """A coefficient: 1/2 as a fraction, a decimal number rounded to DIGITS digits."""
    fraction = re.fullmatch(r"(-?)(\d+)/(\d+)", text)
    if fraction:
        return rf"{fraction[1]}\tfrac{{{fraction[2]}}}{{{fraction[3]}}}"
    if "." not in text:
        return text
    mantissa, _, exponent = f"{float(text):.{DIGITS}g}".partition("e")
    return mantissa + (rf"\cdot 10^{{{int(exponent)}}}" if exponent else "")


def tableau(A: Sequence[Sequence[str]], b: Sequence[str], c: Sequence[str]) -> str:
    """A Butcher tableau: c | A above b; zeros on and above the diagonal are left blank if the method is explicit."""
    explicit = all(x == "0" for i, row in enumerate(A) for x in row[i:])
    rows = []
    for i, row in enumerate(A):
        shown = ["" if explicit and j >= i else number(x) for j, x in enumerate(row)]
        rows.append(" & ".join([number(c[i]), *shown]) + r" \\")
    last = " & ".join(["", *map(number, b)])
    columns = "c|" + "c" * len(b)
    body = "\n".join([*rows, r"\hline", last])
    return rf"\renewcommand{{\arraystretch}}{{1.35}}\begin{{array}}{{{columns}}}" + f"\n{body}\n" + r"\end{array}"


def splitting(substeps: Sequence[tuple[str, str]]) -> str:
    """The composition of the substeps, the first one on the right: phi^B_{b h} o phi^A_{a h}."""
    factors = [rf"\varphi^{{{part}}}_{{{_times_h(x)}}}" for part, x in reversed(substeps)]
    return r"\Phi_h = " + r" \circ ".join(factors)


def _times_h(x: str) -> str:
    return {"1": "h", "-1": "-h"}.get(x, f"{number(x)}\\,h")


def display(facts: Mapping[str, Any]) -> tuple[str, str]:
    """(formula of the family, coefficients) of a method as LaTeX, each "" if there is none; facts: of `describe`."""
    if "A" in facts:
        pair = "A_hat" in facts
        if len(facts["b"]) > LARGEST:
            return (PAIR if pair else STAGES), ""
        shown = tableau(facts["A"], facts["b"], facts["c"])
        if pair:
            hat = facts["A_hat"]
            sums = ["" for _ in hat]
            shown = rf"{shown} \qquad {tableau(hat, facts['b_hat'], sums)}"
        return (PAIR if pair else STAGES), shown
    if "substeps" in facts:
        steps = facts["substeps"]
        return r"\Phi_h = \varphi_{a_m h} \circ \cdots \circ \varphi_{a_1 h}", splitting(steps) if len(
            steps
        ) <= 5 else ""
    return "", ""
