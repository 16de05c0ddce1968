r"""Whether a PDF prints what the sources of its text say, with the numbers of its results.

The sources are read as plain text: \input, \result, \setting and the macros of the title page are replaced, and any
other command or formula ends a phrase. Every phrase of the sources must be in the PDF. Every number with a decimal
point and every line of words of the PDF must be in the sources, the bibliography or a figure.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

LONGEST = 1_000_000  # bytes of a source file
SHORTEST = 10  # characters of a phrase that is looked up
DEPTH = 8  # of files that include others
BREAK = "\0"
STYLES = r"emph|text\w{2}|texttt|code|textnormal|mbox|printed|setup|enquote|href|url"
MACRO = re.compile(r"\\newcommand\{\\(\w+)\}\{(.*)\}$", re.M)
RESULT = re.compile(r"\\geoflow@result\{([^{}]*)\}" + r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}" * 4)
SETTING = re.compile(r"\\geoflow@setting\{([^{}]*)\}\{(.*)\}$", re.M)
ORIGIN = re.compile(r"\\@namedef\{geoflow@provenance@\w+\}\{(.*)\}$", re.M)
DECIMAL = re.compile(r"\d+\.\d+")
FORMULA = re.compile(r"\$[^$]*\$|\\\[.*?\\\]|\\begin\{(equation|align|gather)(\*?)\}.*?\\end\{\1\2\}", re.S)
REFERENCE = re.compile(r"\\(?:begin|end|label|ref|eqref|pageref|cite\w*)\*?(?:\[[^\]]*\])*\{[^{}]*\}")


def compare(lines: Sequence[str], folder: Path, drawn: Sequence[str]) -> tuple[str, str]:
    """Compare the lines of a PDF with the sources and generated texts in `folder` and the lines of its figures."""
    made = folder / "generated"
    generated = {path.relative_to(made).as_posix(): _read(path) for path in made.rglob("*.tex")}
    source = _expand(_document(folder, generated), generated)
    origins = ORIGIN.findall(generated["provenance.tex"])
    phrases = [one for text in (source, *origins) for one in _phrases(text)]
    printed = squeeze(" ".join(lines))
    lacking = [one for one in phrases if len(squeeze(one)) >= SHORTEST and not _in_two_parts(squeeze(one), printed)]
    books = _read(folder / "report/references.bib")
    texts = [_formulas(source), *origins, *drawn]
    numbers = {*DECIMAL.findall(" ".join([*map(_plain, texts), books]))}
    others = sorted({*DECIMAL.findall(" ".join(lines))} - numbers)
    known, words = "|".join(map(letters, texts)), set(_words(books))
    foreign = [line for line in lines if not _explained(line, known, words)]
    for wrong, said in (
        (lacking, "does not print what its sources say"),
        (others, "prints numbers that are in no source"),
        (foreign if 10 * len(foreign) > len(lines) else [], "prints what is in no source"),
    ):
        if wrong:
            return "different", f"it {said}: {quoted(wrong)}"
    if foreign:
        return "not checked", f"look at its lines that are in no source: {quoted(foreign)}"
    return "identical", f"prints the {len(phrases)} phrases of its sources and nothing else"


def quoted(texts: Sequence[str]) -> str:
    """The first three texts, shortened, and how many more there are."""
    first = ", ".join(repr(one if len(one) < 60 else one[:57] + "...") for one in texts[:3])
    return first + (f" and {len(texts) - 3} more" if len(texts) > 3 else "")


def squeeze(text: str) -> str:
    """Letters, digits, decimal points and minus signs, in lower case: what survives hyphenation and line breaks."""
    plain = unicodedata.normalize("NFKD", text).lower()
    return "".join(re.findall(r"[a-z0-9\u2212]|(?<=\d)\.(?=\d)", plain))


def letters(text: str) -> str:
    """The letters of a text, in lower case."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", text).lower())


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]{3,}", unicodedata.normalize("NFKD", text).lower())


def _in_two_parts(phrase: str, printed: str) -> bool:
    """Whether a phrase is printed, in one piece or around the end of a page."""
    low, high = 0, len(phrase)
    while low < high:  # the longest beginning that is printed
        middle = (low + high + 1) // 2
        low, high = (middle, high) if phrase[:middle] in printed else (low, middle - 1)
    return low > 0 and phrase[low:] in printed


