"""Pieces of MyST Markdown: escaped text, tables, links, and citations of report/references.bib."""

import html
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~])")
DASH = "\N{EN DASH}"
KEY = re.compile(r"@(\w+)((?:, [^;\]]+)?)")


def escape(text: str) -> str:
    """Escape the special characters of Markdown, except in `code`."""
    parts = re.split(r"(`[^`\n]+`)", text)
    return "".join(part if k % 2 else SPECIAL.sub(r"\\\1", part) for k, part in enumerate(parts))


def prose(text: str) -> str:
    """Escape a text in LaTeX, except its formulas in dollar signs; paragraphs are separated by empty lines."""
    parts = re.split(r"(\$[^$]+\$)", text)
    return "".join(part if k % 2 else escape(part) for k, part in enumerate(parts))


def code(text: str) -> str:
    """Inline code, also of a text with backquotes or a pipe in a table."""
    return "<code>" + html.escape(text).replace("|", "&#124;").replace("\\", "&#92;") + "</code>" if text else ""


def fenced(text: str, language: str = "") -> str:
    """A block of code."""
    return f"````{language}\n{text.rstrip()}\n````"


def directive(name: str, argument: str = "", body: str = "", **options: str) -> str:
    """A directive of MyST, which may contain others with shorter fences."""
    longest = max((len(one) for one in re.findall(r"^:{3,}", body, re.M)), default=2)
    fence = ":" * (longest + 1)
    lines = [
        f"{fence}{{{name}}} {argument}".rstrip(),
        *(f":{key.replace('_', '-')}: {v}" for key, v in options.items()),
    ]
    return "\n".join([*lines, *(["", body] if body else []), fence])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; cells are Markdown, without line breaks. Wide tables scroll, see static/site.css."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def link(text: str, target: str, page: str) -> str:
    """A link from `page` to the page or file `target`, both relative to the root of the site's source."""
    return f"[{text}]({relative(target, page)})"


def relative(target: str, page: str) -> str:
    """The address of `target` as seen from `page`."""
    return PurePosixPath(os.path.relpath(target, PurePosixPath(page).parent)).as_posix()


def cite(reference: str, keys: Iterable[str]) -> str:
    """A footnote citation of "HLW, II.1" or "A1990; B1991", if its keys are in the bibliography."""
    known, found = set(keys), []
    for one in re.split(r"; ", reference):
        key, _, place = one.partition(", ")
        found.append(
            f"{{footcite:t}}`{key}`" + (f" ({escape(place)})" if place else "") if key in known else escape(one)
        )
    return "; ".join(found)


def cite_pandoc(text: str) -> str:
    """Replace the citations of a tutorial, [@HLW, II.1; @Iserles2009], by footnote citations."""

    def one(match: re.Match[str]) -> str:
        parts = [(key, place.removeprefix(", ")) for key, place in KEY.findall(match[1])]
        return "; ".join(f"{{footcite:t}}`{key}`" + (f" ({place})" if place else "") for key, place in parts)

    return re.sub(r"\[(@[^]]+)\]", one, text)


def toctree(pages: Iterable[str], hidden: bool = True) -> str:
    """The list of the pages below a page, which makes the navigation."""
    return "```{toctree}\n" + ":hidden:\n" * hidden + "\n" + "\n".join(pages) + "\n```"


def page(title: str, *parts: str, footnotes: bool = False, meta: Mapping[str, str] | None = None) -> str:
    """A page: title, then its non-empty parts; with the full references of its citations at the end."""
    front = "".join(f"{key}: {value}\n" for key, value in (meta or {}).items())
    head = [f"---\n{front}---\n" if front else "", f"# {title}"]
    tail = ["## References", "```{footbibliography}\n```"] if footnotes else []
    return "\n\n".join(part for part in [*head, *parts, *tail] if part).lstrip() + "\n"
