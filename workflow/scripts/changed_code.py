"""The modules and table entries that differ between a commit and the working tree."""

import subprocess
import tarfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from geoflow.ground import InputError
from geoflow.pipeline.digests import digest_of, reach, words_of


def changed_code(
    modules: Sequence[str], values: Mapping[str, Any], whole: Sequence[str], commit: str
) -> tuple[str, list[str]]:
    """The digest of the code at a commit, and the modules and table entries that differ from the working tree.

    Raises InputError if git does not have the commit.
    """
    asked = ["git", "archive", commit.removesuffix("-dirty"), "src"]
    try:
        archive = subprocess.run(asked, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        raise InputError(f"which module is not known, because git has no commit {commit!r}") from None
    with TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(archive)) as files:
        files.extractall(folder, filter="data")
        old = reach(modules, words_of(values), whole, Path(folder).resolve() / "src")
    new = reach(modules, words_of(values), whole)
    differing = sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return digest_of(old), [f"{name} {_verb(name in old, name in new)}" for name in differing]


def _verb(before: bool, now: bool) -> str:
    return "changed" if before and now else "is new" if now else "is not used any more"


def commit_before(seconds: float) -> str:
    """The last commit before a time in seconds since 1970; empty without git."""
    asked = ["git", "rev-list", "-1", "--abbrev-commit", "--abbrev=12", f"--before={seconds:.0f}", "HEAD"]
    try:
        return subprocess.run(asked, capture_output=True, text=True).stdout.strip()
    except OSError:
        return ""