def _explained(line: str, known: str, words: set[str]) -> bool:
    line = re.sub(r"^(?:Figure|Table) \d+:", "", line)
    said = _words(line)
    return len(said) < 3 or letters(line) in known or all(any(one in word for word in words) for one in said)


def _document(folder: Path, generated: Mapping[str, str]) -> str:
    r"""The text between \begin{document} and its end, without comments, with all files that it includes."""

    def included(name: str, depth: int) -> str:
        path = name.removesuffix(".tex") + ".tex"
        if path.startswith("\\geoflowgenerated/"):
            return generated.get(path.removeprefix("\\geoflowgenerated/"), "")
        inside = depth < DEPTH and not path.startswith("/") and ".." not in path
        text = _read(folder / "report/coursework" / path) if inside else ""
        text = re.sub(r"(?<!\\)%.*", "", text)
        return re.sub(r"\\input\{([^{}]*)\}", lambda found: included(found[1], depth + 1), text)

    return included("main", 0).partition(r"\begin{document}")[2].partition(r"\end{document}")[0]


def _read(path: Path) -> str:
    readable = path.is_file() and path.stat().st_size <= LONGEST
    return path.read_text(encoding="utf-8", errors="replace") if readable else ""


def _expand(text: str, generated: Mapping[str, str]) -> str:
    """Replace the commands for numbers and for the title page by what they print."""
    macros = dict(MACRO.findall(generated["coursework.tex"] + generated["scale.tex"]))
    values = {f"{key}@": one for key, one in SETTING.findall(generated["numbers.tex"])}
    for key, *formats in RESULT.findall(generated["numbers.tex"]):
        names = (f"{key}@{name}" for name in ("number", "percent", "integer", "fixed"))
        values |= zip(names, formats, strict=True)

    def value(found: re.Match[str]) -> str:
        form = "" if found[1] == "setting" else found[2] or "number"
        return values.get(f"{found[3]}/{found[4]}@{form}", BREAK)

    text = re.sub(r"\\(result|setting)(?:\[(\w+)\])?\{([^{}]*)\}\{([^{}]*)\}", value, text)
    text = re.sub(r"\\(\w+)(?:\{\})?", lambda found: f" {macros[found[1]]} " if found[1] in macros else found[0], text)
    text = re.sub(r"\\geofigure(?:\[\w*\])?\{\w+\}", lambda _: BREAK, text)
    return re.sub(r"\\ensuremath\{((?:[^{}]|\{[^{}]*\})*)\}", lambda found: _number(found[1]), text)


def _number(text: str) -> str:
    return re.sub(r"\\cdot|\\,|[{}^]", "", text).replace("-", "\u2212")


def _phrases(text: str) -> list[str]:
    """The parts of a text that are printed in one piece."""
    text = REFERENCE.sub(BREAK, FORMULA.sub(BREAK, text))
    text = re.sub(r"\n\s*\n|\\\\|\\item", BREAK, text)
    return [" ".join(one.split()) for one in _plain(text).split(BREAK) if one.strip()]


def _plain(text: str) -> str:
    """Remove styles and escapes; any other command or brace becomes a break."""
    for _ in range(4):  # one inside another
        text = re.sub(rf"\\(?:{STYLES})\{{([^{{}}]*)\}}", r"\1", text)
    text = re.sub(r"\\textascii(?:circum|tilde)(\{\})?|\\[,;!\- ]|~", " ", text)
    text = re.sub(r"\\[\"'`^~=.]\{?([A-Za-z])\}?|\\([_%&#$])", r"\1\2", text)
    return re.sub(r"\\[A-Za-z@]+\*?|[{}]", BREAK, text)


def _formulas(text: str) -> str:
    """The text with the letters of its formulas and the options of its citations, without other commands."""
    text = re.sub(r"\\(?:label|ref|eqref|pageref|input|bibliography|begin|end)\{[^{}]*\}", "", text)
    text = re.sub(r"\\cite\w*((?:\[[^\]]*\])*)\{[^{}]*\}", r"\1", text)
    text = re.sub(r"\\(log|exp|sin|cos|tan|max|min|lim|sup|inf|det|ker|dim)\b", r"\1", text)
    return re.sub(r"\\[A-Za-z@]+\*?", "", text)
