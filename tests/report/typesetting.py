"""The report with made-up numbers: every macro that the sections ask for is defined here."""

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from geoflow.pipeline import numbers

REPORT = Path(__file__).resolve().parents[2] / "report"
SECTIONS = sorted((REPORT / "sections").rglob("*.tex"))
TABLE = r"\begin{longtable}{lrrl}\toprule a & b & c & d \\ \midrule a & 1 & 2 & x \\ \bottomrule\end{longtable}"


def source() -> str:
    """All LaTeX of the report, without comments."""
    text = "\n".join(path.read_text() for path in [REPORT / "main.tex", *SECTIONS])
    return re.sub(r"(?<!\\)%.*", "", text)


@dataclass(frozen=True)
class Built:
    """A typeset report: exit status and log of LaTeX, and what BibTeX wrote."""

    status: int
    log: str
    bibliography: str


def build(folder: Path, scale: str = "default", without: str = "") -> Built:
    """Typeset a copy of the report; `without` leaves one `experiment/key` undefined."""
    copy = folder / "report"
    figures = copy / "figures"
    shutil.copytree(REPORT, copy, ignore=shutil.ignore_patterns("generated", "coursework", "*.pdf"))
    figures.mkdir()
    named = sorted(set(re.findall(r"\\geofigure(?:\[\w+\])?\{(\w+)\}", source())))
    blank = Figure(figsize=(6.3, 2.5))
    for name in named:
        blank.savefig(figures / f"{name}.pdf")
    made = copy / "generated"
    (made / "tables").mkdir(parents=True)
    for table in re.findall(r"\\geoflowgenerated/tables/(\w+)\.tex", source()):
        (made / "tables" / f"{table}.tex").write_text(TABLE)
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
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "main.tex"]
    run = subprocess.run(command, cwd=copy, capture_output=True)
    log = (copy / "main.log").read_text(errors="replace")
    written = copy / "main.bbl"
    return Built(run.returncode, log, written.read_text() if written.exists() else "")
