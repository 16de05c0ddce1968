"""Collect the source files of an archive and compare them with git.

The archive is self-contained: it includes all files that the pipeline needs, tracked or not. It excludes hidden files,
links, caches and the output of the pipeline.
"""

import hashlib
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from geoflow.coursework.paths import path_fault
from geoflow.ground import InputError
from geoflow.pipeline.source import short_sha256

ROOTS = (
    "Snakefile", "Makefile", "README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md",
    "pyproject.toml", "requirements.in", "requirements.lock", "config", "src", "workflow", "report",
    "tests", "docs", "data/reference",
)  # fmt: skip
NEEDED = ("Snakefile", "requirements.lock", "config", "src", "workflow", "report")
MADE_FOLDERS = {"__pycache__", "generated"}
MADE_SUFFIXES = (
    ".pyc", ".egg-info", ".aux", ".bbl", ".blg", ".fdb_latexmk", ".fls", ".log", ".out", ".toc",
    ".synctex.gz", ".part", "~",
)  # fmt: skip
LARGEST = 20_000_000


def sources(*extra: str) -> list[str]:
    """Paths of all source files, sorted; `extra` are additional files or folders.

    Raises InputError if the tree lacks a required part, or has a file that is too large or has a name that is not
    valid on every file system.
    """
    for name in (*NEEDED, *extra):
        if not Path(name).exists():
            raise InputError(f"the tree lacks {name}, which a submission needs; run from its root.")
    found = sorted({path for root in (*ROOTS, *extra) if root for path in _files(Path(root))})
    for path in found:
        fault = path_fault(path)
        if fault:
            raise InputError(f"the file {path!r} {fault}; rename or remove it.")
        size = Path(path).stat().st_size
        if size > LARGEST:
            raise InputError(
                f"the file {path} has {size} bytes, too many for a submission ({LARGEST}); put "
                "data into a folder without source files, e.g. data/raw."
            )
    return found


def _files(path: Path) -> Iterator[str]:
    made = path.name in MADE_FOLDERS or path.name.endswith(MADE_SUFFIXES)
    pdf_of_report = path.parent == Path("report") and path.suffix == ".pdf"
    if path.is_symlink() or path.name.startswith(".") or made or pdf_of_report:
        return
    if path.is_dir():
        for child in path.iterdir():
            yield from _files(child)
    elif path.is_file():
        yield path.as_posix()


def fingerprint(paths: Sequence[str]) -> str:
    """One digest of the names and bytes of files, by which Snakemake detects that any of them changed."""
    hashes = [hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in paths]
    return short_sha256("\n".join(f"{path} {one}" for path, one in zip(paths, hashes, strict=True)))


def code_digest(paths: Sequence[str]) -> str:
    """The digest of the Python modules under src/."""
    return fingerprint([path for path in paths if path.startswith("src/") and path.endswith(".py")])


def list_altered(paths: Sequence[str]) -> list[str]:
    """Those of `paths` that differ from the current commit; empty without git."""
    try:
        return sorted(_changed("HEAD").intersection(paths))
    except (OSError, subprocess.CalledProcessError):
        return []


def own(paths: Sequence[str], package: str, upstream: str) -> list[str]:
    """The student's own files: those in `package`, and those that differ from the commit `upstream`."""
    found = {path for path in paths if package and path.startswith(package.rstrip("/") + "/")}
    if upstream:
        try:
            found |= _changed(upstream)
        except (OSError, subprocess.CalledProcessError):
            raise InputError(
                f"upstream: expected a commit of this repository, got {upstream!r}; see git log."
            ) from None
    return sorted(found.intersection(paths))


def _changed(commit: str) -> set[str]:
    """Files that differ from `commit`, and untracked files."""
    return _git("diff", "--name-only", "-z", "--end-of-options", commit, "--") | _git(
        "ls-files", "--others", "--exclude-standard", "-z"
    )


def _git(*arguments: str) -> set[str]:
    # --relative paths: the tree may be a folder of a larger repository.
    command = ["git", "-c", "diff.relative=true", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(filter(None, done.stdout.split("\0")))
