"""Say what a marker will see, before the archive is handed in: geoflow precheck.

Reads the text, the configuration, the existing results and the PDF; computes nothing. Returns 1 if anything is found.
"""

import argparse
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import assignment as lecturer
from composed import experiments
from own_work import OWN, foreign_imports, word_count
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from geoflow.coursework import configuration
from geoflow.ground import InputError, Results
from geoflow.ground.sentences import exit_status
from geoflow.pipeline.checking import require_known
from geoflow.pipeline.claims import judge
from geoflow.pipeline.run import code
from geoflow.pipeline.whole import RESULTS, Findings
from geoflow.pipeline.written import experiment_files
from geoflow.studies import FIGURES

LARGEST = 20_000_000  # bytes of an archive, above which many systems for coursework refuse it
TEMPLATE = (
    "One paragraph: the question, the method and the result.", "State the problem and the known results, with sources.",
    "describe each panel here, and state what the reader should see", "Discuss what the results mean, what they do not",
)  # fmt: skip
TYPED = re.compile(r"(?<![\w.{/])\d+\.\d+(?![\w.]|\s*(?:\\|pt|cm|mm|em|in\b))|(?<![\w.{])\d+(?=\s*\\%)")
NAMED = r"\\(?:result|setting|ref|label|cite\w*|input|eqref|url|href)\*?(?:\[[^\]]*\])*(?:\{[^}]*\})+"


def own_files() -> dict[str, str]:
    """Path -> text of the student's LaTeX and Python files."""
    found = sorted(path for path in Path(OWN).rglob("*") if path.suffix in (".tex", ".py"))
    return {path.as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in found}


def check_results(asked: configuration.Coursework, scale: str) -> Iterator[str]:
    """Results that are missing or stale, and claims that fail."""
    drawn = {name: figure.experiments for name, figure in FIGURES.items()}
    names = configuration.chosen(asked, drawn)
    for name in names:
        require_known("experiments", "experiment", name, experiment_files())
    for one in experiments(scale, names).values():
        folder, findings = RESULTS / scale / one.name, Findings()
        findings.check_results(folder, one, lambda one=one: code(f"{one.stage}/{one.study}", one.values))  # type: ignore[misc]
        yield from findings.sentences()
        if not (folder / "summary.parquet").exists():
            yield f"{folder} has no results; the build of the archive computes them."
        elif not findings.wrong:
            rows = [judge(one.name, claim, Results(folder).summary) for claim in one.claims]
            yield from (
                f"claim {row['name']} of {one.name} fails: {row['sentence']}" for row in rows if not row["holds"]
            )
    for name in asked.figures:
        require_known("figures", "figure", name, FIGURES)


def check_text(texts: Mapping[str, str]) -> Iterator[str]:
    """Sentences of the template, typed numbers, and labels and sources that do not exist."""
    tex = {path: re.sub(r"(?<!\\)%.*", "", text) for path, text in texts.items() if path.endswith(".tex")}
    whole = "\n".join(tex.values())
    labels = set(re.findall(r"\\label\{([^}]*)\}", whole)) | set(re.findall(r"\\tablecaption\{.*\}\{([^}]*)\}", whole))
    labels |= {f"fig:{name}" for name in re.findall(r"\\geofigure\{([^}]*)\}", whole)}
    sources = set(re.findall(r"^@\w+\{([^,\s]+)", Path("report/references.bib").read_text(), re.M))
    for path, text in tex.items():
        for number, line in enumerate(text.splitlines(), 1):
            where = f"{path}, line {number}"
            yield from (f"{where}: the template's text is left in: {said!r}." for said in TEMPLATE if said in line)
            for typed in TYPED.findall(re.sub(NAMED, "", line)):
                yield rf"{where}: the number {typed} is typed; \result or \setting prints it from the results."
            for label in re.findall(r"\\(?:eq)?ref\{([^}]*)\}", line):
                if label not in labels:
                    yield f"{where}: there is no label {label!r}, the PDF will show ??."
            for keys in re.findall(r"\\cite\w*(?:\[[^\]]*\])*\{([^}]*)\}", line):
                missing = [key.strip() for key in keys.split(",") if key.strip() not in sources]
                yield from (f"{where}: report/references.bib has no source {key!r}." for key in missing)


