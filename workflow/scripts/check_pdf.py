"""Compare the PDF of a coursework with its sources, results and figures: `python check_pdf.py FOLDER NAME`.

FOLDER has the files NAME, report/ and figures/ of an archive, and in generated/ the texts that follow from its tables.
If the PDF does not agree with them, the last line says "different: ..." or "not checked: ...", and the exit status is
1. The PDF is untrusted: `geoflow verify` runs this script in a sandbox, where geoflow is not installed.
"""

import logging
import re
import sys
import unicodedata
from hashlib import sha256
from pathlib import Path
from typing import Any

from printed_text import compare, quoted
from pypdf import PdfReader

MEMORY = 800_000_000  # bytes that the parser may allocate
LONGEST = 50_000_000  # bytes of a PDF
PAGES = 300
DRAWN = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")


def check(folder: Path, name: str) -> tuple[str, str]:
    """Return the status, "identical", "different" or "not checked", and the reason."""
    try:
        lines, pictures = read_document(folder / name)
        drawn = {path.stem: read_figure(path) for path in sorted(folder.glob("figures/*.pdf"))}
    except MemoryError:
        return "different", f"it needs more than {MEMORY} bytes of memory"
    except Exception as error:  # pypdf raises many kinds for a damaged file
        return "different", str(error) if isinstance(error, SizeError) else "it is not a readable PDF"
    status, reason = compare(lines, folder, [line for said, _ in drawn.values() for line in said])
    known = {digest: figure for figure, (_, digest) in drawn.items()}
    if lacking := sorted(figure for digest, figure in known.items() if digest not in pictures):
        return "different", f"it does not show the figures {quoted(lacking)}"
    if status == "identical" and not known.keys() >= set(pictures):
        return "not checked", "look at its pictures that are not figures of the archive"
    return status, reason


class SizeError(Exception):
    """A PDF with too many bytes or pages."""


def read_document(path: Path) -> tuple[list[str], list[str]]:
    """Return the lines of text without page numbers, and the SHA-256 of every drawing or image that a page shows."""
    lines: list[str] = []
    pictures = []
    for page in _pages(path):
        said = page.extract_text().splitlines()
        lines += said[:-1] if said and said[-1].strip().isdigit() else said
        shown = {name.decode("latin-1") for name in DRAWN.findall(_content(page))}
        pictures += [sha256(one.get_data()).hexdigest() for name, one in _objects(page) if name in shown]
    return [unicodedata.normalize("NFKC", line).strip() for line in lines], pictures


def read_figure(path: Path) -> tuple[list[str], str]:
    """Return the lines of text of a figure, and the SHA-256 of its drawing instructions, which LaTeX copies."""
    page = _pages(path)[0]
    return page.extract_text().splitlines(), sha256(_content(page)).hexdigest()


def _pages(path: Path) -> list[Any]:
    if path.stat().st_size > LONGEST:
        raise SizeError(f"{path.name} has more than {LONGEST} bytes")
    pages = PdfReader(path).pages
    if len(pages) > PAGES:
        raise SizeError(f"{path.name} has more than {PAGES} pages")
    return list(pages)


def _content(page: Any) -> bytes:
    content = page.get_contents()
    return content.get_data() if content is not None else b""


def _objects(page: Any) -> list[tuple[str, Any]]:
    """The named drawings and images in the resources of a page."""
    resources = page.get("/Resources")
    named = resources.get_object().get("/XObject") if resources is not None else None
    items = named.get_object().items() if named is not None else ()
    return [(str(name).removeprefix("/"), one.get_object()) for name, one in items]


def main(folder: str, name: str) -> int:
    """Print the outcome; returns 0 if the PDF agrees with its sources."""
    import resource

    logging.disable()  # pypdf warns of everything that it repairs
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    status, reason = check(Path(folder), name)
    print(f"{status}: {reason}")
    return int(status != "identical")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
