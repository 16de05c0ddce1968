"""The report and its supplement with made-up numbers: every macro that the sections ask for is defined here."""

import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure
from pack import pack

from geoflow.pipeline import numbers

REPORT = Path(__file__).resolve().parents[2] / "report"
SECTIONS = sorted((REPORT / "sections").rglob("*.tex"))
DOCUMENTS = [REPORT / "main.tex", REPORT / "supplement.tex"]
LONG = r"\begin{longtable}{lrrl}\toprule a & b & c & d \\ \midrule a & 1 & 2 & x \\ \bottomrule\end{longtable}"
TABLE = LONG.replace("longtable", "tabular")
BREAKING = ("headlines", "laws", "orders", "catalogue", "costs", "course")


def source() -> str:
    """All LaTeX of the report, without comments."""
    text = "\n".join(path.read_text() for path in [*DOCUMENTS, *SECTIONS])
    return re.sub(r"(?<!\\)%.*", "", text)


@dataclass(frozen=True)
class Built:
    """The typeset documents: exit status and logs of LaTeX, and what BibTeX wrote."""

    status: int
    logs: dict[str, str]
    bibliography: str

    @property
    def log(self) -> str:
        return "\n".join(self.logs.values())


def lay_out(folder: Path, scale: str = "default", without: str = "") -> Path:
    """A copy of report/ with made-up numbers and figures; `without` leaves one `experiment/key` undefined."""
    copy, figures = folder / "report", folder / "figures"
    shutil.copytree(REPORT, copy, ignore=shutil.ignore_patterns("generated", "coursework", "*.pdf", ".build-*"))
    figures.mkdir()
    named = sorted(set(re.findall(r"\\geofigure(?:\[[^]]*\])?\{(\w+)\}", source())))
    blank = Figure(figsize=(6.3, 2.5))
    blank.savefig(figures / "blank.pdf")
    for name in named:
        (figures / f"{name}.pdf").write_bytes((figures / "blank.pdf").read_bytes())
    made = copy / "generated"
    (made / "tables").mkdir(parents=True)
    for table in re.findall(r"\\geoflowgenerated/tables/(\w+)\.tex", source()):
        (made / "tables" / f"{table}.tex").write_text(LONG if table in BREAKING else TABLE)
    (made / "scale.tex").write_text(rf"\newcommand{{\reportscale}}{{{scale}}}")
    lines = [numbers.PROVENANCE, *(rf"\@namedef{{geoflow@provenance@{n}}}{{rule, commit}}" for n in named)]
    (made / "provenance.tex").write_text("\n".join([*lines, r"\makeatother"]))
    results = re.findall(r"\\result(?:\[\w+\])?\{([^}]*)\}\{([^}]*)\}", source())
    settings = re.findall(r"\\setting\{([^}]*)\}\{([^}]*)\}", source())
    known = sorted({experiment for experiment, _ in results})
    lines = [numbers.MACROS, *(rf"\@namedef{{geoflow@known@{e}}}{{}}" for e in known)]
    for experiment, key in results:
        if f"{experiment}/{key}" != without:
            lines.append(rf"\geoflow@result{{{experiment}/{key}}}" + 4 * r"{\ensuremath{1.23\cdot 10^{-15}}}")
    lines += [rf"\geoflow@setting{{{experiment}/{key}}}{{100}}" for experiment, key in settings]
    (made / "numbers.tex").write_text("\n".join([*lines, r"\makeatother"]))
    return copy


def build(folder: Path) -> Built:
    """Typeset both documents from their archive, with latexmk alone in an empty folder."""
    there = folder / "empty"
    pack(lay_out(folder), folder / "figures", folder / "overleaf.zip")
    with zipfile.ZipFile(folder / "overleaf.zip") as archive:
        archive.extractall(there)
    run = subprocess.run(["latexmk", "-interaction=nonstopmode", "-halt-on-error"], cwd=there, capture_output=True)
    logs = {path.stem: path.read_text(errors="replace") for path in there.glob("*.log")}
    written = there / "main.bbl"
    return Built(run.returncode, logs, written.read_text() if written.exists() else "")


def one_pass(folder: Path, scale: str = "default", without: str = "") -> Built:
    """One run of LaTeX over the report."""
    command = ["pdflatex", "-draftmode", "-interaction=nonstopmode", "-halt-on-error", "main.tex"]
    here, where = lay_out(folder, scale, without), {**os.environ, "TEXINPUTS": f".:{folder}:"}
    run = subprocess.run(command, cwd=here, env=where, capture_output=True)
    return Built(run.returncode, {"main": (here / "main.log").read_text(errors="replace")}, "")
