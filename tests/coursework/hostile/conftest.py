"""A valid archive for every attack, and the summary of all attacks."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from attacks import Attack, Members
from handing_in import Handed
from harness import CANARY, SEEN, Seen, summary, verify_attack


@pytest.fixture(scope="session")
def valid(computed: Path, tmp_path_factory: pytest.TempPathFactory) -> Members:
    """The members of an archive that holds, built in a copy of the tree."""
    tree, here = tmp_path_factory.mktemp("valid") / "tree", Path.cwd()
    shutil.copytree(computed, tree)
    os.chdir(tree)
    try:
        handed = Handed(tree, computed)
        handed.build()
        return handed.members()
    finally:
        os.chdir(here)


@pytest.fixture
def attacked(
    valid: Members, computed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Seen]:
    """Verify the archive of an attack in an empty folder, with a secret in the environment."""
    monkeypatch.setenv("GEOFLOW_CANARY", CANARY)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "temporary").mkdir()

    def verify(attack: Attack, **running: object) -> Seen:
        seen = verify_attack(attack, dict(valid), computed, running, monkeypatch)
        seen.printed += "".join(capfd.readouterr())
        return seen

    return verify


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    if SEEN:
        terminalreporter.section("hostile archives")
        terminalreporter.line(summary())
    return (yield)
