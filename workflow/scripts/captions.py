"""The captions of the figures for Snakemake's own report, extracted from the LaTeX text.

Numbers are the same as in the PDF.
"""

import re
from collections.abc import Iterator, Mapping

from geoflow.ground import InputError

# kind, format, experiment, key
MACRO = re.compile(r"\\(result|setting)(?:\[(\w+)\])?\{([^}]*)\}\{([^}]*)\}")
FORMATS = ("number", "percent", "integer", "fixed")
ACCENTS = {r"\"o": "ö", r"\"u": "ü", r"\"a": "ä", r"\'e": "é", r"\'o": "ó"}


def captions(text: str) -> Iterator[tuple[str, str]]:
    """(name, caption) of every figure in LaTeX text."""
    for found in re.finditer(r"\\geofigure(?:\[\w+\])?\{(\w+)\}\{", text):
        yield found[1], _braced(text, found.end())


def _braced(text: str, start: int) -> str:
    """The text from `start` up to the matching closing brace."""
    depth = 1
    for end in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if not depth:
            return text[start:end]
    raise InputError(f"expected a closing brace after {text[start : start + 40]!r}.")


def known_numbers(text: str) -> dict[str, str]:
    """ "experiment/key@format" -> LaTeX, from the macros that the report reads."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        start = re.match(r"\\geoflow@(result|setting)\{([^}]*)\}\{", line)
        if start and not line.startswith(r"\newcommand"):
            at, values = start.end(), []
            while at < len(line):
                values.append(_braced(line, at))
                at += len(values[-1]) + 2
            names = FORMATS if start[1] == "result" else ("setting",)
            found |= {f"{start[2]}@{name}": value for name, value in zip(names, values, strict=True)}
    return found


def write_restructured(caption: str, numbers: Mapping[str, str]) -> str:
    """Convert LaTeX to reStructuredText: formulas become math roles, macros become their values."""

    def number(match: re.Match[str]) -> str:
        kind = "setting" if match[1] == "setting" else match[2] or "number"
        return numbers.get(f"{match[3]}/{match[4]}@{kind}", "?")

    text = MACRO.sub(number, caption)
    text = re.sub(r"\\(?:setup|printed|ensuremath)\{((?:[^{}]|\{[^{}]*\})*)\}", r"\1", text)
    parts = re.split(r"\$([^$]*)\$", text)
    for k, part in enumerate(parts):
        parts[k] = f":math:`{part}`" if k % 2 else _plain(part)
    return " ".join("".join(parts).split()) + "\n"


def _plain(text: str) -> str:
    for accent, letter in ACCENTS.items():
        text = text.replace(accent, letter)
    text = re.sub(r"\\cite[pt]?\[([^]]*)\]\{([^}]*)\}", r"[\2, \1]", text)
    text = re.sub(r"\\cite[pt]?\{([^}]*)\}", r"[\1]", text)
    text = re.sub(r"\\code\{([^}]*)\}", r"\1", text)
    text = re.sub(r"\\ref\{(?:fig|sec|tab):([^}]*)\}", r"\1", text)
    text = re.sub(r"\\(?:emph|textbf|textit)\{([^}]*)\}", r"*\1*", text)
    text = re.sub(r"\\eqref\{[^}]*\}", "the formula in the text", text)
    text = re.sub(r"\\([%&_#])", r"\1", text)
    return re.sub(r"~|\\ |\\,", " ", text)
