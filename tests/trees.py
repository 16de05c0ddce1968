"""A clean copy of the tracked tree, in which Snakemake runs as a user would run it."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
REMEMBERED = Path(".snakemake") / "geoflow"
COMPOSE = """
from composed import experiments
from geoflow.pipeline.run import code
for scale in ("smoke", "default", "paper"):
    for one in experiments(scale).values():
        code(f"{one.stage}/{one.study}", one.values)
"""


@cache
def compose_once() -> Path:
    """The folder in which the project remembers the composed experiments of all scales and the parsed sources.

    Composing them takes longer than most tests, so the first worker does it for all of them and for all copies. What
    is remembered is found by the content of its files: an edited copy composes what was edited again.
    """
    folder = REPOSITORY / REMEMBERED
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "tests.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        environment = os.environ | {"PYTHONPATH": f"{REPOSITORY / 'src'}:{REPOSITORY / 'workflow/scripts'}"}
        subprocess.run([sys.executable, "-c", COMPOSE], cwd=REPOSITORY, env=environment)
    return folder


@dataclass(frozen=True)
class Tree:
    """A copy of the project; `snakemake` runs in it, with this environment and its own sources."""

    path: Path

    def snakemake(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `snakemake *words`; stdout and stderr together are in `.stdout`."""
        command = [sys.executable, "-m", "snakemake", *words]
        return self.run(command, **environment)

    def run(self, command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHONPATH", "PYTEST"))}
        return subprocess.run(
            command,
            cwd=self.path,
            env=kept | {"PYTHONPATH": str(self.path / "src")} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def planned(self, *words: str) -> set[str]:
        """What a dry run would do: `rule` or `rule experiment`, without `all`."""
        dry = self.snakemake("-n", *words)
        assert dry.returncode == 0, dry.stdout
        # The rules of a group are indented below it.
        block = r"^ *(?:local)?rule (\w+):$(.*?)(?=^ *(?:local)?rule |^\[|\Z)"
        jobs = re.findall(block, dry.stdout, re.M | re.S)
        named = [(rule, re.search(r"experiment=(\w+)", body)) for rule, body in jobs]
        return {f"{r} {e[1]}" if e else r for r, e in named if r != "all"}

    def read(self, name: str) -> str:
        return (self.path / name).read_text()

    def write(self, name: str, text: str) -> None:
        (self.path / name).parent.mkdir(parents=True, exist_ok=True)
        (self.path / name).write_text(text)

    @contextmanager
    def edited(self, name: str, old: str, new: str) -> Iterator[None]:
        """The file `name` with `old` replaced once, and restored at the end."""
        text = self.read(name)
        assert old in text, f"{name} has no {old!r}"
        self.write(name, text.replace(old, new, 1))
        try:
            yield
        finally:
            self.write(name, text)

    def bytes_of(self, *patterns: str) -> dict[str, bytes]:
        found = sorted(path for pattern in patterns for path in self.path.glob(pattern))
        return {str(path.relative_to(self.path)): path.read_bytes() for path in found}


def clean_copy(target: Path) -> Tree:
    """The tracked files, as they are in the working tree, and no git: what a download gives, and what is remembered."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        source, copy = REPOSITORY / name, target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink():
            copy.symlink_to(os.readlink(source))
        elif source.exists():
            shutil.copy2(source, copy)
    (target / REMEMBERED).mkdir(parents=True)
    for path in compose_once().glob("*.json"):
        shutil.copy2(path, target / REMEMBERED)
    return Tree(target)


def small_copy(target: Path) -> Tree:
    """A clean copy with one quick experiment, harmonic_oscillator."""
    tree = clean_copy(target)
    for path in (tree.path / "config" / "experiment").rglob("*.yaml"):
        if path.stem != "harmonic_oscillator":
            path.unlink()
    return tree
