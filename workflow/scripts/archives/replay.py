"""Run the pipeline again with the clone's own workflow and sources, and compare the results with those of an archive.

From the archive come its text, its configuration and its own package (`sources`). The code runs in a sandbox that
cannot read the submitted results (`sandbox`).
"""

import re
import shutil
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from archives import compare
from archives.manifest import Manifest
from archives.outcome import GOOD, Report, Status
from archives.sandbox import Running, require_sandbox, run
from archives.sources import assemble, take
from geoflow.coursework.configuration import GENERATED, RESULTS

CHECK = "replay"
IMAGES = (".pdf", ".png")
LISTED = 8  # files named in a line of the report


def replay(
    folder: Path, manifest: Manifest, rebuilt: Path, report: Report, limits: compare.Tolerance,
    running: Running,
) -> None:  # fmt: skip
    """Rebuild results, figures and generated text of the archive in `folder` and compare each.

    Runs nothing if the archive has code that differs from the clone, unless `running.trust_code` accepts it.
    Raises InputError if there is no sandbox and `running` asks for one.
    """
    require_sandbox(running)
    commit, differing = assemble(folder, manifest, rebuilt, running.clone)
    report.notes.append(f"workflow and sources of the replay: commit {commit[:12]} of {running.clone}.")
    if differing:
        more = f" and {len(differing) - LISTED} more" if len(differing) > LISTED else ""
        named = ", ".join(sorted(differing)[:LISTED]) + more
        if not running.trust_code:
            words = f"{named}: differ from commit {commit[:12]}; read them, then use --trust-code"
            report.add(CHECK, f"{len(differing)} source files", Status.DIFFERENT, words)
            return
        report.notes.append(f"code of the archive that was trusted: {named}.")
        for path in differing:
            take(path, folder, rebuilt)
    changed = other_versions((rebuilt / "requirements.lock").read_text(errors="replace"))
    if changed:
        report.notes.append("versions here differ from requirements.lock: " + ", ".join(changed))
    wanted = targets(manifest)
    snakemake = (sys.executable, "-m", "snakemake", "--cores", str(running.cores), "--keep-going")
    values = (f"scale={manifest.scale}", f"coursework={manifest.coursework}")
    said = run([*snakemake, "--config", *values, "--", *wanted], rebuilt, running)
    if said:
        report.notes.append("the rebuild failed; its last lines:\n  " + "\n  ".join(said))
    outcomes = {path: compare.files(folder / path, rebuilt / path, limits) for path in wanted}
    inexact = any(status is Status.WITHIN for status, _ in outcomes.values())
    consistent = {line.what for line in report.lines if line.status is Status.IDENTICAL and line.check != CHECK}
    for path, (status, detail) in outcomes.items():
        if status is Status.DIFFERENT and path in consistent and path.endswith((".pdf", ".tex")[: 1 + inexact]):
            status, detail = Status.WITHIN, "other bytes; it follows from tables that agree"
        report.add(CHECK, path, status, detail)
    claims, _ = outcomes[f"{GENERATED}/tables/claims.tex"]
    for name in manifest.experiments if claims in GOOD else ():
        made, _ = outcomes[f"{RESULTS}/{manifest.scale}/{name}/config.json"]
        if made in GOOD:
            report.add(CHECK, f"values and claims of {name}", made, "as the rebuild composes them")
    _pdf(folder, manifest, rebuilt, report, running)


def other_versions(lock: str) -> list[str]:
    """Packages pinned in the text of a lock file that are installed in a different version."""
    changed = []
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)", lock, re.M):
        with suppress(metadata.PackageNotFoundError):
            here = metadata.version(name)
            if here.partition("+")[0] != version.partition("+")[0]:
                changed.append(f"{name} {version} -> {here}")
    return changed


def targets(manifest: Manifest) -> list[str]:
    """Targets of the rebuild: all results and images, and the texts that do not contain the commit of the run."""
    results = [f"{RESULTS}/{manifest.scale}/{name}/config.json" for name in sorted(manifest.experiments)]
    for name in sorted(manifest.experiments):
        inside = RESULTS / manifest.scale / name
        results += [p for p in sorted(manifest.files) if p.endswith(".parquet") and Path(p).parent == inside]
    figures = [f"figures/{n}{suffix}" for n in sorted(manifest.figures) for suffix in IMAGES]
    texts = [f"{GENERATED}/{name}" for name in ("numbers.tex", "tables/claims.tex", "tables/orders.tex")]
    return results + figures + texts


def _pdf(folder: Path, manifest: Manifest, rebuilt: Path, report: Report, running: Running) -> None:
    """Typeset the text again with the submitted figures and numbers."""
    name = f"{manifest.identifier}.pdf"
    if name not in manifest.files:
        report.add(CHECK, name, Status.MISSING, "it is not in the archive")
        return
    if not shutil.which("latexmk"):
        report.add(CHECK, name, Status.UNCHECKED, "latexmk is not installed")
        return
    # The rebuild is over, so the submitted texts and figures, which were compared with it, may come back: rebuilt ones
    # name another commit, and the bytes of the PDF would differ.
    for path in manifest.files:
        if path.startswith(("figures/", f"{GENERATED}/")):
            take(path, folder, rebuilt)
    again = rebuilt / name
    script = ["bash", "workflow/scripts/latex.sh", "report/coursework/main.tex", str(again)]
    said = run(script, rebuilt, running)
    if said:
        report.notes.append("LaTeX failed; its last lines:\n  " + "\n  ".join(said))
    status, detail = compare.files(folder / name, again, compare.Tolerance())
    agrees = (name, Status.IDENTICAL) in [(line.what, line.status) for line in report.lines]
    if status is Status.DIFFERENT and agrees:
        status, detail = Status.WITHIN, "other bytes, which depend on the version of LaTeX; its words were compared"
    report.add(CHECK, name, status, detail)
