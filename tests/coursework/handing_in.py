"""What the tests of archives share: the small coursework, and how it is built and tampered with."""

import json
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from build_submission import build, write_archive

from geoflow.coursework.manifest import NAME, Manifest
from geoflow.coursework.outcome import Report
from geoflow.coursework.sandbox import Running
from geoflow.coursework.verify import verify
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

    def verify(self, level: str = "consistency") -> Report:
        """Verify the archive as a marker with the clone would."""
        return verify(self.archive, level=level, running=Running(clone=self.clone, quiet=True))

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
