"""An archive of the report that builds with latexmk in an empty folder, for Overleaf or a publisher.

Its bytes depend only on the files: names are sorted, and dates and permissions are fixed.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from geoflow.ground import renamed_when_complete

DATE = (1980, 1, 1, 0, 0, 0)
# Each document needs the labels of the other before latexmk starts; without arguments latexmk builds both.
LATEXMKRC = r"""$pdf_mode = 1;
@default_files = ('main.tex', 'supplement.tex');
foreach my $document ('main', 'supplement') {
    next if -e "$document.aux";
    system("pdflatex -draftmode -interaction=batchmode $document.tex") for 1 .. 2;
}
"""


def members(report: Path, figures: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (name, content) of all files that report and supplement read; they leave out figures that do not exist."""
    yield "latexmkrc", LATEXMKRC.encode()
    texts = [*report.glob("*.tex"), *report.glob("sections/**/*.tex")]
    made = [*report.glob("generated/*.tex"), *report.glob("generated/tables/*.tex")]
    for path in [*texts, *made, *report.glob("*.sty"), *report.glob("*.bib")]:
        yield path.relative_to(report).as_posix(), path.read_bytes()
    shown = {name for path in texts for name in re.findall(r"\\geofigure(?:\[[^]]*\])?\{(\w+)\}", path.read_text())}
    for path in filter(Path.exists, (figures / f"{name}.pdf" for name in shown)):
        yield f"figures/{path.name}", path.read_bytes()


def pack(report: Path, figures: Path, out: Path) -> None:
    """Write the archive."""
    with renamed_when_complete(out) as (temporary,), zipfile.ZipFile(temporary, "w") as archive:
        for name, content in sorted(members(report, figures)):
            info = zipfile.ZipInfo(name, DATE)
            info.create_system = 3  # Unix, on every platform
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(info, content)
