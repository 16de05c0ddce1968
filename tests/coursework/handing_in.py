"""What the tests of archives share: the small coursework, and how it is built and tampered with."""

import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from archives.manifest import NAME, Manifest
from archives.outcome import Report
from archives.sandbox import Running
from archives.verify import verify
from build_submission import build, write_archive
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from geoflow.ground import complete

COURSEWORK = """
identifier: me
title: Orders & more
author: Candidate 1
declaration: {text: 'It is mine, 100 %.', accepted: true}
package: report/coursework/own
experiments: [order_pendulum]
figures: [order_pendulum]
"""
EXPERIMENT = """\
# @package _global_
defaults:
  - override /study: convergence/order
study:
  problem: {name: harmonic_oscillator}
  methods: [explicit_midpoint, rk4]
  steps: [256, 512, 1024, 2048]
claims:
  - {name: fourth, text: RK4 has order 4, quantity: gap/rk4, below: 0.1}
"""
# A pipeline that takes no time: what it makes lies among its sources.
PIPELINE = """
rule make:
    input:
        lambda wildcards: "workflow/made/" + wildcards.path.replace("/", "__"),
    output:
        "{path}",
    wildcard_constraints:
        path="(data|figures|report)/.+",
    shell:
        "cp {input} {output}"
"""
RESULTS = "data/results/default/order_pendulum"
TEXT = r"""\begin{document}
Orders of methods, by \courseworkauthor: the gap of RK4
is \result{order_pendulum}{gap/rk4} here, and nothing else was measured.

\geofigure{order_pendulum}{Errors against the step size.}

\input{\geoflowgenerated/tables/claims.tex}
\end{document}
"""


def printed(tree: Path) -> list[str]:
    """What LaTeX would print of TEXT, with the numbers of the tree."""
    generated = tree / "report/generated/coursework"
    numbers, claims = (generated / name for name in ("numbers.tex", "tables/claims.tex"))
    (gap,) = re.findall(r"result\{order_pendulum/gap/rk4\}\{\\ensuremath\{(.*?)\}\}\{", numbers.read_text())
    gap, *rows = (plain(text) for text in (gap, *claims.read_text().splitlines()))
    (origin,) = re.findall(r"order_pendulum\}\{(rule.*)\}", (generated / "provenance.tex").read_text())
    text = f"Orders of methods, by Candidate 1: the gap of RK4 is {gap} here, and nothing else was measured."
    table = [row for row in rows if any(word in row for word in ("holds", "fails", "Verdict"))]
    return [text[:60], text[60:], "Figure 1: Errors against the step size.", origin.replace("\\", ""), *table]


def plain(text: str) -> str:
    text = re.sub(r"10\^\{-(\d+)\}", "10\u2212\\1", text.replace(r"\cdot", " "))
    return re.sub(r"\\[a-z]+|[{}\\&]", "", text)


def write_pdf(path: Path, lines: Sequence[str], figure: Path | None = None) -> None:
    """A PDF of one page with lines of text and, as LaTeX would include it, a figure."""
    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    minus = ArrayObject([NumberObject(127), NameObject("/minus")])
    named[NameObject("/Encoding")] = DictionaryObject({NameObject("/Differences"): minus})
    resources = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): named})})
    shown = "".join(f"({line.replace('(', '').replace(')', '')}) Tj 0 -12 Td\n" for line in lines)
    drawn = ""
    if figure is not None:
        form = DecodedStreamObject()
        form.set_data(PdfReader(figure).pages[0].get_contents().get_data())
        form.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
        resources[NameObject("/XObject")] = DictionaryObject({NameObject("/Im1"): writer._add_object(form)})
        drawn = "q /Im1 Do Q\n"
    content = DecodedStreamObject()
    content.set_data(f"BT /F1 9 Tf 20 780 Td\n{shown}ET\n{drawn}".replace("\u2212", "\x7f").encode())
    page[NameObject("/Resources")] = resources
    page[NameObject("/Contents")] = writer._add_object(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    writer.write(path)


def commit(folder: Path = Path()) -> None:
    """Commit everything in `folder`: what is tracked is what a marker has."""
    who = ("-c", "user.name=marker", "-c", "user.email=marker@example.org")
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-q", "-m", "tree"]):
        subprocess.run(["git", *words], check=True, cwd=folder)


@dataclass(frozen=True)
class Handed:
    """A tree in which an archive is built, the archive, and the clone of the marker."""

    tree: Path
    clone: Path

    @property
    def archive(self) -> Path:
        return self.tree / "submission" / "me.zip"

    def build(self, scale: str = "default") -> Manifest:
        figures = {"order_pendulum": ["digest", "order_pendulum"]}
        return build(Path("config/coursework.yaml"), scale, figures, self.archive)

    def verify(self, level: str = "consistency", **more: Any) -> Report:
        """Verify the archive as a marker with the clone would."""
        return verify(self.archive, level=level, running=Running(clone=self.clone, quiet=True), **more)

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.tree / name).read_text()
        assert old in text
        (self.tree / name).write_text(text.replace(old, new))

    def members(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.archive) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def forge(self, change: Callable[[dict[str, bytes]], object], hashes: bool = True) -> None:
        """Change members of the archive; with `hashes`, write hashes everywhere that agree with them."""
        members = self.members()
        change(members)
        if hashes:
            seal_members(members)
            members[NAME] = manifest_of(members)
        write_archive(self.archive, members)


def seal_members(members: dict[str, bytes]) -> None:
    """Write the complete.json of the results anew, as a forger would."""
    path = f"{RESULTS}/{complete.NAME}"
    if path in members:
        tree = json.loads(members[path])
        data = {name: members.get(f"{RESULTS}/{name}") for name in tree["files"]}
        files = {k: sha256(v).hexdigest() for k, v in data.items() if v is not None}
        sealed = complete.Complete(files, tree["config"], tree["code"])
        members[path] = sealed.text().encode()


def manifest_of(members: Mapping[str, bytes]) -> bytes:
    tree = json.loads(members[NAME])
    tree["files"] = {
        name: {"sha256": sha256(data).hexdigest(), "size": len(data)} for name, data in members.items() if name != NAME
    }
    return json.dumps(tree).encode()
