"""Run the pipeline of an archive again in a separate folder, and compare the results.

This runs the code in the archive with the permissions of the user: use a container or a throw-away
account for archives from unknown people.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from threading import Timer

from geoflow.coursework import compare
from geoflow.coursework.manifest import Manifest
from geoflow.coursework.outcome import Report, Status
from geoflow.coursework.settings import GENERATED, RESULTS

CHECK = "replay"
MADE = (
    "data/results/", "data/raw/", "figures/", "report/generated/", "submission/", "logs/",
    "benchmarks/",
)  # fmt: skip
SHOWN = 12
IMAGES = (".pdf", ".png")


@dataclass(frozen=True)
class Running:
    """Settings of a replay: the interpreter, whose environment is used; number of cores; time limit per
    command in seconds (None: no limit); whether to hide its output.
    """

    python: str = sys.executable
    cores: int = 1
    timeout: float | None = None
    quiet: bool = False


def replay(
    folder: Path, manifest: Manifest, rebuilt: Path, report: Report, limits: compare.Tolerance,
    running: Running,
) -> None:  # fmt: skip
    """Rebuild results, figures and generated text of the archive in `folder` and compare each.

    Only sources are copied to the new folder `rebuilt`, so that submitted results cannot be taken for rebuilt ones.
    """
    for path in manifest.files:
        if not path.startswith(MADE) and path != f"{manifest.identifier}.pdf":
            target = rebuilt / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / path, target)
    changed = other_versions((folder / "requirements.lock").read_text(errors="replace"))
    if changed:
        report.notes.append("versions here differ from requirements.lock: " + ", ".join(changed))
    wanted = targets(manifest)
    snakemake = (running.python, "-m", "snakemake", "--cores", str(running.cores), "--keep-going")
    values = (f"scale={manifest.scale}", f"coursework={manifest.coursework}")
    said = run([*snakemake, "--config", *values, "--", *wanted], rebuilt, running)
    if said:
        report.notes.append("the rebuild failed; its last lines:\n  " + "\n  ".join(said))
    outcomes = {path: compare.files(folder / path, rebuilt / path, limits) for path in wanted}
    inexact = any(status is Status.WITHIN for status, _ in outcomes.values())
    for path, (status, detail) in outcomes.items():
        if path.endswith(".tex") and status is Status.DIFFERENT and inexact:
            status, detail = Status.UNCHECKED, "last digits follow tables that are within tolerance"
        report.add(CHECK, path, status, detail)
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


def run(command: Sequence[str], folder: Path, running: Running) -> list[str]:
    """Run a command in `folder`; returns its last lines if it fails or exceeds the time limit, else an empty list.

    Its output is written to stderr unless hidden. At the end all its child processes are killed.
    """
    try:
        process = subprocess.Popen(
            command, cwd=folder, env=_environment(folder), stdin=subprocess.DEVNULL, text=True,
            errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        return [f"{command[0]}: {error.strerror}"]
    expired: list[str] = []

    def expire() -> None:
        expired.append(f"it was stopped at the time limit of {running.timeout:g} s")
        _end(process)

    timer = Timer(running.timeout, expire) if running.timeout else None
    last: deque[str] = deque(maxlen=SHOWN)
    try:
        if timer:
            timer.start()
        assert process.stdout is not None
        for line in process.stdout:
            last.append(line.rstrip())
            if not running.quiet:
                print("".join(c if c.isprintable() else "?" for c in line.rstrip()), file=sys.stderr)
        status = process.wait()
    finally:
        if timer:
            timer.cancel()
        _end(process)
    return [*last, *expired] if status or expired else []


def _end(process: "subprocess.Popen[str]") -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)  # all processes of the session that was started for it


def _environment(folder: Path) -> Mapping[str, str]:
    """The caller's environment without variables that would replace the sources in `folder`."""
    away = ("PYTHONPATH", "GIT_DIR", "GIT_WORK_TREE")
    kept = {k: v for k, v in os.environ.items() if k not in away}
    # A repository that contains the folder must not provide the commit of the results.
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "GIT_CEILING_DIRECTORIES": str(folder.parent)}


def _pdf(folder: Path, manifest: Manifest, rebuilt: Path, report: Report, running: Running) -> None:
    """Typeset the text again with the submitted figures and numbers."""
    name = f"{manifest.identifier}.pdf"
    if name not in manifest.files:
        report.add(CHECK, name, Status.MISSING, "it is not in the archive")
        return
    if not shutil.which("latexmk"):
        report.add(CHECK, name, Status.UNCHECKED, "latexmk is not installed")
        return
    again = rebuilt / name
    script = ["bash", "workflow/scripts/latex.sh", "report/coursework/main.tex", str(again)]
    said = run(script, folder, running)
    if said:
        report.notes.append("LaTeX failed; its last lines:\n  " + "\n  ".join(said))
    if not again.exists():
        report.add(CHECK, name, Status.MISSING, "LaTeX did not produce it")
    elif again.read_bytes() == (folder / name).read_bytes():
        report.add(CHECK, name, Status.IDENTICAL)
    else:
        report.add(CHECK, name, *compare.texts(folder / name, again))