def check_pdf(path: Path) -> Iterator[str]:
    """A PDF that is missing or damaged, is older than its text, or shows ??."""
    if not path.exists():
        yield f"{path} is missing; the build of the archive makes it."
        return
    newer = [one for one in Path(OWN).rglob("*.tex") if one.stat().st_mtime > path.stat().st_mtime]
    yield from (f"{path} is older than {one}; build it again." for one in newer[:1])
    pages = [number for number, text in enumerate(pdf_texts(path), 1) if "??" in text]
    yield from (f"{path}, page {number}: shows ?? for a label or a source." for number in pages)


def pdf_texts(path: Path) -> list[str]:
    """The text of each page; raises InputError for a damaged file."""
    try:
        return [page.extract_text() for page in PdfReader(path).pages]
    except (PyPdfError, ValueError, KeyError, OSError) as error:
        raise InputError(f"{path}: expected a PDF, got {error}.") from None


def check_names(names: Sequence[str], asked: configuration.Coursework, texts: Mapping[str, str]) -> Iterator[str]:
    """Places in which a name of the author stands, for anonymous marking."""
    pdf = Path(f"submission/{asked.identifier}.pdf")
    places = {**texts, "author in the configuration": asked.author, "identifier in the configuration": asked.identifier}
    places |= {f"the path {path}": path for path in texts}
    if pdf.exists():
        places[str(pdf)] = "\n".join(pdf_texts(pdf))
        places[f"the metadata of {pdf}"] = " ".join(map(str, (PdfReader(pdf).metadata or {}).values()))
    for where, text in places.items():
        found = [name for name in names if re.search(rf"\b{re.escape(name)}\b", text, re.I)]
        yield from (f"{where}: has the name {name!r}, but marking is anonymous." for name in found)


def author_names() -> list[str]:
    """The parts of the name and of the address that git knows, of at least four letters."""
    said = [subprocess.run(["git", "config", key], capture_output=True, text=True).stdout for key in GIT]
    return sorted({word for text in said for word in re.findall(r"[^\W\d_]{4,}", text.partition("@")[0])})


GIT = ("user.name", "user.email")


def findings(coursework: Path, questions: Path, scale: str, names: Sequence[str] | None) -> Iterator[str]:
    """Yield one sentence per finding."""
    asked = configuration.load(coursework)
    wanted = lecturer.load(questions, experiment_files(), FIGURES)
    texts = own_files()
    if not asked.declaration.accepted:
        yield f"{coursework}: the declaration is not accepted; read it, then set declaration.accepted to true."
    if scale not in asked.scales:
        yield f"{coursework}: scale {scale} is not accepted, but only {', '.join(asked.scales)}."
    for question in wanted.questions:
        missing = [name for name in question.claims if name not in configuration.chosen(asked, {})]
        yield from (f"question {question.name}: {coursework} does not list the experiment {one}." for one in missing)
        missing = [name for name in question.figures if name not in asked.figures]
        yield from (f"question {question.name}: {coursework} does not list the figure {one}." for one in missing)
    yield from check_results(asked, scale)
    yield from check_text(texts)
    yield from check_pdf(Path(f"submission/{asked.identifier}.pdf"))
    if (count := word_count(texts)) > wanted.words:
        yield f"the text has {count} words; the limit is {wanted.words}."
    if foreign := foreign_imports(texts, wanted.packages):
        yield f"the own code imports packages that are not allowed: {', '.join(foreign)}."
    archive = Path(f"submission/{asked.identifier}.zip")
    if archive.exists() and (size := archive.stat().st_size) > LARGEST:
        yield f"{archive} has {size} bytes; expected at most {LARGEST}."
    if wanted.anonymous:
        yield from check_names(author_names() if names is None else names, asked, texts)


def main(words: Sequence[str]) -> int:
    """Print all findings; returns 1 if there are any."""
    parser = argparse.ArgumentParser(prog="geoflow precheck", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--coursework", type=Path, default=Path("config/coursework.yaml"))
    parser.add_argument("--assignment", type=Path, default=Path("config/assignment.yaml"))
    parser.add_argument("--scale", default="default")
    parser.add_argument("--name", action="append", help="a name to look for (default: the parts of git's user.name)")
    asked = parser.parse_args(words)
    found = list(findings(asked.coursework, asked.assignment, asked.scale, asked.name))
    print(*found, f"{len(found)} findings" if found else "nothing found", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(exit_status(lambda: main(sys.argv[2:])))
