"""The own text and code of submissions: words, imports, and how similar two of them are."""

import ast
import re
import sys
import zipfile
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

OWN = "report/coursework/"
LONGEST = 1_000_000  # bytes of a file
MOST = 5000  # lines of a submission that are compared
REPORTED = 0.3  # least similarity of a pair in the list


def own_texts(archive: Path) -> dict[str, str]:
    """Name -> text of the student's LaTeX and Python files, which `unpack.check` has accepted."""
    found = {}
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            own = member.filename.startswith(OWN) and member.filename.endswith((".tex", ".py"))
            if own and member.file_size <= LONGEST:
                found[member.filename] = opened.read(member).decode("utf-8", errors="replace")
    return found


def word_count(texts: Mapping[str, str]) -> int:
    """Number of words of the LaTeX files, without commands, formulas and comments."""
    plain = " ".join(text for name, text in texts.items() if name.endswith(".tex"))
    plain = re.sub(r"(?<!\\)%.*|\$[^$]*\$|\\[A-Za-z]+\*?(\[[^\]]*\])?", " ", plain)
    return len(re.findall(r"[A-Za-z][A-Za-z'-]+", plain))


def foreign_imports(texts: Mapping[str, str], allowed: Collection[str]) -> list[str]:
    """Packages that the code imports, except the standard library, geoflow, its own modules and those allowed."""
    found: set[str] = set()
    for text in (text for name, text in texts.items() if name.endswith(".py")):
        try:
            nodes = list(ast.walk(ast.parse(text)))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        for node in nodes:
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    own = {part for name in texts for part in Path(name).with_suffix("").parts}
    return sorted(found - set(sys.stdlib_module_names) - own - {"geoflow", *allowed})


def similar(submissions: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str, float]]:
    """Pairs of submissions whose own lines are similar, the most similar first; 1 means that they are equal."""
    template = {
        line for path in Path(OWN).rglob("*") if path.suffix in (".tex", ".py") for line in _lines(path.read_text())
    }
    lines = {
        student: [line for _, text in sorted(texts.items()) for line in _lines(text) if line not in template][:MOST]
        for student, texts in submissions.items()
    }
    found = []
    for one, other in combinations(sorted(lines), 2):
        matcher = SequenceMatcher(None, lines[one], lines[other], autojunk=False)
        share = matcher.ratio() if lines[one] and matcher.quick_ratio() >= REPORTED else 0.0
        if share >= REPORTED:
            found.append((one, other, share))
    return sorted(found, key=lambda pair: -pair[2])


def _lines(text: str) -> list[str]:
    """Sentences of a text and lines of code, without what a change of the layout alters."""
    parts = re.split(r"(?<=[.!?])\s+|\n", text)
    return [plain for part in parts if len(plain := " ".join(part.lower().split())) > 12]
