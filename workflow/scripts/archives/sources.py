"""The sources of a replay: those of the marker's clone, with the text, configuration and package of the archive.

An archive whose own workflow made its results would only prove that it can copy them.
"""

import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterable
from pathlib import Path

from archives.compare import same_bytes
from archives.manifest import Manifest
from geoflow.ground import InputError

TAKEN = ("config/", "coursework/", "report/coursework/")
"""The folders that an archive may change: Python imports nothing from them by chance."""
MADE = (
    "data/results/", "data/raw/", "figures/", "report/generated/", "submission/", "logs/", "benchmarks/",
)  # fmt: skip


def assemble(folder: Path, manifest: Manifest, rebuilt: Path, clone: Path) -> tuple[str, list[str]]:
    """Write the sources of a replay of the archive in `folder` to the new folder `rebuilt`.

    Returns the commit of the clone whose sources were used, and the files of the archive that were not taken
    because they differ from it. No results are copied.
    """
    commit = find_commit(clone, (manifest.commit.removesuffix("-dirty"), manifest.upstream))
    packed = _git(clone, "archive", "--format=tar", commit)
    rebuilt.mkdir(parents=True)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(rebuilt, filter="data")
    differing = []
    for path in sources_of(manifest):
        if not same_bytes(folder / path, rebuilt / path):
            if path.startswith(TAKEN):
                take(path, folder, rebuilt)
            else:
                differing.append(path)
    return commit, differing


def take(path: str, folder: Path, rebuilt: Path) -> None:
    """Copy one file of the archive over the sources."""
    target = rebuilt / path
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / path, target)


def sources_of(manifest: Manifest) -> list[str]:
    """The files of an archive that are not results."""
    return [path for path in manifest.files if not path.startswith(MADE) and path != f"{manifest.identifier}.pdf"]


def find_commit(clone: Path, stated: Iterable[str]) -> str:
    """The first of the stated commits that the clone has, else its current one; raises InputError without git."""
    for commit in (*filter(None, stated), "HEAD"):
        try:
            found = _git(clone, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
            return found.decode().strip()
        except subprocess.CalledProcessError:
            continue
        except OSError:
            break
    raise InputError(f"replay: expected a clone of geoflow with git at {clone}, found none; try a fresh clone.")


def _git(clone: Path, *words: str) -> bytes:
    return subprocess.run(["git", "-C", str(clone), *words], capture_output=True, check=True).stdout
