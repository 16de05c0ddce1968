"""What the verification of a hostile archive does: what it says, writes, leaves behind and needs."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
from archives.sandbox import Running
from attacks import Attack, Members
from build_submission import write_archive
from handing_in import manifest_of, seal_members
from verify_archive import main_verify

from geoflow.ground import GeoflowError

CANARY = "canary-5f2c81"
OUTSIDE = Path("/tmp/geoflow-hostile")
SEEN: list["Seen"] = []


@dataclass
class Seen:
    """Of a verification: exit status, results.json, what it printed, new files, processes, bytes, seconds."""

    name: str
    status: int = -1
    results: str = ""
    printed: str = ""
    written: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    memory: int = 0
    seconds: float = 0.0


def verify_attack(
    attack: Attack, members: Members, clone: Path, running: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> Seen:
    """Run `geoflow verify` on the archive of an attack in the current folder, and see what it does."""
    made = Running(clone=clone, quiet=True, **running)  # type: ignore[arg-type]
    monkeypatch.setattr("verify_archive.Running", lambda *_, **__: made)
    Path("me.zip").write_bytes(archive_of(attack, members))
    seen, before = Seen(attack.name), children()
    with watched(seen):
        try:
            seen.status = main_verify("me.zip", level=attack.level, json="results.json")
        except GeoflowError as error:
            seen.status, seen.printed = 2, str(error)
    seen.left = [name for name in children() if name not in before]
    seen.results = Path("results.json").read_text()
    seen.written = [str(path) for path in Path().rglob("*") if str(path) not in ("me.zip", "results.json", "temporary")]
    seen.written += [str(OUTSIDE)] if OUTSIDE.exists() else []
    SEEN.append(seen)
    return seen


def archive_of(attack: Attack, members: Members) -> bytes:
    if attack.write:
        return attack.write(members)
    assert attack.change
    attack.change(members)
    seal_members(members)
    members["MANIFEST.json"] = manifest_of(members)
    write_archive(Path("me.zip"), members)
    return Path("me.zip").read_bytes()


def children() -> list[str]:
    """The processes below this one that have not ended."""
    found = []
    for one in psutil.Process().children(recursive=True):
        try:
            if one.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{one.pid} {' '.join(one.cmdline())}")
        except psutil.Error:
            continue
    return found


class watched:
    """Measure time, and the largest memory of this process (beyond what it had) and its children."""

    def __init__(self, seen: Seen) -> None:
        self.seen, self.ended = seen, threading.Event()
        self.thread = threading.Thread(target=self.measure)

    def measure(self) -> None:
        me = psutil.Process()
        first = me.memory_info().rss
        while not self.ended.wait(0.1):
            total = me.memory_info().rss - first
            for one in me.children(recursive=True):
                try:
                    total += one.memory_info().rss
                except psutil.Error:
                    continue
            self.seen.memory = max(self.seen.memory, total)

    def __enter__(self) -> None:
        self.began = time.monotonic()
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()
        self.seen.seconds = time.monotonic() - self.began


def summary() -> str:
    """One sentence about all attacks that were tried."""
    counts = [sum(one.status == status for one in SEEN) for status in (2, 1, 0)]
    memory, longest = max(one.memory for one in SEEN) / 1e6, max(one.seconds for one in SEEN)
    return (
        f"{len(SEEN)} attacks: {counts[0]} refused, {counts[1]} found, {counts[2]} without effect; "
        f"{sum(len(one.written) for one in SEEN)} files outside, "
        f"{sum(CANARY in one.results + one.printed for one in SEEN)} with a leak, "
        f"{sum(len(one.left) for one in SEEN)} processes left; at most {memory:.0f} MB and {longest:.1f} s, "
        f"{sum(one.seconds for one in SEEN):.1f} s in all."
    )
