"""The formulas of docstrings in LaTeX: `q'' = -omega^2 q_(n+1)` becomes $q'' = -\\omega^{2} q_{n+1}$."""

import inspect
import re
from itertools import accumulate, groupby
from typing import Any

GREEK = "alpha|beta|gamma|delta|epsilon|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|psi|omega"
FUNCTIONS = "sin|cos|tan|sinh|cosh|tanh|arctan|exp|log|det|max|min|sum|sqrt"
COMMAND = re.compile(rf"(?i:{GREEK})|{FUNCTIONS}|grad|eps")
NAMES = {"grad": "nabla", "eps": "varepsilon"}
SIGNS = {"<=": r"\leq ", ">=": r"\geq ", "!=": r"\neq ", "..": r"\ldots ", "->": r"\to "}
REFERENCE = r"\((?:[A-Z]\w+\d{4}|HLW)[^()]*\)"
WORD = re.compile(
    r"[`\"].*[`\"]|(?:\w-)?(?:[A-Z][a-z]+[A-Za-z]*|[a-z]{2,})(?:[-'][A-Za-z]+)*|[A-Z]{2,}|\w+'s|\d*[.,:;]+"
)


def typeset(documented: Any) -> str:
    """Put dollar signs around the formulas of a docstring, or of a text, and write them in LaTeX.

    A token is a word if it has two or more letters, is no function or Greek letter and follows no operator. The "x"
    between two factors is a vector product.
    """
    text = documented if isinstance(documented, str) else inspect.getdoc(documented) or ""
    return "\n\n".join(map(_paragraph, text.split("\n\n")))


def _paragraph(text: str) -> str:
    tokens = re.findall(rf"{REFERENCE}[.,:;]?|\S+", text)
    words, depth = [], 0
    for before, token, after in zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False):
        inside = before in ("=", "+", "-", "/") or (depth > 0 and before.endswith(","))
        words.append(
            (_is_word(token) and not (inside and token[0].isalpha())) or (token in ("a", "A") and _is_word(after))
        )
        depth = max(0, depth + (0 if words[-1] else token.count("(")) - token.count(")"))
    sentences = accumulate(before.endswith((".", ":", ";")) for before in ["", *tokens[:-1]])
    parts = []
    for (word, _), group in groupby(zip(words, sentences, tokens, strict=True), key=lambda part: part[:2]):
        said = " ".join(token for *_, token in group)
        formula = said.rstrip(".,:;")
        parts.append(said.replace("`", "") if word or not formula else f"${_latex(formula)}${said[len(formula) :]}")
    return " ".join(parts)


def _is_word(token: str) -> bool:
    bare = token.rstrip(".,:;")
    word = bare.strip("()") or token
    return bool(re.fullmatch(REFERENCE, bare) or WORD.fullmatch(word)) and not COMMAND.fullmatch(word)


def _latex(formula: str) -> str:
    text = re.sub(r"(?<=[\w')]) x (?=[\w(])", r" \\times ", formula)
    text = re.sub(r"\b([A-Za-z])(\d)\b", r"\1_\2", text)
    text = re.sub(r"([_^])\(([^()]*)\)", r"\1{\2}", text)
    text = re.sub(r"([_^])(-?\d+|[a-z]{2}\b|-?\w)(?=\W|_|$)", r"\1{\2}", text)
    text = re.sub(r"sqrt\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)", r"sqrt{\1}", text)
    text = re.sub(r"(?<![A-Za-z\\])(d?)([A-Za-z]{2,})", lambda found: _command(*found.groups()), text)
    text = re.sub(r"<=|>=|!=|\.{2,3}|->", lambda found: SIGNS[found[0][:2]], text)
    return re.sub(" +", " ", text).strip()


def _command(d: str, name: str) -> str:
    if COMMAND.fullmatch(name):
        return rf"{d}\{NAMES.get(name, name)} "
    return rf"\operatorname{{{d}{name}}}" if len(name) > 2 else f"{d}{name}"
